using Forecast.Core;
using Forecast.Core.Distributions;

namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>Turns a point forecast and past errors of its step into a law.</summary>
/// <param name="options">How.</param>
internal sealed class ConformalLaw(ConformalOptions options)
{
    private static readonly double[] UsualLevels = [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99];
    private readonly AdaptiveLevels _adaptive = new(options.Signed, options.Errors, options.Rate);

    /// <summary>What an adaptive law follows: levels of signed errors, or coverages |2p - 1| of magnitudes, those of the task among them.</summary>
    public double[] Grid(IReadOnlyList<double> levels) =>
        [.. levels.Concat(UsualLevels).Select(p => options.Signed ? p : Coverage(p)).Where(u => u > 0).Distinct().Order()];

    /// <summary>The law of step <paramref name="h"/>.</summary>
    /// <param name="mean">Point forecast.</param>
    /// <param name="errors">Errors of the series.</param>
    /// <param name="h">Step, from 1.</param>
    /// <param name="repaired">Whether adaptive levels had crossed and were put in order.</param>
    public QuantileMarginal At(double mean, SeriesErrors errors, int h, out bool repaired)
    {
        repaired = false;
        var ladder = ScoreLadder.Of(errors.Steps[h - 1], options.Signed);
        double[] levels;
        double[] bounds;
        if (options.Method == ConformalMethod.Split)
        {
            levels = [.. Enumerable.Range(1, ladder.Count).Select(k => (double)k / (ladder.Count + 1))];
            bounds = Array.ConvertAll(levels, ladder.Bound);
        }
        else
        {
            var followed = _adaptive.Run(errors.Steps[h - 1], h, errors.Grid);
            var known = Enumerable.Range(0, followed.Length).Select(i => (Level: errors.Grid[i], Bound: ladder.Bound(options.Signed ? followed[i] : Math.Max(0, followed[i])))).Where(b => double.IsFinite(b.Bound)).ToArray();
            (levels, bounds) = ([.. known.Select(b => b.Level)], [.. known.Select(b => b.Bound)]);
            for (var i = 1; i < bounds.Length; i++)
            {
                repaired |= bounds[i] < bounds[i - 1];
                bounds[i] = Math.Max(bounds[i], bounds[i - 1]);
            }
        }

        return options.Signed ? Signed(mean, levels, bounds) : Symmetric(mean, levels, bounds);
    }

    /// <summary>How many errors the level needs; for the error message.</summary>
    public int Needed(double level)
    {
        var tail = options.Signed ? Math.Min(level, 1 - level) : 1 - Coverage(level);
        return (int)Math.Ceiling((1 / tail) - 1 - 1e-9);
    }

    private static double Coverage(double level) => Math.Round(Math.Abs((2 * level) - 1), 12);

    /// <summary>Level 1/2 + u/2 at mean + bound, 1/2 - u/2 at mean - bound.</summary>
    private static QuantileMarginal Symmetric(double mean, double[] coverages, double[] bounds)
    {
        var (levels, values) = (new List<double>(), new List<double>());
        for (var i = coverages.Length - 1; i >= 0; i--) Add(0.5 - (0.5 * coverages[i]), mean - bounds[i]);
        Add(0.5, mean);
        for (var i = 0; i < coverages.Length; i++) Add(0.5 + (0.5 * coverages[i]), mean + bounds[i]);
        return new QuantileMarginal(levels.ToArray(), values.ToArray());

        void Add(double level, double value)
        {
            levels.Add(Math.Round(level, 12));  // 1/2 + (0.9 - 1/2) should be 0.9
            values.Add(value);
        }
    }

    private static QuantileMarginal Signed(double mean, double[] levels, double[] bounds) => levels.Length > 0
        ? new QuantileMarginal(levels, Array.ConvertAll(bounds, b => mean + b))
        : throw new ForecastException("level-unavailable", "no level has a finite bound: there are too few errors", "levels");
}
