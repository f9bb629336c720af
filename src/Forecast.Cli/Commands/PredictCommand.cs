using System.CommandLine;
using System.Text.Json.Serialization;
using Forecast.Backtest.Engine;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Hosting;
using Forecast.Models.Catalogue;
using Spectre.Console;
using Panel = Forecast.Core.Data.Panel;

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
        var parts = new Option<int?>("--series-at-a-time") { Description = "Read, forecast and write so many series of a long file at a time, in memory that does not grow with it; --json then writes a line of JSON a series" };
        var note = new Option<string[]>("--note") { Description = "What is known in words about the steps to be forecast (\"holiday next Monday, demand halves\"), for models that read words; may be repeated" };
        var json = new Option<bool>("--json") { Description = "The forecasts as JSON" };
        var command = new Command("predict", "Fit a model and forecast the steps after the data");
        data.AddTo(command);
        transforms.AddTo(command);
        foreach (var option in new Option[] { model, horizon, levels, seed, note, parts, json }) command.Add(option);
        workers.AddTo(command);
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = transforms.Apply(parsed.GetValue(model)!, parsed);
            var forecaster = catalogue.Create(name);
            var place = device.Resolve(parsed);
            var engine = forecaster.EngineOn(place);
            var task = new ForecastTask(parsed.GetValue(horizon), Values.Levels(parsed.GetValue(levels)!)).Validated();
            var root = parsed.GetValue(seed);
            var context = new FitContext(Seeds.Derive(root, name, "fit")) { Device = place, Training = new TrainingLines(), Cancellation = cancellation };
            var options = new BatchOptions { Degree = workers.Degree(parsed, engine), Cancellation = cancellation };
            BatchOutcome<SeriesAnswer> Forecast(Panel panel, IProgress<int>? bar) => PanelForecasts.Predict(
                panel, Horizons.LastKnown(panel), forecaster, task, context, Seeds.Derive(root, name, "predict"), options with { SeriesDone = bar }, (s, law, without) => Answer(s.Id, s.Unit, law, without, task, panel.Frequency, name));
            if (parsed.GetValue(parts) is { } most)
            {
                if (most < 1) throw new ForecastException("series-at-a-time-invalid", $"series-at-a-time is {most}; it must be at least 1", "series-at-a-time");
                if (parsed.GetValue(note) is { Length: > 0 }) throw new ForecastException("series-at-a-time-invalid", "notes belong to models that learn from all series together; leave --note or --series-at-a-time out", "note");
                if (forecaster.LearnsAcrossSeries) throw new ForecastException("series-at-a-time-invalid", $"model '{name}' learns from all series together; it cannot forecast some at a time", "series-at-a-time");
                return InParts(data.ReadParts(parsed, most, cancellation), panel => Forecast(panel, null), parsed.GetValue(json));
            }

            var plain = await data.ReadAsync(parsed, cancellation);
            var panel = plain.WithNotesAhead(parsed.GetValue(note) ?? [], Horizons.LastKnown(plain), task.Horizon);
            var forecasts = SeriesProgressBar.Watch(panel.Series.Count, bar => Forecast(panel, bar)).Require();
            var failures = Failures.Of(forecasts);
            var answers = forecasts.Values.Select(f => f.Value).ToArray();
            if (parsed.GetValue(json)) Json.Print(new { model = name, frequency = panel.Frequency.Code, horizon = task.Horizon, levels = task.Levels, dataHash = panel.DataHash, series = answers, failures });
            else Print(answers, failures);
            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>Forecasts part after part and keeps none of them.</summary>
    private static int InParts(IEnumerable<Panel> parts, Func<Panel, BatchOutcome<SeriesAnswer>> forecast, bool json)
    {
        var (done, failed) = (0, 0);
        var lines = new SeriesLines();
        foreach (var panel in parts)
        {
            var outcome = forecast(panel);
            var failures = Failures.Of(outcome);
            if (json)
            {
                foreach (var answer in outcome.Values) Json.PrintLine(answer.Value);
                foreach (var failure in failures) Json.PrintLine(new { id = failure.Series, error = new { failure.Code, failure.Message } });
            }
            else
            {
                Print([.. outcome.Values.Select(f => f.Value)], failures);
            }

            (done, failed) = (done + panel.Series.Count, failed + failures.Count);
            lines.Report(done);
        }

        return failed == 0 ? 0 : 1;
    }

    private static SeriesAnswer Answer(string id, string? unit, PredictiveDistribution law, PredictiveDistribution? without, ForecastTask task, Frequency frequency, string model) => new(
        id,
        unit,
        [.. law.Timestamps.Select(frequency.Format)],
        Means(law),
        Quantiles(law, task, model),
        law.Repairs)
    {
        WithoutNotes = without is null ? null : new PlainForecast(Means(without), Quantiles(without, task, model)),
    };

    private static double[] Means(PredictiveDistribution law) => [.. Enumerable.Range(1, law.Horizon).Select(h => law.Mean(h))];

    private static Dictionary<string, double[]> Quantiles(PredictiveDistribution law, ForecastTask task, string model) =>
        task.Levels.ToDictionary(l => l.ToString("R"), l => Enumerable.Range(1, law.Horizon).Select(h => law.Quantile(h, l, model)).ToArray(), StringComparer.Ordinal);

    private static void Print(IReadOnlyList<SeriesAnswer> answers, IReadOnlyList<Failure> failures)
    {
        foreach (var answer in answers)
        {
            var without = answer.WithoutNotes?.Mean;
            var table = Terminal.Table([answer.Id, "mean", .. answer.Quantiles.Keys, .. without is null ? Array.Empty<string>() : ["mean without notes"]]);
            for (var h = 0; h < answer.Mean.Length; h++)
                table.AddRow([answer.Timestamps[h], Terminal.Number(answer.Mean[h]), .. answer.Quantiles.Values.Select(q => Terminal.Number(q[h])), .. without is null ? Array.Empty<string>() : [Terminal.Number(without[h])]]);
            Terminal.Out.Write(table);
        }

        Failures.Print(failures);
    }

    private sealed record SeriesAnswer(string Id, string? Unit, string[] Timestamps, double[] Mean, Dictionary<string, double[]> Quantiles, int Repairs)
    {
        /// <summary>What the same fit forecasts where nothing is said; null where nothing was.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public PlainForecast? WithoutNotes { get; init; }
    }

    private sealed record PlainForecast(double[] Mean, Dictionary<string, double[]> Quantiles);
}
