namespace Forecast.Models.UnitRoots;

/// <summary>
/// The test of Phillips and Perron (1988), whose null hypothesis is a unit root: x_t is regressed on x_(t-1), a constant and maybe
/// a trend, and the statistics are corrected by the long-run variance s^2(l) of the residuals (s^2 is their plain variance):
/// <code>
/// Z(alpha) = n (a - 1) - (s^2(l) - s^2) / (2 M)
/// Z(tau)   = (s / s(l)) (a - 1) / se(a) - (s^2(l) - s^2) / (2 s(l) sqrt(M))
/// </code>
/// M = n^-2 sum (x - mean)^2 with a constant, the same after removing a trend, times 1 - n^-2, with one. Small values reject.
/// </summary>
/// <param name="ZAlpha">Z(alpha).</param>
/// <param name="ZTau">Z(tau).</param>
/// <param name="Lags">l.</param>
/// <param name="PValue">Of Z(tau), within [0.01, 0.10], from the response surfaces of MacKinnon (1991).</param>
/// <param name="AlphaPValue">Of Z(alpha) with trend, within [0.01, 0.99], from Fuller's (1976) table; NaN without trend.</param>
public sealed record PhillipsPerronTest(double ZAlpha, double ZTau, int Lags, double PValue, double AlphaPValue)
{
    private static readonly double[] Levels = [0.01, 0.05, 0.10];
    private static readonly double[] Sizes = [25, 50, 100, 250, 500, 1e5];
    private static readonly double[] Probabilities = [0.01, 0.025, 0.05, 0.10, 0.90, 0.95, 0.975, 0.99];

    private static readonly double[][] AlphaQuantiles =
    [
        [-22.5, -25.7, -27.4, -28.4, -28.9, -29.5],
        [-19.9, -22.4, -23.6, -24.4, -24.8, -25.1],
        [-17.9, -19.8, -20.7, -21.3, -21.5, -21.8],
        [-15.6, -16.8, -17.5, -18.0, -18.1, -18.3],
        [-3.66, -3.71, -3.74, -3.75, -3.76, -3.77],
        [-2.51, -2.60, -2.62, -2.64, -2.65, -2.66],
        [-1.53, -1.66, -1.73, -1.78, -1.78, -1.79],
        [-0.43, -0.65, -0.75, -0.82, -0.84, -0.87],
    ];

    /// <param name="x">Observations without gaps.</param>
    /// <param name="withTrend">Whether the regression contains a trend.</param>
    /// <param name="lags">l; null = trunc(4 (n/100)^(1/4)), n the number of steps.</param>
    /// <returns>The test; null when the series is too short or the regression is singular.</returns>
    public static PhillipsPerronTest? Of(ReadOnlySpan<double> x, bool withTrend, int? lags = null)
    {
        var n = x.Length - 1;
        if (n < 3)
            return null;
        var previous = x[..n].ToArray();
        var ones = new double[n];
        Array.Fill(ones, 1);
        double[][] fixedPart = withTrend ? [ones, [.. Enumerable.Range(1, n).Select(t => t - (n / 2.0))]] : [ones];
        if (LeastSquaresFit.Of(x[1..], [previous, .. fixedPart]) is not { } fit || !(fit.SumOfSquares > 0))
            return null;

        // Without a trend R's ur.pp takes the moment of x_2..x_n, with one tseries' pp.test that of x_1..x_(n-1).
        var moment = LeastSquaresFit.Of(withTrend ? previous : x[1..], fixedPart)!.SumOfSquares / ((double)n * n);
        if (withTrend)
            moment *= 1 - (1 / ((double)n * n));
        var l = lags ?? LongRunVariance.ShortLag(n);
        var plain = fit.SumOfSquares / n;
        var longRun = LongRunVariance.Of(fit.Residuals, l);
        var excess = 0.5 * (longRun - plain);
        var a = fit.Coefficients[0];
        var t = (a - 1) / fit.StdErrors[0];
        var alpha = (n * (a - 1)) - (excess / moment);
        var tau = (Math.Sqrt(plain / longRun) * t) - (excess / Math.Sqrt(longRun * moment));
        var alphaP = withTrend ? ProbabilityTable.Read(Sizes, AlphaQuantiles, Probabilities, n, alpha) : double.NaN;
        return new PhillipsPerronTest(alpha, tau, l, ProbabilityTable.Read(Critical(withTrend, n), Levels, tau), alphaP);
    }

    /// <summary>b_inf + b_1 / n + b_2 / n^2 at 1, 5 and 10 %.</summary>
    private static double[] Critical(bool withTrend, double n) => withTrend
        ? [-3.9638 - (8.353 / n) - (47.44 / (n * n)), -3.4126 - (4.039 / n) - (17.83 / (n * n)), -3.1279 - (2.418 / n) - (7.58 / (n * n))]
        : [-3.4335 - (5.999 / n) - (29.25 / (n * n)), -2.8621 - (2.738 / n) - (8.36 / (n * n)), -2.5671 - (1.438 / n) - (4.48 / (n * n))];
}
