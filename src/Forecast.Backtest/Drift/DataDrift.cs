using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Backtest.Drift;

/// <summary>What is watched of a series.</summary>
public enum DriftSubject
{
    /// <summary>Differences of consecutive observed values: right for what trends or wanders.</summary>
    Changes,

    /// <summary>The values themselves: right for returns.</summary>
    Values,
}

/// <summary>
/// One series before and after the cutoff of a fit. The tests take values as independent; strongly dependent ones raise alarms more often
/// than alpha says.
/// </summary>
/// <param name="Series">Series id.</param>
/// <param name="Reference">Rows up to the cutoff.</param>
/// <param name="Current">Rows after it.</param>
/// <param name="Stability">Of the distribution; null with too little on a side.</param>
/// <param name="Mean">Of the mean.</param>
/// <param name="Variance">Of the variance.</param>
/// <param name="Missing">Of the rate of missing values; null without rows on a side.</param>
/// <param name="Alarms"><c>psi</c>, <c>mean</c>, <c>variance</c>, <c>missing</c>: what has drifted.</param>
public sealed record DataDrift(string Series, int Reference, int Current, PopulationStability? Stability, MeanShift? Mean, VarianceShift? Variance, MissingShift? Missing, IReadOnlyList<string> Alarms)
{
    /// <summary>Fewer observed rows on a side say nothing.</summary>
    public const int Fewest = 10;

    /// <param name="series">The series with all that is known now.</param>
    /// <param name="cutoff">Cutoff of the fit.</param>
    /// <param name="subject">What is watched.</param>
    /// <param name="alpha">How often chance alone may raise one of the alarms.</param>
    public static DataDrift Of(TimeSeries series, Instant cutoff, DriftSubject subject, double alpha = 0.01)
    {
        ArgumentNullException.ThrowIfNull(series);
        var rows = series.RowsUntil(cutoff);
        var values = series.Targets[0].Values;
        var before = values[..rows];
        var since = values[rows..];
        var (reference, current) = (Watched(before, double.NaN, subject), Watched(since, Last(before), subject));
        var enough = reference.Length >= Fewest && current.Length >= Fewest;
        var stability = enough ? PopulationStability.Of(reference, current, alpha) : null;
        var mean = enough ? MeanShift.Of(reference, current) : null;
        var variance = enough ? VarianceShift.Of(reference, current) : null;
        var missing = before.Length >= Fewest && since.Length >= Fewest ? MissingShift.Of(before, since) : null;
        var alarms = new List<string>(4);
        if (stability is { Drifted: true }) alarms.Add("psi");
        if (mean?.PValue < alpha) alarms.Add("mean");
        if (variance?.PValue < alpha) alarms.Add("variance");
        if (missing?.PValue < alpha && missing.Statistic > 0) alarms.Add("missing");
        return new DataDrift(series.Id, before.Length, since.Length, stability, mean, variance, missing, alarms);
    }

    private static double[] Watched(ReadOnlySpan<double> values, double last, DriftSubject subject)
    {
        var watched = new List<double>(values.Length);
        foreach (var value in values)
        {
            if (double.IsNaN(value)) continue;
            if (subject is DriftSubject.Values) watched.Add(value);
            else if (!double.IsNaN(last)) watched.Add(value - last);
            last = value;
        }

        return [.. watched];
    }

    private static double Last(ReadOnlySpan<double> values)
    {
        for (var i = values.Length - 1; i >= 0; i--)
        {
            if (!double.IsNaN(values[i])) return values[i];
        }

        return double.NaN;
    }
}
