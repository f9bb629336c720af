using Forecast.Core.Numerics;

namespace Forecast.Backtest.Report.Statistics;

/// <summary>Uncertainty of a skill score when neighbouring folds resemble each other: the circular block bootstrap (Politis and Romano 1992).</summary>
public static class BlockBootstrap
{
    private const int Draws = 1000;

    /// <summary>
    /// 95 % percentile interval of the skill 1 - exp(mean over series of log(sum of losses / sum of baseline losses)). Folds are
    /// drawn in blocks of ceil(n^(1/3)), the same places in time for every series, so that dependence across series is kept.
    /// </summary>
    /// <param name="pairs">For each series the losses of model and baseline, fold by fold, in time.</param>
    /// <param name="seed">Makes the interval repeatable.</param>
    /// <returns>NaN ends when a series has fewer than 10 folds or a sum of zero.</returns>
    public static (double Low, double High) SkillInterval(IReadOnlyList<(double[] Model, double[] Baseline)> pairs, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0 || pairs.Any(p => p.Model.Length < 10)) return (double.NaN, double.NaN);
        var random = new RandomSource(seed);
        var longest = pairs.Max(p => p.Model.Length);
        var block = (int)Math.Ceiling(Math.Cbrt(longest));
        var starts = new double[(longest + block - 1) / block];
        var skills = new double[Draws];
        for (var d = 0; d < Draws; d++)
        {
            for (var k = 0; k < starts.Length; k++) starts[k] = random.NextDouble();
            double sum = 0;
            foreach (var (model, baseline) in pairs) sum += Math.Log(Resampled(model, starts, block) / Resampled(baseline, starts, block));
            skills[d] = 1 - Math.Exp(sum / pairs.Count);
        }

        if (skills.Any(s => !double.IsFinite(s))) return (double.NaN, double.NaN);
        Array.Sort(skills);
        return (skills[(int)(0.025 * (Draws - 1))], skills[(int)Math.Ceiling(0.975 * (Draws - 1))]);
    }

    private static double Resampled(double[] losses, double[] starts, int block)
    {
        double sum = 0;
        var left = losses.Length;
        for (var k = 0; k < starts.Length && left > 0; k++)
        {
            var at = (int)(starts[k] * losses.Length);
            for (var i = 0; i < block && left > 0; i++, left--) sum += losses[(at + i) % losses.Length];
        }

        return sum;
    }
}
