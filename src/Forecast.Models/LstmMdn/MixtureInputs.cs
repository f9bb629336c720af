namespace Forecast.Models.LstmMdn;

/// <summary>
/// What a network reads of a day t: the return itself (one feature), or arsinh of the scaled return z_t = (r_t - mu) / s_t and the logarithm of the next day's
/// scale over the usual one, ln(s_(t+1) / s) (two features). arsinh is the value itself for ordinary days and the logarithm for crashes, which would
/// otherwise drown all others.
/// </summary>
internal static class MixtureInputs
{
    /// <summary>Rows of features, one a return.</summary>
    public static double[] Of(ReadOnlySpan<double> returns, double[] variances, VolatilityFilter filter, int features)
    {
        var rows = new double[returns.Length * features];
        for (var t = 0; t < returns.Length; t++) Write(returns[t], variances[t], variances[t + 1], filter, rows.AsSpan(t * features, features));
        return rows;
    }

    /// <param name="r">Return of the day; missing is read as its mean.</param>
    /// <param name="h">Variance of the day.</param>
    /// <param name="next">Variance of the day after.</param>
    /// <param name="filter">Where they come from.</param>
    /// <param name="row">Features of the day.</param>
    public static void Write(double r, double h, double next, VolatilityFilter filter, Span<double> row)
    {
        var z = double.IsNaN(r) ? 0 : (r - filter.Mu) / Math.Sqrt(h);
        row[0] = row.Length == 1 ? z : Math.Asinh(z);
        if (row.Length > 1) row[1] = 0.5 * Math.Log(next / filter.Start);
    }
}
