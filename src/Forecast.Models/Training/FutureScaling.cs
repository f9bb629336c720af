using Forecast.Core.Data;

namespace Forecast.Models.Training;

/// <summary>Mean and deviation of each future covariate over the panel that was fitted on; they stay with the fitted model.</summary>
public sealed record FutureScaling(IReadOnlyList<double> Means, IReadOnlyList<double> Deviations)
{
    public static FutureScaling Of(IReadOnlyList<SeriesView> series, PanelFeatures features)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(features);
        var (means, deviations) = (new double[features.Future.Count], new double[features.Future.Count]);
        for (var c = 0; c < means.Length; c++)
        {
            double sum = 0, squares = 0;
            long count = 0;
            foreach (var s in series)
            {
                foreach (var v in s.Values(features.Future[c]))
                {
                    if (double.IsNaN(v)) continue;
                    sum += v;
                    squares += v * v;
                    count++;
                }
            }

            means[c] = count > 0 ? sum / count : 0;
            var variance = count > 0 ? (squares / count) - (means[c] * means[c]) : 0;
            deviations[c] = variance > 1e-12 * Math.Max(1, squares / Math.Max(1, count)) ? Math.Sqrt(variance) : 1;
        }

        return new FutureScaling(means, deviations);
    }

    internal float Apply(int channel, double value) => double.IsNaN(value) ? 0 : (float)((value - Means[channel]) / Deviations[channel]);
}
