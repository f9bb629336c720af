using System.Globalization;
using System.Text.Json;
using Forecast.Store.Database;

namespace Forecast.Store.Runs;

/// <summary>Reads what the blocks of a run left behind, in the order of the run's items.</summary>
internal sealed class RunReader(StoreDatabase database, StoreSession session, string runId)
{
    private const string Prediction = """
        SELECT item_position AS Item, model AS Model, series_id AS Series, fold AS Fold, cutoff AS Cutoff, steps AS Steps, target_times AS TargetTimes, observed_times AS ObservedTimes,
               actuals AS Actuals, means AS Means, quantiles AS Quantiles, crps AS Crps, pit AS Pit, shortfalls AS Shortfalls
        FROM predictions WHERE run_id = @runId
        """;

    private const string Fold = """
        SELECT item_position AS Item, model AS Model, series_id AS Series, fold AS Fold, cutoff AS Cutoff, fit_cutoff AS FitCutoff, fit_from AS FitFrom,
               latest_available_at AS LatestAvailableAt, first_target AS FirstTarget
        FROM folds WHERE run_id = @runId ORDER BY item_position, position
        """;

    private const string Fit = """
        SELECT item_position AS Item, model AS Model, series_id AS Series, fit_cutoff AS FitCutoff, seed AS Seed, converged AS Converged, parameters AS Parameters, notes AS Notes
        FROM fits WHERE run_id = @runId ORDER BY item_position, position
        """;

    private const string Failure = """
        SELECT item_position AS Item, model AS Model, series_id AS Series, cutoff AS Cutoff, code AS Code, message AS Message
        FROM failures WHERE run_id = @runId ORDER BY item_position, position
        """;

    private const string Metric = """
        SELECT model AS Model, series_id AS Series, name AS Name, value AS Value, forecast_count AS ForecastCount, note AS Note
        FROM metrics WHERE run_id = @runId ORDER BY position
        """;

    public async Task<IReadOnlyList<StoredPrediction>> PredictionsAsync(IReadOnlyCollection<string>? models = null, IReadOnlyCollection<string>? series = null) =>
        [.. (await PredictionRowsAsync(models, series)).Select(r => r.ToPrediction())];

    public async Task<IReadOnlyList<StoredFold>> FoldsAsync() => [.. (await session.QueryAsync<FoldRow>(Fold, new { runId })).Select(r => r.ToFold())];

    public async Task<IReadOnlyList<StoredFit>> FitsAsync() => [.. (await session.QueryAsync<FitRow>(Fit, new { runId })).Select(r => r.ToFit())];

    public async Task<IReadOnlyList<StoredFailure>> FailuresAsync() => [.. (await session.QueryAsync<FailureRow>(Failure, new { runId })).Select(r => r.ToFailure())];

    /// <summary>The blocks of these items as they were committed.</summary>
    public async Task<IReadOnlyList<StoredBlock>> BlocksAsync(IReadOnlyList<StoredWorkItem> done)
    {
        var predictions = (await PredictionRowsAsync(null, null)).ToLookup(r => r.Item, r => r.ToPrediction());
        var folds = (await session.QueryAsync<FoldRow>(Fold, new { runId })).ToLookup(r => r.Item, r => r.ToFold());
        var fits = (await session.QueryAsync<FitRow>(Fit, new { runId })).ToLookup(r => r.Item, r => r.ToFit());
        var failures = (await session.QueryAsync<FailureRow>(Failure, new { runId })).ToLookup(r => r.Item, r => r.ToFailure());
        return [.. done.Select(item => new StoredBlock(item, new BlockRecord
        {
            Predictions = [.. predictions[item.Position]],
            Folds = [.. folds[item.Position]],
            Fits = [.. fits[item.Position]],
            Failures = [.. failures[item.Position]],
            DetailsJson = item.DetailsJson,
            FitSeconds = item.FitSeconds,
            PredictSeconds = item.PredictSeconds,
            Worker = item.Worker ?? "",
            Device = item.Device ?? "",
            Exposure = item.Exposure ?? "",
        }))];
    }

