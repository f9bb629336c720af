using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forecast.Store.Database;

namespace Forecast.Store.Runs;

/// <summary>Turns the records of a block into rows and back.</summary>
internal static class BlockWriter
{
    /// <summary>Doubles in JSON survive bit for bit, infinities by name.</summary>
    public static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static readonly string[] PredictionColumns =
    [
        "run_id", "model", "series_id", "fold", "item_position", "position", "cutoff", "steps", "target_times", "observed_times", "actuals", "means", "quantiles", "crps", "pit", "shortfalls",
    ];

    private static readonly string[] FoldColumns =
    [
        "run_id", "model", "series_id", "fold", "item_position", "position", "cutoff", "fit_cutoff", "fit_from", "latest_available_at", "first_target",
    ];

    private static readonly string[] FitColumns = ["run_id", "item_position", "position", "model", "series_id", "fit_cutoff", "seed", "converged", "parameters", "notes"];
    private static readonly string[] FailureColumns = ["run_id", "item_position", "position", "model", "series_id", "cutoff", "code", "message"];
    private static readonly string[] MetricColumns = ["run_id", "model", "series_id", "name", "position", "value", "forecast_count", "note"];

    public static async Task WriteAsync(StoreSession session, string runId, long item, BlockRecord block)
    {
        await session.BulkInsertAsync("predictions", PredictionColumns, block.Predictions.Select((p, i) => PredictionRow(runId, item, p, i)));
        await session.BulkInsertAsync("folds", FoldColumns, block.Folds.Select((f, i) => FoldRow(runId, item, f, i)));
        await session.BulkInsertAsync("fits", FitColumns, block.Fits.Select((f, i) => FitRow(runId, item, f, i)));
        await session.BulkInsertAsync("failures", FailureColumns, block.Failures.Select((f, i) => FailureRow(runId, item, f, i)));
    }

    public static Task WriteMetricsAsync(StoreSession session, string runId, IReadOnlyList<StoredMetric> metrics) =>
        session.BulkInsertAsync("metrics", MetricColumns, metrics.Select((m, i) => MetricRow(runId, m, i)));

    /// <summary>A scalar as a column takes it: NaN is NULL, since SQLite refuses NaN.</summary>
    public static double? Number(double value) => double.IsNaN(value) ? null : value;

    private static object?[] PredictionRow(string runId, long item, StoredPrediction p, int position)
    {
        p.Check();
        return
        [
            runId, StoredText.Checked(p.Model, "model"), StoredText.Checked(p.Series, "series"), (long)p.Fold, item, (long)position, Micros.Exact(p.Cutoff, "cutoff", p.Series, p.Fold),
            Blob.Of(p.Steps), Blob.Of(p.Timestamps, "timestamp", p.Series), Blob.Of(p.ObservedAt, "observedAt", p.Series),
            Blob.Of(p.Actuals), Blob.Of(p.Means), Blob.Of(p.Quantiles), Blob.Of(p.Crps), Blob.Of(p.Pit),
            p.Shortfalls.Length == 0 ? null : Blob.Of(p.Shortfalls),
        ];
    }

    private static object?[] FoldRow(string runId, long item, StoredFold f, int position) =>
    [
        runId, StoredText.Checked(f.Model, "model"), StoredText.Checked(f.Series, "series"), (long)f.Fold, item, (long)position, Micros.Exact(f.Cutoff, "cutoff", f.Series, f.Fold),
        Micros.Exact(f.FitCutoff, "fitCutoff", f.Series, f.Fold), Micros.Exact(f.FitFrom, "fitFrom", f.Series, f.Fold),
        Micros.Exact(f.LatestAvailableAt, "latestAvailableAt", f.Series, f.Fold), Micros.Exact(f.FirstTarget, "firstTarget", f.Series, f.Fold),
    ];

    private static object?[] FitRow(string runId, long item, StoredFit f, int position) =>
    [
        runId, item, (long)position, StoredText.Checked(f.Model, "model"), StoredText.Checked(f.Series, "series"), Micros.Exact(f.FitCutoff, "fitCutoff", f.Series),
        f.Seed.ToString(CultureInfo.InvariantCulture), f.Converged ? 1L : 0L, JsonSerializer.Serialize(f.Parameters, Json), JsonSerializer.Serialize(f.Notes, Json),
    ];

    private static object?[] FailureRow(string runId, long item, StoredFailure f, int position) =>
    [
        runId, item, (long)position, StoredText.Checked(f.Model, "model"), StoredText.Checked(f.Series, "series"), Micros.Exact(f.Cutoff, "cutoff", f.Series),
        StoredText.Checked(f.Code, "code"), StoredText.Checked(f.Message, "message"),
    ];

    private static object?[] MetricRow(string runId, StoredMetric m, int position) =>
    [
        runId, StoredText.Checked(m.Model, "model"), StoredText.Checked(m.Series, "series"), StoredText.Checked(m.Name, "metric"), (long)position,
        Number(m.Value), (long)m.Count, StoredText.Checked(m.Note, "note"),
    ];
}
