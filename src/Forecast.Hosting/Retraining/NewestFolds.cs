using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Hosting.Retraining;

/// <summary>Walks over a few folds at the end of some data: fitted once, before the first of them, so that every fold is out of sample.</summary>
internal static class NewestFolds
{
    /// <summary>The rows of the longest series, which the folds are counted on.</summary>
    public static ReadOnlySpan<Instant> Grid(Panel panel) => panel.Series.MaxBy(s => s.Length)!.Times;

    /// <summary>The plan of so many folds that end with a row.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="folds">Folds.</param>
    /// <param name="horizon">Rows of each.</param>
    /// <param name="end">Rows of the longest series up to the end of the last fold.</param>
    /// <exception cref="ForecastException"><c>retraining-short</c>.</exception>
    public static WalkForwardPlan Plan(Panel panel, int folds, int horizon, int end)
    {
        var times = Grid(panel);
        var first = end - (folds * horizon);
        return first >= 1
            ? new WalkForwardPlan { Horizon = horizon, RefitEvery = null, From = times[first], To = times[end - 1] }
            : throw new ForecastException("retraining-short", $"{folds} folds of {horizon} rows and something to learn from before them need more than the {end} rows that there are; ask for fewer folds", "folds");
    }

    /// <summary>All forecasts of the models over the folds of a plan, with their scores.</summary>
    public static BacktestResult Walk(Panel panel, RunSpec spec, IReadOnlyList<IForecaster> models, CancellationToken cancellation)
    {
        var items = FoldSchedule.Build(panel, spec, models);
        var byName = spec.Models.Zip(models).ToDictionary(m => m.First, m => m.Second, StringComparer.Ordinal);
        var blocks = items.Select(i => BlockRunner.Run(panel, spec, i, byName[i.Model], cancellation)).ToArray();
        var lineage = new Lineage { RunId = "", CreatedAt = Instant.MinValue, Engine = EngineVersion.Current, Device = spec.Device, Threads = 1, Seed = spec.Seed };
        return ResultAssembler.Assemble(panel, spec, blocks, lineage);
    }
}
