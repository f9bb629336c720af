using System.CommandLine;
using Forecast.Backtest.Engine;
using Forecast.Cli.Output;
using Forecast.Core.Forecasting;
using Forecast.Hosting;
using Forecast.Models.Catalogue;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast fit DATA --model M</c>: estimates on all rows, and what R's summary would print.</summary>
internal static class FitCommand
{
    public static Command Create(ModelCatalogue catalogue)
    {
        var data = new DataOptionSet();
        var transforms = new ModelOptionSet();
        var device = new DeviceOption();
        var model = new Option<string>("--model", "-m") { Description = "Model string, as arima(0,1,1)(0,1,1)[12]", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "Seed of what is random in the fit", DefaultValueFactory = _ => 1 };
        var workers = new WorkersOption();
        var json = new Option<bool>("--json") { Description = "Parameters, standard errors, criteria and paths as JSON" };
        var command = new Command("fit", "Fit a model and print its estimates");
        data.AddTo(command);
        transforms.AddTo(command);
        command.Add(model);
        command.Add(seed);
        workers.AddTo(command);
        device.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = transforms.Apply(parsed.GetValue(model)!, parsed);
            var forecaster = catalogue.Create(name);
            var place = device.Resolve(parsed);
            var engine = forecaster.EngineOn(place);
            var panel = await data.ReadAsync(parsed, cancellation);
            var context = new FitContext(parsed.GetValue(seed)) { Device = place, Training = new TrainingLines(), Cancellation = cancellation };
            var options = new BatchOptions { Degree = workers.Degree(parsed, engine), Cancellation = cancellation };
            var fits = SeriesProgressBar.Watch(panel.Series.Count, bar =>
                PanelForecasts.Fit(panel, Horizons.LastKnown(panel), forecaster, new ForecastTask(1, ForecastTask.DefaultLevels), context, options with { SeriesDone = bar })).Require();
            var failures = Failures.Of(fits);
            if (parsed.GetValue(json))
            {
                Json.Print(new
                {
                    model = name,
                    engine,
                    dataHash = panel.DataHash,
                    series = fits.Values.Select(f => Describe(f.Series, f.Value)),
                    failures,
                });
            }
            else
            {
                foreach (var (series, summary) in fits.Values) Print(name, series, summary);
                Failures.Print(failures);
            }

            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Dictionary<string, object> Describe(string id, FitSummary summary)
    {
        var described = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = id,
            ["parameters"] = summary.Parameters,
            ["stdErrors"] = summary.StdErrors,
            ["observations"] = summary.Observations,
            ["converged"] = summary.Converged,
            ["notes"] = summary.Notes,
        };
        foreach (var (name, value) in summary.Criteria) described[name] = value;
        foreach (var (name, path) in summary.Paths) described[name] = path;
        return described;
    }

    private static void Print(string model, string id, FitSummary summary)
    {
        Terminal.Out.WriteLine($"{model} on {id}: {summary.Observations} observations");
        var kinds = summary.StdErrors.Keys.ToArray();
        if (summary.Parameters.Count > 0)
        {
            var table = Terminal.Table(["parameter", "estimate", .. kinds.Select(k => $"s.e. ({k})")]);
            foreach (var (name, value) in summary.Parameters)
                table.AddRow([Markup.Escape(name), Terminal.Number(value), .. kinds.Select(k => summary.StdErrors[k].TryGetValue(name, out var se) ? Terminal.Number(se) : "-")]);
            Terminal.Out.Write(table);
        }

        if (summary.Criteria.Count > 0) Terminal.Out.WriteLine(string.Join("   ", summary.Criteria.Select(c => $"{c.Key} {Terminal.Number(c.Value)}")));
        if (!summary.Converged) Terminal.Out.WriteLine("NOT CONVERGED");
        foreach (var note in summary.Notes) Terminal.Out.WriteLine($"note: {note}");
        Terminal.Out.WriteLine();
    }
}
