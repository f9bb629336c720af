namespace Forecast.Models.UnitRoots;

/// <summary>Linear interpolation in a published table, held constant beyond its ends.</summary>
internal static class ProbabilityTable
{
    /// <param name="at">Ascending abscissae.</param>
    /// <param name="values">Their values.</param>
    /// <param name="x">Where to read.</param>
    public static double Read(ReadOnlySpan<double> at, ReadOnlySpan<double> values, double x)
    {
        if (x <= at[0])
            return values[0];
        for (var i = 1; i < at.Length; i++)
        {
            if (x <= at[i])
                return values[i - 1] + ((values[i] - values[i - 1]) * (x - at[i - 1]) / (at[i] - at[i - 1]));
        }

        return values[^1];
    }

    /// <summary>First reads every column of a table by sample size, then the probability by the statistic.</summary>
    /// <param name="sizes">Sample sizes, ascending.</param>
    /// <param name="quantiles">One row a probability, one entry a sample size.</param>
    /// <param name="probabilities">Probability of each row, such that the quantiles ascend.</param>
    /// <param name="n">Sample size.</param>
    /// <param name="statistic">Where to read.</param>
    public static double Read(ReadOnlySpan<double> sizes, double[][] quantiles, ReadOnlySpan<double> probabilities, int n, double statistic)
    {
        var own = new double[quantiles.Length];
        for (var i = 0; i < own.Length; i++)
            own[i] = Read(sizes, quantiles[i], n);
        return Read(own, probabilities, statistic);
    }
}
