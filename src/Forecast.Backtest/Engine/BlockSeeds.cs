using Forecast.Backtest.Results;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>Seeds of a block: functions of the run's seed, the model, the series and the cutoff; never of worker, time or item.</summary>
internal static class BlockSeeds
{
    public static ulong Fit(ulong runSeed, WorkItem item) => Derive(runSeed, "fit", item, item.FitCutoff);

    public static ulong Predict(ulong runSeed, WorkItem item, Instant cutoff) => Derive(runSeed, "predict", item, cutoff);

    private static ulong Derive(ulong runSeed, string use, WorkItem item, Instant cutoff) =>
        Seeds.Derive(runSeed, [use, item.Model, .. item.Series, cutoff.ToUnixTimeTicks().ToString()]);
}
