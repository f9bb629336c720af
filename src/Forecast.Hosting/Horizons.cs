using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Hosting;

/// <summary>Where "now" stands for a panel that is forecast beyond its end.</summary>
public static class Horizons
{
    /// <summary>
    /// The latest instant at which a target value was observed or published. Later rows that only carry covariates known in
    /// advance belong to the future.
    /// </summary>
    public static Instant LastKnown(Panel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        var latest = Instant.MinValue;
        foreach (var series in panel.Series)
        {
            foreach (var target in series.Targets)
            {
                for (var t = 0; t < series.Length; t++)
                {
                    if (double.IsNaN(target.Values[t])) continue;
                    latest = Instant.Max(latest, target.AvailableAt.IsEmpty ? series.Times[t] : Instant.Max(series.Times[t], target.AvailableAt[t]));
                }

                foreach (var revision in target.Revisions) latest = Instant.Max(latest, revision.AvailableAt);
            }
        }

        return latest > Instant.MinValue ? latest : panel.Series.Max(s => s.Length > 0 ? s.Times[^1] : Instant.MinValue);
    }
}
