using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Charts;

/// <summary>Quantile forecasts as rings: at most three central intervals, those nearest to 50, 80 and 95 %.</summary>
public static class FanBuilder
{
    private static readonly double[] Wanted = [0.95, 0.8, 0.5];
    private static readonly (double Level, double Opacity)[] Shades = [(0.5, 0.45), (0.8, 0.28), (0.95, 0.15), (1, 0.1)];

    /// <summary>The intervals that a fan shows, widest first; none is invented.</summary>
    public static IReadOnlyList<CentralInterval> Rings(IReadOnlyList<CentralInterval> available)
    {
        ArgumentNullException.ThrowIfNull(available);
        return [.. Wanted.Where(_ => available.Count > 0).Select(w => available.MinBy(i => Math.Abs(i.Nominal - w))).Distinct().OrderByDescending(i => i.Nominal)];
    }

    /// <summary>A fan over rows; a null row is a break.</summary>
    public static FanLayer? Layer(ReportContext context, IReadOnlyList<PredictionRow?> rows, int x, string color)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(rows);
        var rings = Rings(context.Intervals);
        if (rings.Count == 0 || rows.All(r => r is null || double.IsNaN(r.Quantiles[rings[0].Low]))) return null;
        double[] Curve(int level) => [.. rows.Select(r => r is null ? double.NaN : r.Quantiles[level])];
        var median = context.LevelIndex(0.5);
        return new FanLayer(x, [.. rings.Select(r => r.Nominal)], [.. rings.Select(r => Curve(r.Low))], [.. rings.Select(r => Curve(r.High))], median < 0 ? null : Curve(median))
        {
            Label = "median",
            Color = color,
            Key = "fan",
        };
    }

    /// <summary>The key in frequencies: people read "8 in 10" more truly than "80 %".</summary>
    public static IEnumerable<KeyEntry> Key(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var ring in Rings(context.Intervals).Reverse())
            yield return new KeyEntry($"{Html.Numbers.Level(ring.Nominal)}: {Frequency(ring.Nominal)} outcomes inside", KeyEntry.Fill("edge", 2 * RingOpacity(ring.Nominal), edged: true));
        if (context.LevelIndex(0.5) >= 0) yield return new KeyEntry("median, in the model's colour", KeyEntry.Line("edge"));
    }

    /// <summary>As the charts draw a ring: darkest inside, by the nominal level, so that no two levels look alike.</summary>
    private static double RingOpacity(double nominal)
    {
        var at = Array.FindIndex(Shades, s => nominal <= s.Level);
        var ((above, light), (below, dark)) = (Shades[at], at == 0 ? (0, 0.55) : Shades[at - 1]);
        return dark + ((nominal - below) / (above - below) * (light - dark));
    }

    private static string Frequency(double nominal)
    {
        foreach (var of in new[] { 10, 20, 100, 1000 })
        {
            if (Math.Abs((nominal * of) - Math.Round(nominal * of)) < 1e-6) return $"{Math.Round(nominal * of):0} in {of}";
        }

        return Html.Numbers.Level(nominal) + " of";
    }
}
