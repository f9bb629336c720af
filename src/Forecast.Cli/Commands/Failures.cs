using Forecast.Backtest.Engine;
using Forecast.Cli.Output;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary>A series that did not work, beside those that did.</summary>
internal sealed record Failure(string Series, string Code, string Message);

internal static class Failures
{
    /// <summary>Series that did not work, each with its own error, by id.</summary>
    public static IReadOnlyList<Failure> Of<T>(BatchOutcome<T> outcome) =>
        [.. outcome.Failures.OrderBy(f => f.Series, StringComparer.Ordinal).Select(f => new Failure(f.Series, f.Failure.Code, f.Failure.Message))];

    public static void Print(IReadOnlyList<Failure> failures)
    {
        foreach (var failure in failures) Terminal.Error.MarkupLineInterpolated($"[red]failed:[/] {failure.Message}");
    }
}
