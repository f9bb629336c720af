using System.CommandLine;
using System.Text.Json;
using Forecast.Backtest.Metrics;
using Forecast.Backtest.Results;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Hosting.Scoring;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast score FILE</c>: every metric of forecasts that came from anywhere.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "CSV: id,t,actual,mean, a column a quantile level, and if wanted scale, scale2, model" };
        var expect = new Option<string?>("--expect") { Description = "JSON object of metric names and values (over all series) to compare with" };
        var tolerance = new Option<double>("--tolerance") { Description = "Greatest relative difference from --expect", DefaultValueFactory = _ => 1e-10 };
        var json = new Option<bool>("--json") { Description = "The metrics as JSON" };
        var command = new Command("score", "Score forecasts by every metric") { file, expect, tolerance, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (tables, levels) = ForecastTableReader.Read(parsed.GetValue(file)!, cancellation);
            if (tables.Count == 0) throw new ForecastException("no-rows", "the table holds no forecasts", "FILE");
            var metrics = tables.SelectMany(t => ScoreTable.Score(t.Rows, levels, t.Model)).ToArray();
            var exceeded = parsed.GetValue(expect) is { } expected ? Exceeded(metrics, await ReadExpectedAsync(expected, cancellation), parsed.GetValue(tolerance)) : [];
            if (parsed.GetValue(json)) Json.Print(new { levels, metrics = metrics.Select(m => new { m.Model, m.Series, m.Name, m.Value, m.Count, note = m.Note.Length > 0 ? m.Note : null }), exceeded });
            else Print(metrics, exceeded);
            return exceeded.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static async Task<Dictionary<string, double>> ReadExpectedAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path)) throw new ForecastException("file-missing", $"file '{path}' does not exist", "expect");
        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<Dictionary<string, double>>(stream, cancellationToken: cancellation) ?? [];
        }
        catch (JsonException e)
        {
            throw new ForecastException("expect-invalid", $"file '{path}' is no JSON object of metric names and numbers: {e.Message}", "expect", inner: e);
        }
    }

    private static List<string> Exceeded(IReadOnlyList<MetricValue> metrics, Dictionary<string, double> expected, double tolerance)
    {
        var exceeded = new List<string>();
        foreach (var (name, value) in expected)
        {
            var own = metrics.FirstOrDefault(m => m.Series is "all" && string.Equals(m.Name, name, StringComparison.Ordinal))
                ?? throw new ForecastException("metric-unknown", $"there is no metric '{name}'", "expect");
            var difference = Math.Abs(own.Value - value) / Math.Max(Math.Abs(value), double.Epsilon);
            if (!(difference <= tolerance)) exceeded.Add($"{name}: {own.Value:R} differs from {value:R} by {difference:G3} relative");
        }

        return exceeded;
    }

    private static void Print(IReadOnlyList<MetricValue> metrics, IReadOnlyList<string> exceeded)
    {
        foreach (var model in metrics.GroupBy(m => m.Model, StringComparer.Ordinal))
        {
            var series = model.Select(m => m.Series).Distinct(StringComparer.Ordinal).ToArray();
            var shown = series.Length > 6 ? ["all"] : series;
            var table = Terminal.Table([model.Key.Length > 0 ? model.Key : "metric", .. shown]);
            foreach (var metric in model.GroupBy(m => m.Name, StringComparer.Ordinal))
                table.AddRow([Markup.Escape(metric.Key), .. shown.Select(s => Terminal.Number(metric.FirstOrDefault(m => string.Equals(m.Series, s, StringComparison.Ordinal))?.Value ?? double.NaN))]);
            Terminal.Out.Write(table);
        }

        foreach (var line in exceeded) Terminal.Out.WriteLine($"exceeded: {line}");
    }
}
