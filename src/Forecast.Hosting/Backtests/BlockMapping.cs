using Forecast.Backtest.Results;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Serialization;
using Forecast.Store.Runs;

namespace Forecast.Hosting.Backtests;

/// <summary>Carries a block between the engine's records and the store's: one stored row a forecast, arrays over its steps.</summary>
internal static class BlockMapping
{
    public static BlockRecord ToStore(BlockResult block, string worker) => new()
    {
        Predictions = [.. block.Predictions.GroupBy(p => (p.Series, p.Fold)).Select(g => ToStore(block.Item.Model, [.. g.OrderBy(p => p.H)]))],
        Folds = [.. block.Folds.Select(f => new StoredFold(block.Item.Model, f.Series, f.Fold, f.Cutoff, f.FitCutoff, f.FitFrom, f.LatestAvailableAt, f.FirstTarget))],
        Fits = [.. block.Fits.Select(f => new StoredFit(block.Item.Model, f.Series, f.FitCutoff, f.Seed, f.Converged, f.Parameters, f.Notes))],
        Failures = [.. block.Failures.Select(f => new StoredFailure(f.Model, f.Series, f.Cutoff, f.Code, f.Message))],
        DetailsJson = HostingJson.Write(new BlockDetails(block.Repairs ?? [], block.Notes)),
        FitSeconds = block.FitSeconds,
        PredictSeconds = block.PredictSeconds,
        Worker = worker,
        Device = block.Device,
        Exposure = block.Exposure.ToString().ToLowerInvariant(),
    };

    public static BlockResult FromStore(WorkItem item, BlockRecord stored, RunSpec spec)
    {
        var details = stored.DetailsJson is { } json ? HostingJson.Read<BlockDetails>(json) : new BlockDetails([], []);
        return new BlockResult
        {
            Item = item,
            Predictions = [.. stored.Predictions.SelectMany(p => FromStore(p, spec.Levels.Count, spec.Risk?.Count ?? 0))],
            Folds = [.. stored.Folds.Select(f => new FoldRecord(f.Series, f.Fold, f.Cutoff, f.FitCutoff, f.FitFrom, f.LatestAvailableAt, f.FirstTarget))],
            Fits = [.. stored.Fits.Select(f => new FitRecord(f.Series, f.FitCutoff, f.Seed, f.Converged, f.Parameters, f.Notes))],
            Failures = [.. stored.Failures.Select(f => new SeriesFailure(f.Model, f.Series, f.Cutoff, f.Code, f.Message))],
            Repairs = details.Repairs,
            Notes = details.Notes,
            FitSeconds = stored.FitSeconds,
            PredictSeconds = stored.PredictSeconds,
            Worker = stored.Worker,
            Device = stored.Device,
            Exposure = Enum.Parse<PretrainingExposure>(stored.Exposure, ignoreCase: true),
        };
    }

    private static StoredPrediction ToStore(string model, PredictionRow[] rows) => new()
    {
        Model = model,
        Series = rows[0].Series,
        Fold = rows[0].Fold,
        Cutoff = rows[0].Cutoff,
        Steps = [.. rows.Select(r => r.H)],
        Timestamps = [.. rows.Select(r => r.Timestamp)],
        ObservedAt = [.. rows.Select(r => r.ObservedAt)],
        Actuals = [.. rows.Select(r => r.Actual)],
        Means = [.. rows.Select(r => r.Mean)],
        Quantiles = [.. rows.SelectMany(r => r.Quantiles)],
        Crps = [.. rows.Select(r => r.Crps)],
        Pit = [.. rows.Select(r => r.Pit)],
        Shortfalls = [.. rows.SelectMany(r => r.Shortfalls)],
    };

    private static IEnumerable<PredictionRow> FromStore(StoredPrediction stored, int levels, int tails) => stored.Steps.Select((h, i) => new PredictionRow
    {
        Model = stored.Model,
        Series = stored.Series,
        Fold = stored.Fold,
        Cutoff = stored.Cutoff,
        H = h,
        Timestamp = stored.Timestamps[i],
        ObservedAt = stored.ObservedAt[i],
        Actual = stored.Actuals[i],
        Mean = stored.Means[i],
        Quantiles = stored.Quantiles[(i * levels)..((i + 1) * levels)],
        Crps = stored.Crps[i],
        Pit = stored.Pit[i],
        Shortfalls = stored.Shortfalls[(i * tails)..((i + 1) * tails)],
    });

    private sealed record BlockDetails(IReadOnlyList<QuantileRepair> Repairs, IReadOnlyList<ModelNote> Notes);
}
