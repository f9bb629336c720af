using System.CommandLine;
using Forecast.Cli.Output;
using Forecast.Models.Catalogue;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast models</c>: the zoo with its options.</summary>
internal static class ModelsCommand
{
    public static Command Create(ModelCatalogue catalogue)
    {
        var json = new Option<bool>("--json") { Description = "JSON with a JSON Schema of each model's options" };
        var command = new Command("models", "List the models and their options") { json };
        command.SetAction(parsed =>
        {
            var models = catalogue.Models;
            if (parsed.GetValue(json))
            {
                Json.Print(new { models = models.Select(m => new { m.Name, m.Summary, m.Usage, m.Example, options = m.OptionsJsonSchema() }) });
                return 0;
            }

            foreach (var m in models)
            {
                Terminal.Out.MarkupLineInterpolated($"[bold]{m.Usage}[/]");
                Terminal.Out.MarkupLineInterpolated($"  {m.Summary}");
                Terminal.Out.MarkupLineInterpolated($"  example: {m.Example}");
            }

            Terminal.Out.WriteLine("Every model also takes " + string.Join(" and ", CommonOptions.All.Select(o => $"{{{o.Name}: ...}}")) + ".");
            return 0;
        });
        return command;
    }
}
