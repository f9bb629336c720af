using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.Training;

namespace Forecast.Models.Smetimes;

/// <summary>What a fit has decided and a prediction keeps to.</summary>
/// <param name="Segment">n, rows in a segment.</param>
/// <param name="Segments">S, segments in a window.</param>
/// <param name="Stride">Rows between two windows that are learned from.</param>
/// <param name="Prompts">What is said about a segment.</param>
/// <param name="Levels">Quantile levels of the intervals, ascending.</param>
internal sealed record SmetimesShape(int Segment, int Segments, int Stride, PromptKind Prompts, IReadOnlyList<double> Levels)
{
    /// <summary>Rows in a window.</summary>
    public int Rows => Segment * Segments;

    /// <exception cref="ForecastException">No series is long enough for a window and the segment after it.</exception>
    public static SmetimesShape Of(SmetimesOptions options, IReadOnlyList<SeriesView> series, ForecastTask task)
    {
        var longest = series.MaxBy(s => s.Length)!;
        var segment = options.Segment ?? Math.Max(1, Lookback.Choose(series, task.Horizon) / options.Segments);
        var segments = options.Segment is null ? Math.Min(options.Segments, (longest.Length - segment) / segment) : options.Segments;
        if (segments < 1 || longest.Length < (segments + 1) * segment) throw Lookback.TooShort(longest, Math.Max(1, segments) * segment, segment);
        double[] levels = [.. QuantileSteps.BaseLevels.Concat(task.Levels).Distinct().Order()];
        return new SmetimesShape(segment, segments, options.Stride ?? StrideOf(options, series, segment), options.EffectivePrompts, levels);
    }

    /// <summary>The least divisor of a segment that leaves few enough segments to be put into words.</summary>
    private static int StrideOf(SmetimesOptions options, IReadOnlyList<SeriesView> series, int segment)
    {
        if (options.EffectivePrompts == PromptKind.None) return 1;
        var rows = series.Sum(s => (long)s.Length);
        for (var stride = 1; stride < segment; stride++)
        {
            if (segment % stride == 0 && rows / stride <= SmetimesOptions.MostPrompts) return stride;
        }

        return segment;
    }
}
