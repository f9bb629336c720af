using System.CommandLine;
using Forecast.Backtest.Engine;
using Forecast.Cli.Output;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Hosting;
using Forecast.Models.Catalogue;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast predict DATA --model M --horizon h</c>: fits on all rows and forecasts what follows.</summary>
internal static class PredictCommand
{
    public static Command Create(ModelCatalogue catalogue)
    {
        var data = new DataOptionSet();
        var transforms = new ModelOptionSet();
        var device = new DeviceOption();
        var model = new Option<string>("--model", "-m") { Description = "Model string", Required = true };
        var horizon = new Option<int>("--horizon") { Description = "Steps ahead", Required = true };
        var levels = new Option<string>("--levels") { Description = "Quantile levels, ascending, or none", DefaultValueFactory = _ => "0.1,0.5,0.9" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of fit and simulation", DefaultValueFactory = _ => 1 };
        var workers = new WorkersOption();
        var json = new Option<bool>("--json") { Description = "The forecasts as JSON" };
        var command = new Command("predict", "Fit a model and forecast the steps after the data");
        data.AddTo(command);
        transforms.AddTo(command);
        foreach (var option in new Option[] { model, horizon, levels, seed, json }) command.Add(option);
        workers.AddTo(command);
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = transforms.Apply(parsed.GetValue(model)!, parsed);
            var forecaster = catalogue.Create(name);
            var place = device.Resolve(parsed);
            var engine = forecaster.EngineOn(place);
            var task = new ForecastTask(parsed.GetValue(horizon), Values.Levels(parsed.GetValue(levels)!)).Validated();
            var panel = await data.ReadAsync(parsed, cancellation);
            var cutoff = Horizons.LastKnown(panel);
            var root = parsed.GetValue(seed);
            var context = new FitContext(Seeds.Derive(root, name, "fit")) { Device = place, Training = new TrainingLines(), Cancellation = cancellation };
            var options = new BatchOptions { Degree = workers.Degree(parsed, engine), Cancellation = cancellation };
            var forecasts = SeriesProgressBar.Watch(panel.Series.Count, bar => PanelForecasts.Predict(
                panel, cutoff, forecaster, task, context, Seeds.Derive(root, name, "predict"), options with { SeriesDone = bar }, (s, law) => Answer(s.Id, s.Unit, law, task, panel.Frequency, name))).Require();
            var failures = Failures.Of(forecasts);
            var answers = forecasts.Values.Select(f => f.Value).ToArray();
            if (parsed.GetValue(json)) Json.Print(new { model = name, frequency = panel.Frequency.Code, horizon = task.Horizon, levels = task.Levels, dataHash = panel.DataHash, series = answers, failures });
            else Print(answers, failures);
            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static SeriesAnswer Answer(string id, string? unit, PredictiveDistribution law, ForecastTask task, Frequency frequency, string model) => new(
        id,
        unit,
        [.. law.Timestamps.Select(frequency.Format)],
        [.. Enumerable.Range(1, law.Horizon).Select(h => law.Mean(h))],
        task.Levels.ToDictionary(l => l.ToString("R"), l => Enumerable.Range(1, law.Horizon).Select(h => law.Quantile(h, l, model)).ToArray(), StringComparer.Ordinal),
        law.Repairs);

    private static void Print(IReadOnlyList<SeriesAnswer> answers, IReadOnlyList<Failure> failures)
    {
        foreach (var answer in answers)
        {
            var table = Terminal.Table([answer.Id, "mean", .. answer.Quantiles.Keys]);
            for (var h = 0; h < answer.Mean.Length; h++)
                table.AddRow([answer.Timestamps[h], Terminal.Number(answer.Mean[h]), .. answer.Quantiles.Values.Select(q => Terminal.Number(q[h]))]);
            Terminal.Out.Write(table);
        }

        Failures.Print(failures);
    }

    private sealed record SeriesAnswer(string Id, string? Unit, string[] Timestamps, double[] Mean, Dictionary<string, double[]> Quantiles, int Repairs);
}
