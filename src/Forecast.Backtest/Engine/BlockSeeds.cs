using Forecast.Backtest.Results;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>
/// Seeds of a block: functions of the run's seed, the model, the series and the cutoff; never of worker, time or item. The seeds of
/// a global model leave the series out, since a series that begins after the cutoff must not move what was forecast before it.
/// </summary>
internal static class BlockSeeds
{
    public static ulong Fit(ulong runSeed, WorkItem item, FitScope scope) => Derive(runSeed, "fit", item, scope, item.FitCutoff);

    public static ulong Predict(ulong runSeed, WorkItem item, FitScope scope, Instant cutoff) => Derive(runSeed, "predict", item, scope, cutoff);

    private static ulong Derive(ulong runSeed, string use, WorkItem item, FitScope scope, Instant cutoff)
    {
        IReadOnlyList<string> series = scope == FitScope.Local ? item.Series : [];
        return Seeds.Derive(runSeed, [use, item.Model, .. series, cutoff.ToUnixTimeTicks().ToString()]);
    }
}
