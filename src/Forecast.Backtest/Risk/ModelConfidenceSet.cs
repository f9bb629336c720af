using Forecast.Core.Numerics;

namespace Forecast.Backtest.Risk;

/// <summary>Which statistic asks whether the models left are equally good.</summary>
public enum ConfidenceSetStatistic
{
    /// <summary>max |t_ij| over pairs; the model with the largest t_ij goes first.</summary>
    Range,

    /// <summary>max t_i of each model against the mean of those left; its model goes first.</summary>
    Max,
}

/// <summary>A model's place in the elimination.</summary>
/// <param name="Model">Column of the losses.</param>
/// <param name="PValue">Running maximum of the tests' p-values: the model is in the set at level a when this is at least a.</param>
/// <param name="Statistic">Statistic of the test that it was eliminated by; NaN for the last, infinite when the bootstrap knows no doubt.</param>
public readonly record struct ConfidenceSetStep(int Model, double PValue, double Statistic);

/// <summary>
/// The model confidence set of Hansen, Lunde and Nason (2011): the models among which the data cannot tell the best, found by testing
/// equal expected loss and eliminating the worst until the test no longer rejects.
/// </summary>
/// <remarks>
/// t_ij = d_ij / sqrt(v_ij) with the mean loss difference d_ij and v_ij the bootstrap's mean of (d*_ij - d_ij)^2; the law of the statistic is that of
/// |d*_ij - d_ij| / sqrt(v_ij). Two models with equal losses throughout have t = 0; with a constant difference t is infinite.
/// </remarks>
public static class ModelConfidenceSet
{
    /// <param name="losses">For each time the loss of each model; all finite.</param>
    /// <param name="indices">For each bootstrap sample the times drawn (from 0).</param>
    /// <param name="kind">The statistic.</param>
    /// <returns>Models in the order of their elimination; the last one is never eliminated, its p-value is 1.</returns>
    public static IReadOnlyList<ConfidenceSetStep> Of(IReadOnlyList<double[]> losses, IReadOnlyList<int[]> indices, ConfidenceSetStatistic kind)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(indices);
        if (losses.Count == 0 || indices.Count == 0) throw new ArgumentException("losses and bootstrap samples are needed", nameof(losses));
        var models = losses[0].Length;
        var mean = Means(losses, [.. Enumerable.Range(0, losses.Count)]);
        double[][] deviations = [.. indices.Select(sample => Means(losses, sample).Zip(mean, (drawn, all) => drawn - all).ToArray())];
        return Eliminate(models, mean, deviations, kind);
    }

    /// <summary>The set by bootstrap samples of circular blocks, whose sums come from running sums: nothing grows with the number of samples.</summary>
    /// <param name="losses">For each model its losses in time; all finite, of one length.</param>
    /// <param name="samples">Bootstrap samples.</param>
    /// <param name="block">Length of a block.</param>
    /// <param name="seed">The same samples as <see cref="CircularBlocks"/> makes of it.</param>
    /// <param name="kind">The statistic.</param>
    public static IReadOnlyList<ConfidenceSetStep> Of(IReadOnlyList<double[]> losses, int samples, int block, ulong seed, ConfidenceSetStatistic kind)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(block);
        if (losses.Count == 0 || losses[0].Length == 0) throw new ArgumentException("losses are needed", nameof(losses));
        var length = losses[0].Length;
        double[] mean = [.. losses.Select(l => l.Average())];

        // Centred, twice around, so that a block that runs over the end is one difference and keeps its digits.
        double[][] running = [.. losses.Select((l, m) => Running(l, mean[m], length + Math.Min(block, length)))];
        var random = new RandomSource(seed);
        var deviations = new double[samples][];
        for (var b = 0; b < samples; b++)
        {
            var sums = new double[losses.Count];
            for (var t = 0; t < length; t += block)
            {
                var start = random.NextInt(length);
                var size = Math.Min(block, length - t);
                for (var m = 0; m < sums.Length; m++) sums[m] += running[m][start + size] - running[m][start];
            }

            deviations[b] = Array.ConvertAll(sums, s => s / length);
        }

        return Eliminate(losses.Count, mean, deviations, kind);
    }

    private static double[] Running(double[] losses, double mean, int length)
    {
        var sums = new double[length + 1];
        for (var t = 0; t < length; t++) sums[t + 1] = sums[t] + losses[t % losses.Length] - mean;
        return sums;
    }

    private static List<ConfidenceSetStep> Eliminate(int models, double[] mean, double[][] deviations, ConfidenceSetStatistic kind)
    {
        var left = Enumerable.Range(0, models).ToList();
        var steps = new List<ConfidenceSetStep>(models);
        double running = 0;
        while (left.Count > 1)
        {
            var (statistic, share, worst) = kind == ConfidenceSetStatistic.Range ? Range(left, mean, deviations) : Max(left, mean, deviations);
            running = Math.Max(running, share);
            steps.Add(new(left[worst], running, statistic));
            left.RemoveAt(worst);
        }

        steps.Add(new(left[0], 1, double.NaN));
        return steps;
    }

    /// <summary>Bootstrap samples of circular blocks (Politis and Romano 1992).</summary>
    /// <param name="length">Times.</param>
    /// <param name="samples">Bootstrap samples.</param>
    /// <param name="block">Length of a block.</param>
    /// <param name="seed">Makes them repeatable.</param>
    public static IReadOnlyList<int[]> CircularBlocks(int length, int samples, int block, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(block);
        var random = new RandomSource(seed);
        var all = new int[samples][];
        for (var b = 0; b < samples; b++)
        {
            all[b] = new int[length];
            for (var t = 0; t < length;)
            {
                var start = random.NextInt(length);
                for (var i = 0; i < block && t < length; i++, t++) all[b][t] = (start + i) % length;
            }
        }

        return all;
    }

    private static (double Statistic, double Share, int Worst) Range(List<int> left, double[] mean, double[][] deviations)
    {
        var k = left.Count;
        var scale = new double[k, k];
        foreach (var z in deviations)
        {
            for (var i = 0; i < k; i++)
                for (var j = 0; j < i; j++) scale[i, j] += Square(z[left[i]] - z[left[j]]) / deviations.Length;
        }

        double greatest = 0, most = double.NegativeInfinity;
        var worst = 0;
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                if (i == j) continue;
                var t = Ratio(mean[left[i]] - mean[left[j]], Scale(i, j));
                greatest = Math.Max(greatest, Math.Abs(t));
                if (t > most) (most, worst) = (t, i);
            }
        }

        var reached = 0;
        foreach (var z in deviations)
        {
            double top = 0;
            for (var i = 0; i < k; i++)
                for (var j = 0; j < i; j++) top = Math.Max(top, Math.Abs(Ratio(z[left[i]] - z[left[j]], Scale(i, j))));
            if (top >= greatest) reached++;
        }

        return (greatest, (double)reached / deviations.Length, worst);

        double Scale(int i, int j) => Math.Sqrt(i > j ? scale[i, j] : scale[j, i]);
    }

    private static (double Statistic, double Share, int Worst) Max(List<int> left, double[] mean, double[][] deviations)
    {
        var k = left.Count;
        var own = Against(left, mean);
        double[][] drawn = [.. deviations.Select(z => Against(left, z))];
        var scale = new double[k];
        foreach (var z in drawn)
        {
            for (var i = 0; i < k; i++) scale[i] += Square(z[i]) / drawn.Length;
        }

        for (var i = 0; i < k; i++) scale[i] = Math.Sqrt(scale[i]);
        var t = own.Select((d, i) => Ratio(d, scale[i])).ToArray();
        var greatest = t.Max();
        var reached = drawn.Count(z => z.Select((d, i) => Ratio(d, scale[i])).Max() >= greatest);
        return (greatest, (double)reached / drawn.Length, Array.IndexOf(t, greatest));
    }

    /// <summary>Each model's value less the mean of those left.</summary>
    private static double[] Against(List<int> left, double[] values)
    {
        var average = left.Average(i => values[i]);
        return [.. left.Select(i => values[i] - average)];
    }

    private static double Ratio(double difference, double scale) => difference == 0 ? 0 : difference / scale;

    private static double Square(double x) => x * x;

    private static double[] Means(IReadOnlyList<double[]> losses, int[] times)
    {
        var sums = new double[losses[0].Length];
        foreach (var t in times)
        {
            for (var m = 0; m < sums.Length; m++) sums[m] += losses[t][m];
        }

        for (var m = 0; m < sums.Length; m++) sums[m] /= times.Length;
        return sums;
    }
}