    public async Task<IReadOnlyList<StoredMetric>> MetricsAsync() =>
        [.. (await session.QueryAsync<MetricRow>(Metric, new { runId })).Select(r => new StoredMetric(r.Model, r.Series, r.Name, r.Value ?? double.NaN, (int)r.ForecastCount, r.Note))];

    private async Task<IReadOnlyList<PredictionRow>> PredictionRowsAsync(IReadOnlyCollection<string>? models, IReadOnlyCollection<string>? series)
    {
        var sql = Prediction;
        if (models is not null) sql += $" AND {database.In("model", "models")}";
        if (series is not null) sql += $" AND {database.In("series_id", "series")}";
        return await session.QueryAsync<PredictionRow>(
            $"{sql} ORDER BY item_position, position",
            new { runId, models = models is null ? null : database.List(models), series = series is null ? null : database.List(series) });
    }

    private abstract class BlockRow
    {
        /// <summary>Place of the item that committed the row.</summary>
        public long Item { get; init; }
    }

    private sealed class PredictionRow : BlockRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long Fold { get; init; }

        public long Cutoff { get; init; }

        public byte[] Steps { get; init; } = [];

        public byte[] TargetTimes { get; init; } = [];

        public byte[] ObservedTimes { get; init; } = [];

        public byte[] Actuals { get; init; } = [];

        public byte[] Means { get; init; } = [];

        public byte[] Quantiles { get; init; } = [];

        public byte[] Crps { get; init; } = [];

        public byte[] Pit { get; init; } = [];

        public byte[]? Shortfalls { get; init; }

        public StoredPrediction ToPrediction() => new()
        {
            Model = Model,
            Series = Series,
            Fold = (int)Fold,
            Cutoff = Micros.ToInstant(Cutoff),
            Steps = Blob.Ints(Steps, "steps"),
            Timestamps = Blob.Instants(TargetTimes, "timestamps"),
            ObservedAt = Blob.Instants(ObservedTimes, "observedAt"),
            Actuals = Blob.Doubles(Actuals, "actuals"),
            Means = Blob.Doubles(Means, "means"),
            Quantiles = Blob.Doubles(Quantiles, "quantiles"),
            Crps = Blob.Doubles(Crps, "crps"),
            Pit = Blob.Doubles(Pit, "pit"),
            Shortfalls = Shortfalls is null ? [] : Blob.Doubles(Shortfalls, "shortfalls"),
        };
    }

    private sealed class FoldRow : BlockRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long Fold { get; init; }

        public long Cutoff { get; init; }

        public long FitCutoff { get; init; }

        public long FitFrom { get; init; }

        public long LatestAvailableAt { get; init; }

        public long FirstTarget { get; init; }

        public StoredFold ToFold() => new(
            Model, Series, (int)Fold, Micros.ToInstant(Cutoff), Micros.ToInstant(FitCutoff), Micros.ToInstant(FitFrom), Micros.ToInstant(LatestAvailableAt), Micros.ToInstant(FirstTarget));
    }

    private sealed class FitRow : BlockRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long FitCutoff { get; init; }

        public string Seed { get; init; } = "";

        public long Converged { get; init; }

        public string Parameters { get; init; } = "";

        public string Notes { get; init; } = "";

        public StoredFit ToFit() => new(
            Model, Series, Micros.ToInstant(FitCutoff), ulong.Parse(Seed, CultureInfo.InvariantCulture), Converged != 0,
            JsonSerializer.Deserialize<OrderedDictionary<string, double>>(Parameters, BlockWriter.Json)!, JsonSerializer.Deserialize<string[]>(Notes, BlockWriter.Json)!);
    }

    private sealed class FailureRow : BlockRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long Cutoff { get; init; }

        public string Code { get; init; } = "";

        public string Message { get; init; } = "";

        public StoredFailure ToFailure() => new(Model, Series, Micros.ToInstant(Cutoff), Code, Message);
    }

    private sealed class MetricRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public string Name { get; init; } = "";

        public double? Value { get; init; }

        public long ForecastCount { get; init; }

        public string Note { get; init; } = "";
    }
}
