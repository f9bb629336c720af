using Forecast.Core;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>Weights of the members of one series, from what they said and what came true in the inner walk-forward.</summary>
internal static class EnsembleWeights
{
    private const int PinballIterations = 200;

    /// <param name="combination">One of those that need an inner walk-forward.</param>
    /// <param name="folds">For each member its folds; the same cutoffs for all.</param>
    /// <param name="levels">Levels of the pinball loss.</param>
    /// <param name="series">Series, for messages.</param>
    /// <exception cref="ForecastException">No value came true in the inner folds, or a member lacks a level.</exception>
    public static double[] Estimate(Combination combination, IReadOnlyList<IReadOnlyList<InnerFold>> folds, IReadOnlyList<double> levels, string series) => combination switch
    {
        Combination.InverseError => InverseError(Means(folds, series, out var actual), actual),
        Combination.Stacked => Stacked(Means(folds, series, out var actual), actual),
        _ => StackedPinball(folds, levels, series),
    };

    /// <summary>w_i in proportion to 1 / MSE_i. A member without any error takes all, several share.</summary>
    internal static double[] InverseError(double[][] predicted, double[] actual)
    {
        var weights = new double[predicted.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            double sum = 0;
            for (var t = 0; t < actual.Length; t++) sum += (actual[t] - predicted[i][t]) * (actual[t] - predicted[i][t]);
            weights[i] = sum / actual.Length;
        }

        var best = weights.Min();
        for (var i = 0; i < weights.Length; i++) weights[i] = best == 0 ? (weights[i] == 0 ? 1 : 0) : best / weights[i];
        return Normalised(weights);
    }

    /// <summary>The w on the simplex that minimises the sum of (y - sum w_i f_i)^2 = w'Gw with G_ij = sum (y - f_i)(y - f_j).</summary>
    internal static double[] Stacked(double[][] predicted, double[] actual)
    {
        var k = predicted.Length;
        var g = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                for (var t = 0; t < actual.Length; t++) g[i, j] += (actual[t] - predicted[i][t]) * (actual[t] - predicted[j][t]);
                g[j, i] = g[i, j];
            }
        }

        return Normalised(SimplexLeastSquares.Solve(g, new double[k]));
    }

    /// <summary>
    /// The w on the simplex that minimises the mean pinball loss of sum w_i q_i(level). The loss |r|/2 + (level - 1/2) r is replaced by
    /// the parabola above it that touches it at the residuals so far (Hunter and Lange 2000), minimised, and so on.
    /// </summary>
    internal static double[] StackedPinball(IReadOnlyList<IReadOnlyList<InnerFold>> folds, IReadOnlyList<double> levels, string series)
    {
        if (levels.Count == 0) throw new ForecastException("levels-missing", "method stacked-pinball needs levels to be asked for", "levels", series);
        var rows = new List<(double Level, double Actual, double[] Quantiles)>();
        foreach (var (fold, h) in Points(folds))
        {
            foreach (var level in levels)
                rows.Add((level, folds[0][fold].Actual[h], [.. folds.Select((f, member) => Quantile(f[fold], h + 1, level, member, series))]));
        }

        RequirePoints(rows.Count, series);
        var k = folds.Count;
        var w = SimplexLeastSquares.Equal(k);
        var scale = rows.Average(r => r.Quantiles.Average(q => Math.Abs(r.Actual - q)));
        if (scale == 0) return w;
        for (var iteration = 0; iteration < PinballIterations; iteration++)
        {
            // In terms of e_i = y - q_i the residual is w'e, and the parabola (w'e)^2 / (4 |r|) + (level - 1/2) w'e.
            var g = new double[k, k];
            var b = new double[k];
            foreach (var (level, actual, quantiles) in rows)
            {
                double residual = 0;
                for (var i = 0; i < k; i++) residual += w[i] * (actual - quantiles[i]);
                var curvature = 0.5 / ((Math.Abs(residual) / scale) + 1e-6);
                for (var i = 0; i < k; i++)
                {
                    var e = (actual - quantiles[i]) / scale;
                    b[i] -= (level - 0.5) * e;
                    for (var j = 0; j < k; j++) g[i, j] += curvature * e * (actual - quantiles[j]) / scale;
                }
            }

            var next = SimplexLeastSquares.Solve(g, b, w);
            var moved = w.Zip(next, (a, c) => Math.Abs(a - c)).Max();
            w = next;
            if (moved < 1e-7) break;
        }

        return Normalised(w);
    }

    /// <summary>Mean squared error of each member in the inner walk-forward.</summary>
    internal static double[] Errors(IReadOnlyList<IReadOnlyList<InnerFold>> folds, string series)
    {
        var predicted = Means(folds, series, out var actual);
        return [.. predicted.Select(p => p.Zip(actual, (f, y) => (y - f) * (y - f)).Average())];
    }

    private static double[][] Means(IReadOnlyList<IReadOnlyList<InnerFold>> folds, string series, out double[] actual)
    {
        (int Fold, int H)[] points = [.. Points(folds)];
        RequirePoints(points.Length, series);
        actual = [.. points.Select(p => folds[0][p.Fold].Actual[p.H])];
        return [.. folds.Select((f, member) => points.Select(p => Finite(f[p.Fold].Law.Mean(p.H + 1), member, series)).ToArray())];
    }

    private static IEnumerable<(int Fold, int H)> Points(IReadOnlyList<IReadOnlyList<InnerFold>> folds)
    {
        for (var fold = 0; fold < folds[0].Count; fold++)
        {
            for (var h = 0; h < folds[0][fold].Actual.Length; h++)
            {
                if (!double.IsNaN(folds[0][fold].Actual[h])) yield return (fold, h);
            }
        }
    }

    private static void RequirePoints(int count, string series)
    {
        if (count == 0) throw new ForecastException("series-too-short", $"series '{series}' has no observed value in the inner folds, so an ensemble has no errors to weigh its members by", "data", series);
    }

    private static double Finite(double mean, int member, string series) => double.IsFinite(mean)
        ? mean
        : throw new ForecastException("forecast-not-finite", $"series '{series}': member {member + 1} of the ensemble gave the mean {mean} in the inner walk-forward", "model", series);

    private static double Quantile(InnerFold fold, int h, double level, int member, string series) => fold.Law.TryQuantile(h, level, out var value)
        ? value
        : throw new ForecastException("level-unavailable", $"series '{series}': member {member + 1} of the ensemble has no quantile at level {level}, by which the members are to be weighed", "levels", series);

    private static double[] Normalised(double[] weights)
    {
        var sum = weights.Sum();
        return Array.ConvertAll(weights, w => w / sum);
    }
}
