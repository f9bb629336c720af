using System.Text.Json.Serialization;
using Forecast.Core.Distributions;

namespace Forecast.Backtest.Risk;

/// <summary>
/// Tests of the whole tail by Du and Escanciano (2017) on the cumulative violations H_t = (p - u_t) 1[u_t at most p] / p of the probability
/// integral transforms u_t: their mean is p/2 and they are not autocorrelated when the tail is right.
/// </summary>
/// <remarks>
/// Unconditional: sqrt(n) (mean H - p/2) / sqrt(p (1/3 - p/4)), normal, two-sided. Conditional: n sum_(j=1)^m rho_j^2, chi-square with m degrees of
/// freedom, rho_j = g_j / g_0 with g_j = sum (H_t - p/2)(H_(t-j) - p/2) / (n - j). Neither needs an exceedance.
/// </remarks>
public sealed record DuEscanciano
{
    /// <summary>Autocorrelations m.</summary>
    public const int Lags = 5;

    [JsonPropertyName("unconditional")]
    public required double Unconditional { get; init; }

    [JsonPropertyName("p_value")]
    public required double PValue { get; init; }

    /// <summary>Null when there are not more days than lags.</summary>
    [JsonPropertyName("conditional_lags5")]
    public required double? Conditional { get; init; }

    [JsonPropertyName("conditional_p_value")]
    public required double? ConditionalPValue { get; init; }

    public static DuEscanciano Of(ReadOnlySpan<double> pit, double alpha)
    {
        var n = pit.Length;
        var centred = new double[n];
        double mean = 0;
        for (var t = 0; t < n; t++)
        {
            var violation = pit[t] <= alpha ? (alpha - pit[t]) / alpha : 0;
            mean += violation / n;
            centred[t] = violation - (0.5 * alpha);
        }

        var statistic = Math.Sqrt(n) * (mean - (0.5 * alpha)) / Math.Sqrt(alpha * ((1.0 / 3) - (0.25 * alpha)));
        double? conditional = n > Lags ? n * Enumerable.Range(1, Lags).Sum(j => Square(Autocovariance(centred, j) / Autocovariance(centred, 0))) : null;
        return new()
        {
            Unconditional = statistic,
            PValue = 2 * NormalDistribution.Cdf(-Math.Abs(statistic)),
            Conditional = conditional is { } known ? Tails.Known(known) : null,
            ConditionalPValue = conditional is { } c ? Tails.Known(Tails.ChiSquared(c, Lags)) : null,
        };
    }

    private static double Square(double x) => x * x;

    private static double Autocovariance(double[] y, int lag)
    {
        double sum = 0;
        for (var t = lag; t < y.Length; t++) sum += y[t] * y[t - lag];
        return sum / (y.Length - lag);
    }
}
