namespace Forecast.Models.UnitRoots;

/// <summary>The deterministic part of a unit-root regression.</summary>
public enum Deterministic
{
    None,
    Constant,
    Trend,
}

/// <summary>How many lagged differences a Dickey-Fuller regression gets.</summary>
public enum LagChoice
{
    /// <summary>As many as stated.</summary>
    Fixed,

    /// <summary>From 1 to as many as stated, by Akaike's criterion on a common sample.</summary>
    Aic,

    /// <summary>The same by Schwarz' criterion.</summary>
    Bic,
}

/// <summary>
/// The augmented test of Dickey and Fuller (1979, 1981), whose null hypothesis is a unit root:
/// <code>dx_t = [c + b t] + rho x_(t-1) + sum_(i=1..k) g_i dx_(t-i) + e_t,   tau = rho / se(rho)</code>
/// Small values reject. The sample is the one that the largest number of lags leaves.
/// </summary>
/// <param name="Statistic">tau.</param>
/// <param name="Lags">k.</param>
/// <param name="PValue">Within [0.01, 0.10]: interpolated between the 1, 5 and 10 % points of Fuller (1976) for the sample size.</param>
/// <param name="TrendPValue">Within [0.01, 0.99], from the longer table for the regression with trend; NaN for the others.</param>
/// <param name="JointStatistics">
/// F of x_(t-1) with the constant (phi1); with a trend F of x_(t-1), constant and trend (phi2), then of x_(t-1) and trend (phi3).
/// </param>
public sealed record DickeyFullerTest(double Statistic, int Lags, double PValue, double TrendPValue, IReadOnlyList<double> JointStatistics)
{
    private static readonly double[] Sizes = [25, 50, 100, 250, 500, 1e5];
    private static readonly double[] Levels = [0.01, 0.05, 0.10];
    private static readonly double[][] CriticalNone = [[-2.66, -1.95, -1.60], [-2.62, -1.95, -1.61], [-2.60, -1.95, -1.61], [-2.58, -1.95, -1.62], [-2.58, -1.95, -1.62], [-2.58, -1.95, -1.62]];
    private static readonly double[][] CriticalConstant = [[-3.75, -3.00, -2.63], [-3.58, -2.93, -2.60], [-3.51, -2.89, -2.58], [-3.46, -2.88, -2.57], [-3.44, -2.87, -2.57], [-3.43, -2.86, -2.57]];
    private static readonly double[][] CriticalTrend = [[-4.38, -3.60, -3.24], [-4.15, -3.50, -3.18], [-4.04, -3.45, -3.15], [-3.99, -3.43, -3.13], [-3.98, -3.42, -3.13], [-3.96, -3.41, -3.12]];
    private static readonly double[] TrendProbabilities = [0.01, 0.025, 0.05, 0.10, 0.90, 0.95, 0.975, 0.99];

    private static readonly double[][] TrendQuantiles =
    [
        [-4.38, -4.15, -4.04, -3.99, -3.98, -3.96],
        [-3.95, -3.80, -3.73, -3.69, -3.68, -3.66],
        [-3.60, -3.50, -3.45, -3.43, -3.42, -3.41],
        [-3.24, -3.18, -3.15, -3.13, -3.13, -3.12],
        [-1.14, -1.19, -1.22, -1.23, -1.24, -1.25],
        [-0.80, -0.87, -0.90, -0.92, -0.93, -0.94],
        [-0.50, -0.58, -0.62, -0.64, -0.65, -0.66],
        [-0.15, -0.24, -0.28, -0.31, -0.32, -0.33],
    ];

    /// <param name="x">Observations without gaps.</param>
    /// <param name="deterministic">What the regression contains beside x_(t-1).</param>
    /// <param name="lags">k, or the largest k.</param>
    /// <param name="choice">How k is chosen.</param>
    /// <returns>The test; null when the series is too short for the regression or its regressors are dependent.</returns>
    public static DickeyFullerTest? Of(ReadOnlySpan<double> x, Deterministic deterministic, int lags, LagChoice choice = LagChoice.Fixed)
    {
        var steps = x.Length - 1;
        if (steps - lags < 2)
            return null;
        var difference = new double[steps];
        for (var t = 0; t < steps; t++)
            difference[t] = x[t + 1] - x[t];
        var y = difference[lags..];
        var level = x[lags..steps].ToArray();
        double[][] lagged = [.. Enumerable.Range(1, lags).Select(i => difference[(lags - i)..(steps - i)])];
        var k = choice == LagChoice.Fixed ? lags : BestLag(y, level, lagged, deterministic, choice);
        lagged = lagged[..k];
        double[][] fixedPart = [.. Terms(deterministic, lags, y.Length)];
        if (LeastSquaresFit.Of(y, [level, .. fixedPart, .. lagged]) is not { } fit)
            return null;
        double[] joint = deterministic switch
        {
            Deterministic.Constant => [JointF(fit, y, lagged, 2)],
            Deterministic.Trend => [JointF(fit, y, lagged, 3), JointF(fit, y, [fixedPart[0], .. lagged], 2)],
            _ => [],
        };
        var tau = fit.TStatistic(0);
        var trend = deterministic == Deterministic.Trend ? ProbabilityTable.Read(Sizes, TrendQuantiles, TrendProbabilities, steps, tau) : double.NaN;
        return new DickeyFullerTest(tau, k, ProbabilityTable.Read(CriticalValues(deterministic, steps), Levels, tau), trend, joint);
    }

    /// <summary>The 1, 5 and 10 % points for a number of differences.</summary>
    public static IReadOnlyList<double> Critical(Deterministic deterministic, int steps) => CriticalValues(deterministic, steps);

    private static double[] CriticalValues(Deterministic deterministic, int steps)
    {
        var row = steps switch { < 25 => 0, < 50 => 1, < 100 => 2, < 250 => 3, < 500 => 4, _ => 5 };
        return deterministic switch
        {
            Deterministic.None => CriticalNone[row],
            Deterministic.Constant => CriticalConstant[row],
            _ => CriticalTrend[row],
        };
    }

    private static int BestLag(double[] y, double[] level, double[][] lagged, Deterministic deterministic, LagChoice choice)
    {
        var penalty = choice == LagChoice.Aic ? 2 : Math.Log(y.Length);
        double[][] fixedPart = [level, .. Terms(deterministic, lagged.Length, y.Length)];
        var (best, least) = (Math.Min(1, lagged.Length), double.PositiveInfinity);
        for (var k = 1; k <= lagged.Length; k++)
        {
            if (LeastSquaresFit.Of(y, [.. fixedPart, .. lagged[..k]]) is { } fit && fit.Criterion(penalty) < least)
                (best, least) = (k, fit.Criterion(penalty));
        }

        return best;
    }

    private static IEnumerable<double[]> Terms(Deterministic deterministic, int lags, int n)
    {
        if (deterministic == Deterministic.None)
            yield break;
        var ones = new double[n];
        Array.Fill(ones, 1);
        yield return ones;
        if (deterministic == Deterministic.Trend)
            yield return [.. Enumerable.Range(lags + 1, n).Select(t => (double)t)];
    }

    /// <summary>((S_0 - S) / restrictions) / (S / df).</summary>
    private static double JointF(LeastSquaresFit fit, double[] y, double[][] kept, int restrictions)
    {
        var restricted = LeastSquaresFit.Of(y, kept)?.SumOfSquares ?? y.Sum(v => v * v);
        return (restricted - fit.SumOfSquares) / restrictions / (fit.SumOfSquares / fit.DegreesOfFreedom);
    }
}
