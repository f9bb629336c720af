namespace Forecast.Models.Arima;

/// <summary>
/// Products of lag polynomials, in R's signs: autoregressive coefficients stand for 1 - sum a_i B^i, moving-average ones
/// for 1 + sum b_i B^i (Box, Jenkins and Reinsel 2008, chapter 9).
/// </summary>
public static class LagPolynomial
{
    /// <summary>
    /// Coefficients c_1.. of (1 + s sum a_i B^i)(1 + s sum A_j B^(j m)) = 1 + s sum c_k B^k, s = -1 for
    /// autoregressive and +1 for moving-average polynomials.
    /// </summary>
    /// <param name="sign">-1 or +1.</param>
    /// <param name="plain">a_1..a_p.</param>
    /// <param name="seasonal">A_1..A_P.</param>
    /// <param name="period">m.</param>
    /// <param name="product">Receives c_1..c_(p + P m); further entries are set to zero.</param>
    public static void Multiply(int sign, ReadOnlySpan<double> plain, ReadOnlySpan<double> seasonal, int period, Span<double> product)
    {
        product.Clear();
        plain.CopyTo(product);
        for (var j = 0; j < seasonal.Length; j++)
        {
            var shift = (j + 1) * period;
            product[shift - 1] += seasonal[j];
            for (var i = 0; i < plain.Length; i++)
                product[shift + i] += sign * plain[i] * seasonal[j];
        }
    }

    /// <summary>Coefficients delta_1.. of (1 - B)^d (1 - B^m)^D = 1 - sum delta_k B^k, all of them integers.</summary>
    public static double[] Differencing(int d, int seasonalD, int period)
    {
        double[] polynomial = [1];
        for (var k = 0; k < d; k++)
            polynomial = TimesOneMinusLag(polynomial, 1);
        for (var k = 0; k < seasonalD; k++)
            polynomial = TimesOneMinusLag(polynomial, period);
        var delta = new double[polynomial.Length - 1];
        for (var k = 0; k < delta.Length; k++)
            delta[k] = -polynomial[k + 1];
        return delta;
    }

    /// <summary>(1 - B)^d (1 - B^m)^D x: d + D m values shorter than <paramref name="x"/>.</summary>
    public static double[] Difference(ReadOnlySpan<double> x, int d, int seasonalD, int period)
    {
        var values = x.ToArray();
        for (var k = 0; k < d; k++)
            values = DifferenceOnce(values, 1);
        for (var k = 0; k < seasonalD; k++)
            values = DifferenceOnce(values, period);
        return values;
    }

    private static double[] DifferenceOnce(double[] x, int lag)
    {
        var result = new double[Math.Max(0, x.Length - lag)];
        for (var t = 0; t < result.Length; t++)
            result[t] = x[t + lag] - x[t];
        return result;
    }

    private static double[] TimesOneMinusLag(double[] polynomial, int lag)
    {
        var product = new double[polynomial.Length + lag];
        polynomial.CopyTo(product, 0);
        for (var k = 0; k < polynomial.Length; k++)
            product[k + lag] -= polynomial[k];
        return product;
    }
}
