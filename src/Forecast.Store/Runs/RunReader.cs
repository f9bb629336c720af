using System.Globalization;
using System.Text.Json;
using Forecast.Store.Database;

namespace Forecast.Store.Runs;

/// <summary>Reads what the blocks of a run left behind, in the order of the run's items.</summary>
internal sealed class RunReader(StoreDatabase database, StoreSession session, string runId)
{
    private const string Prediction = """
        SELECT model AS Model, series_id AS Series, fold AS Fold, cutoff AS Cutoff, steps AS Steps, target_times AS TargetTimes, observed_times AS ObservedTimes,
               actuals AS Actuals, means AS Means, quantiles AS Quantiles, crps AS Crps, pit AS Pit
        FROM predictions WHERE run_id = @runId
        """;

    private const string Fold = """
        SELECT model AS Model, series_id AS Series, fold AS Fold, cutoff AS Cutoff, fit_cutoff AS FitCutoff, fit_from AS FitFrom,
               latest_available_at AS LatestAvailableAt, first_target AS FirstTarget
        FROM folds WHERE run_id = @runId ORDER BY item_position, position
        """;

    private const string Fit = """
        SELECT model AS Model, series_id AS Series, fit_cutoff AS FitCutoff, seed AS Seed, converged AS Converged, parameters AS Parameters, notes AS Notes
        FROM fits WHERE run_id = @runId ORDER BY item_position, position
        """;

    private const string Failure = """
        SELECT model AS Model, series_id AS Series, cutoff AS Cutoff, code AS Code, message AS Message
        FROM failures WHERE run_id = @runId ORDER BY item_position, position
        """;

    private const string Metric = """
        SELECT model AS Model, series_id AS Series, name AS Name, value AS Value, forecast_count AS ForecastCount, note AS Note
        FROM metrics WHERE run_id = @runId ORDER BY position
        """;

    public async Task<IReadOnlyList<StoredPrediction>> PredictionsAsync(IReadOnlyCollection<string>? models = null, IReadOnlyCollection<string>? series = null)
    {
        var sql = Prediction;
        if (models is not null) sql += $" AND {database.In("model", "models")}";
        if (series is not null) sql += $" AND {database.In("series_id", "series")}";
        var rows = await session.QueryAsync<PredictionRow>(
            $"{sql} ORDER BY item_position, position",
            new { runId, models = models is null ? null : database.List(models), series = series is null ? null : database.List(series) });
        return [.. rows.Select(r => r.ToPrediction())];
    }

    public async Task<IReadOnlyList<StoredFold>> FoldsAsync() =>
    [
        .. (await session.QueryAsync<FoldRow>(Fold, new { runId })).Select(r => new StoredFold(
            r.Model, r.Series, (int)r.Fold, Micros.ToInstant(r.Cutoff), Micros.ToInstant(r.FitCutoff), Micros.ToInstant(r.FitFrom), Micros.ToInstant(r.LatestAvailableAt), Micros.ToInstant(r.FirstTarget))),
    ];

    public async Task<IReadOnlyList<StoredFit>> FitsAsync() =>
    [
        .. (await session.QueryAsync<FitRow>(Fit, new { runId })).Select(r => new StoredFit(
            r.Model, r.Series, Micros.ToInstant(r.FitCutoff), ulong.Parse(r.Seed, CultureInfo.InvariantCulture), r.Converged != 0,
            JsonSerializer.Deserialize<OrderedDictionary<string, double>>(r.Parameters, BlockWriter.Json)!, JsonSerializer.Deserialize<string[]>(r.Notes, BlockWriter.Json)!)),
    ];

    public async Task<IReadOnlyList<StoredFailure>> FailuresAsync() =>
        [.. (await session.QueryAsync<FailureRow>(Failure, new { runId })).Select(r => new StoredFailure(r.Model, r.Series, Micros.ToInstant(r.Cutoff), r.Code, r.Message))];

    public async Task<IReadOnlyList<StoredMetric>> MetricsAsync() =>
        [.. (await session.QueryAsync<MetricRow>(Metric, new { runId })).Select(r => new StoredMetric(r.Model, r.Series, r.Name, r.Value ?? double.NaN, (int)r.ForecastCount, r.Note))];

    private sealed class PredictionRow
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
        };
    }

    private sealed class FoldRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long Fold { get; init; }

        public long Cutoff { get; init; }

        public long FitCutoff { get; init; }

        public long FitFrom { get; init; }

        public long LatestAvailableAt { get; init; }

        public long FirstTarget { get; init; }
    }

    private sealed class FitRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long FitCutoff { get; init; }

        public string Seed { get; init; } = "";

        public long Converged { get; init; }

        public string Parameters { get; init; } = "";

        public string Notes { get; init; } = "";
    }

    private sealed class FailureRow
    {
        public string Model { get; init; } = "";

        public string Series { get; init; } = "";

        public long Cutoff { get; init; }

        public string Code { get; init; } = "";

        public string Message { get; init; } = "";
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
