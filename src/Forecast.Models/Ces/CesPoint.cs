using Forecast.Models.Arima;

namespace Forecast.Models.Ces;

/// <summary>
/// Smoothing parameters a0 + i a1 of level and potential, and of the season: b0 + i b1 (full), or the real b0 (partial). In the simple
/// seasonal form a0 + i a1 belongs to the season.
/// </summary>
internal readonly record struct CesPoint(CesSeasonality Seasonality, double A0, double A1, double B0 = 0, double B1 = 0)
{
    /// <summary>How many smoothing parameters a form has.</summary>
    public static int Count(CesSeasonality seasonality) => seasonality switch { CesSeasonality.Partial => 3, CesSeasonality.Full => 4, _ => 2 };

    public static CesPoint Of(CesSeasonality seasonality, ReadOnlySpan<double> x) =>
        new(seasonality, x[0], x[1], x.Length > 2 ? x[2] : 0, x.Length > 3 ? x[3] : 0);

    /// <summary>
    /// Whether first states are forgotten: the moving average polynomial of the model,
    /// theta(B) = P_a(B) S(B) + N_a(B) S(B) + P_a(B) N_s(B), has its roots outside the unit circle. P = 1 - (2 - a0) B + (2 - a0 - a1) B^2 and
    /// N = g B - ((1 - a0) g + (1 - a1) (a0 + a1)) B^2 with g = a0 - a1 belong to a complex component; the partial season has
    /// S = 1 - B^m and N_s = b0 B^m, the full one the same P and N of b in B^m.
    /// </summary>
    public bool IsStable(int period)
    {
        Span<double> p = [1, A0 - 2, 2 - A0 - A1];
        Span<double> n = Numerator(A0, A1);
        if (Seasonality is CesSeasonality.None or CesSeasonality.Simple) return RootsOutside([1, p[1] + n[1], p[2] + n[2]]);
        Span<double> s = Seasonality == CesSeasonality.Partial ? [1, -1] : [1, B0 - 2, 2 - B0 - B1];
        Span<double> ns = Seasonality == CesSeasonality.Partial ? [0, B0] : Numerator(B0, B1);
        var theta = new double[2 + ((s.Length - 1) * period) + 1];
        for (var i = 0; i <= 2; i++)
        {
            for (var j = 0; j < s.Length; j++) theta[i + (j * period)] += ((p[i] + n[i]) * s[j]) + (p[i] * ns[j]);
        }

        return RootsOutside(theta);
    }

    private static double[] Numerator(double a0, double a1) => [0, a0 - a1, -(((1 - a0) * (a0 - a1)) + ((1 - a1) * (a0 + a1)))];

    private static bool RootsOutside(ReadOnlySpan<double> theta)
    {
        var order = theta.Length - 1;
        double[] coefficients = new double[order], partial = new double[order];
        for (var i = 0; i < order; i++) coefficients[i] = -theta[i + 1];
        return PartialAutocorrelation.TryFromCoefficients(coefficients, partial);
    }
}
