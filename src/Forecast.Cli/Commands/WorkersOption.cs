using System.CommandLine;

namespace Forecast.Cli.Commands;

/// <summary><c>--workers N</c> of the verbs that work on a panel at once.</summary>
internal sealed class WorkersOption
{
    private readonly Option<int?> _workers = new("--workers") { Description = "Series worked on at once; default the processors. Changes no number" };

    public void AddTo(Command command) => command.Add(_workers);

    /// <summary>As asked; else one where a tensor engine computes, which has threads of its own, and the processors elsewhere.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="engine">The tensor engine of the model; null = none.</param>
    public int Degree(ParseResult parsed, string? engine) => parsed.GetValue(_workers) ?? (engine is null ? Environment.ProcessorCount : 1);
}
