using MathNet.Numerics.Distributions;

namespace Forecast.Backtest.Drift;

/// <summary>
/// Population stability index of current values against a reference: the symmetrised Kullback-Leibler divergence of two histograms,
/// <c>PSI = sum over bins of (q - p) ln(q / p)</c>, p and q the shares of reference and current values in bins that hold equal shares of the
/// reference. Half an observation is added to each bin, so that an empty one has a share.
/// </summary>
/// <remarks>
/// Siddiqi, Credit Risk Scorecards (Wiley 2006): under 0.1 nothing, over 0.25 much has changed. For few values the index is large by chance
/// alone: without a change it is close to <c>(1/n + 1/m)</c> times a chi-squared variable with <c>bins - 1</c> degrees of freedom (Yurdakul,
/// Statistical properties of the population stability index, 2018), which gives <see cref="ByChance"/>.
/// </remarks>
/// <param name="Value">The index.</param>
/// <param name="ByChance">What it exceeds in a share alpha of cases though nothing has changed.</param>
/// <param name="Bins">How many bins were told apart.</param>
public sealed record PopulationStability(double Value, double ByChance, int Bins)
{
    /// <summary>From here on much has changed.</summary>
    public const double Large = 0.25;

    /// <summary>Whether the values have drifted: more than chance gives, and much.</summary>
    public bool Drifted => Value > Math.Max(Large, ByChance);

    /// <param name="reference">Values that the model was fitted on; at least one.</param>
    /// <param name="current">Values since; at least one.</param>
    /// <param name="alpha">How often chance alone may exceed <see cref="ByChance"/>.</param>
    /// <param name="bins">Bins; ties of the reference may leave fewer.</param>
    public static PopulationStability Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, double alpha = 0.01, int bins = 10)
    {
        if (reference.IsEmpty) throw new ArgumentException("there is nothing to compare with", nameof(reference));
        if (current.IsEmpty) throw new ArgumentException("there is nothing to compare", nameof(current));
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var edges = Edges(reference, bins);
        var (before, since) = (Counts(reference, edges), Counts(current, edges));
        var count = edges.Length + 1;
        var sum = 0.0;
        for (var b = 0; b < count; b++)
        {
            var p = (before[b] + 0.5) / (reference.Length + (0.5 * count));
            var q = (since[b] + 0.5) / (current.Length + (0.5 * count));
            sum += (q - p) * Math.Log(q / p);
        }

        var byChance = count == 1 ? 0 : ((1.0 / reference.Length) + (1.0 / current.Length)) * ChiSquared.InvCDF(count - 1, 1 - alpha);
        return new PopulationStability(sum, byChance, count);
    }

    /// <summary>Upper ends of all bins but the last: sample quantiles of the reference (the least value with that share at or below it), each once.</summary>
    private static double[] Edges(ReadOnlySpan<double> reference, int bins)
    {
        var sorted = reference.ToArray();
        Array.Sort(sorted);
        var edges = new List<double>(bins - 1);
        for (var b = 1; b < bins; b++)
        {
            var edge = sorted[(int)Math.Ceiling((double)b * sorted.Length / bins) - 1];
            if ((edges.Count == 0 || edge > edges[^1]) && edge < sorted[^1]) edges.Add(edge);
        }

        return [.. edges];
    }

    private static int[] Counts(ReadOnlySpan<double> values, double[] edges)
    {
        var counts = new int[edges.Length + 1];
        foreach (var value in values)
        {
            var place = Array.BinarySearch(edges, value);
            counts[place >= 0 ? place : ~place]++;
        }

        return counts;
    }
}
