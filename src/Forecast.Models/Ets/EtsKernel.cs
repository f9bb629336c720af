using System.Runtime.CompilerServices;

namespace Forecast.Models.Ets;

/// <summary>
/// The recursion of a form and its derivatives. With q = l + phi b (or l b^phi, or l), mu = q + s (or q s, or q), u = y - mu and
/// v = u / s with a multiplicative season, else u:
/// l' = q + alpha v, b' = phi b + beta v (or b^phi + beta v / l), s' = s + gamma u (or s + gamma u / q).
/// The updates are the same for both kinds of error (Hyndman et al. 2008, table 2.2, with r = mu e for the multiplicative one).
/// A missing row leaves the innovation at 0.
/// </summary>
internal abstract class EtsKernel
{
    /// <summary>
    /// Runs over the sample and fills the trace.
    /// </summary>
    /// <returns>False when a state left the range in which the form makes sense; the trace is then undefined.</returns>
    public abstract bool Forward(ReadOnlySpan<double> y, int period, in EtsPoint point, EtsTrace trace);

    /// <summary>
    /// Adjoint of <see cref="Forward"/>: derivatives of n ln(sum r^2) + 2 sum ln mu at the point of the trace, the seasonal ones
    /// into the first m entries of <see cref="EtsTrace.SeasonBar"/>.
    /// </summary>
    /// <param name="y">The sample of the pass forward.</param>
    /// <param name="period">m.</param>
    /// <param name="point">The point of the pass forward.</param>
    /// <param name="weight">2 n / sum r^2.</param>
    /// <param name="trace">Trace of the pass forward.</param>
    public abstract EtsPoint Backward(ReadOnlySpan<double> y, int period, in EtsPoint point, double weight, EtsTrace trace);

    /// <summary>Derivatives of the residuals at the point of the trace: <see cref="EtsTangent{TError,TTrend,TSeason}"/>.</summary>
    public abstract void Tangents(ReadOnlySpan<double> y, int period, in EtsPoint point, EtsTrace trace, EtsTangents tangents);

    public static EtsKernel For(EtsForm form) => form.Error == EtsPart.Multiplicative ? WithError<MultiplicativeError>(form) : WithError<AdditiveError>(form);

    private static EtsKernel WithError<TError>(EtsForm form)
        where TError : struct, IEtsError => form.Trend switch
        {
            EtsPart.None => WithTrend<TError, NoTrend>(form),
            EtsPart.Additive => form.Damped ? WithTrend<TError, DampedTrend>(form) : WithTrend<TError, AdditiveTrend>(form),
            _ => form.Damped ? WithTrend<TError, DampedMultiplicativeTrend>(form) : WithTrend<TError, MultiplicativeTrend>(form),
        };

    private static EtsKernel WithTrend<TError, TTrend>(EtsForm form)
        where TError : struct, IEtsError
        where TTrend : struct, IEtsTrend => form.Season switch
        {
            EtsPart.None => EtsKernel<TError, TTrend, NoSeason>.Instance,
            EtsPart.Additive => EtsKernel<TError, TTrend, AdditiveSeason>.Instance,
            _ => EtsKernel<TError, TTrend, MultiplicativeSeason>.Instance,
        };
}

/// <summary>One form's recursion, compiled for it alone. <see cref="EtsFilter"/> is the plain version that tests hold it against.</summary>
internal sealed class EtsKernel<TError, TTrend, TSeason> : EtsKernel
    where TError : struct, IEtsError
    where TTrend : struct, IEtsTrend
    where TSeason : struct, IEtsSeason
{
    public static readonly EtsKernel<TError, TTrend, TSeason> Instance = new();

    private static bool NeedsPositiveLevel => TSeason.Multiplies || TTrend.Multiplies;

    public override void Tangents(ReadOnlySpan<double> y, int period, in EtsPoint point, EtsTrace trace, EtsTangents tangents) =>
        EtsTangent<TError, TTrend, TSeason>.Run(y, period, point, trace, tangents);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Forward(ReadOnlySpan<double> y, int period, in EtsPoint point, EtsTrace trace)
    {
        var n = y.Length;
        double alpha = point.Alpha, beta = point.Beta, gamma = point.Gamma, phi = point.Phi;
        double l = point.Level, b = point.Slope;
        var levels = trace.Level.AsSpan(0, n + 1);
        var slopes = trace.Slope.AsSpan(0, n + 1);
        var seasons = trace.Season.AsSpan(0, n + period);
        var growths = trace.Growth.AsSpan(0, n);
        var means = trace.Mean.AsSpan(0, n);
        var residuals = trace.Residual.AsSpan(0, n);
        var shocks = trace.Shock.AsSpan(0, n);
        double squares = 0, logs = 0, product = 1;
        levels[0] = l;
        if (TTrend.Exists) slopes[0] = b;
        if (TTrend.Multiplies && !(b > 0)) return false;
        for (var t = 0; t < n; t++)
        {
            double q, growth = 0, s = 0;
            if (!TTrend.Exists)
            {
                q = l;
            }
            else
            {
                growth = TTrend.Multiplies ? (TTrend.Damped ? Math.Pow(b, phi) : b) : TTrend.Damped ? phi * b : b;
                q = TTrend.Multiplies ? l * growth : TTrend.Damped ? Math.FusedMultiplyAdd(phi, b, l) : l + growth;
                growths[t] = growth;
            }

            if (NeedsPositiveLevel && !(q > 0)) return false;
            if (TSeason.Exists) s = seasons[t];
            if (TSeason.Multiplies && !(s > 0)) return false;
            var mu = TSeason.Multiplies ? q * s : TSeason.Exists ? q + s : q;
            if (TError.Multiplies && !(mu > 0)) return false;
            var value = y[t];
            means[t] = mu;
            double error = value - mu, shock;
            if (!double.IsNaN(value))
            {
                shock = TSeason.Multiplies ? (value / s) - q : error;
                if (TError.Multiplies)
                {
                    var r = error / mu;
                    residuals[t] = r;
                    squares += r * r;
                    product *= mu;
                    if (product is > 1e100 or < 1e-100)
                    {
                        logs += Math.Log(product);
                        product = 1;
                    }
                }
                else
                {
                    residuals[t] = error;
                    squares += error * error;
                }
            }
            else
            {
                residuals[t] = 0;
                error = 0;
                shock = 0;
            }

            shocks[t] = shock;
            if (TTrend.Exists)
            {
                b = TTrend.Multiplies ? growth + (beta * shock / l) : Math.FusedMultiplyAdd(beta, shock, growth);
                if (TTrend.Multiplies && !(b > 0)) return false;
                slopes[t + 1] = b;
            }

            if (TSeason.Exists) seasons[t + period] = TSeason.Multiplies ? s + (gamma * ((value - mu) / q)) : s + (gamma * error);
            if (TSeason.Multiplies && double.IsNaN(value)) seasons[t + period] = s;
            l = Math.FusedMultiplyAdd(alpha, shock, q);
            levels[t + 1] = l;
        }

        trace.SumOfSquares = squares;
        trace.LogMeans = logs + Math.Log(product);
        return double.IsFinite(squares) && (!NeedsPositiveLevel || l > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override EtsPoint Backward(ReadOnlySpan<double> y, int period, in EtsPoint point, double weight, EtsTrace trace)
    {
        var n = y.Length;
        double alpha = point.Alpha, beta = point.Beta, gamma = point.Gamma, phi = point.Phi;
        var levels = trace.Level.AsSpan(0, n + 1);
        var slopes = trace.Slope.AsSpan(0, n + 1);
        var seasons = trace.Season.AsSpan(0, n + period);
        var growths = trace.Growth.AsSpan(0, n);
        var means = trace.Mean.AsSpan(0, n);
        var residuals = trace.Residual.AsSpan(0, n);
        var shocks = trace.Shock.AsSpan(0, n);
        var seasonBars = trace.SeasonBar.AsSpan(0, n + period);
        if (TSeason.Exists) seasonBars[n..].Clear();
        double alphaBar = 0, betaBar = 0, gammaBar = 0, phiBar = 0, lBar = 0, bBar = 0;
        for (var t = n - 1; t >= 0; t--)
        {
            double qBar = lBar, growthBar = 0, sBar = 0, l = levels[t], s = 0;
            var growth = TTrend.Exists ? growths[t] : 0;
            var q = !TTrend.Exists ? l : TTrend.Multiplies ? l * growth : l + growth;
            if (TTrend.Exists) growthBar = bBar;
            if (TSeason.Exists)
            {
                s = seasons[t];
                sBar = seasonBars[t + period];
            }

            var slopeLevelBar = 0.0;
            if (!double.IsNaN(y[t]))
            {
                double mu = means[t], shock = shocks[t], shockBar = alpha * lBar;
                alphaBar += lBar * shock;
                if (TTrend.Multiplies)
                {
                    var relative = shock / l;
                    shockBar += beta * bBar / l;
                    slopeLevelBar = -beta * bBar * relative / l;
                    betaBar += bBar * relative;
                }
                else if (TTrend.Exists)
                {
                    shockBar += beta * bBar;
                    betaBar += bBar * shock;
                }

                // What reaches mu apart from the shock's share, which depends on no bar of the step after: only the shock's waits for that.
                double direct, inverseQ = 0, inverseS = 0;
                if (TSeason.Multiplies) (inverseQ, inverseS) = (1 / q, 1 / s);
                if (TError.Multiplies)
                {
                    double r = residuals[t], inverse = TSeason.Multiplies ? inverseQ * inverseS : 1 / mu;
                    direct = inverse * (2 - (weight * r * (1 + r)));
                }
                else
                {
                    direct = -weight * residuals[t];
                }

                if (TSeason.Multiplies)
                {
                    double next = gamma * sBar * inverseQ, change = shock * s * inverseQ, byShock = shockBar * inverseS;
                    gammaBar += sBar * change;
                    direct -= next;
                    sBar += ((direct - byShock) * q) - (byShock * shock);
                    qBar += (direct * s) - (next * change) - shockBar;
                }
                else if (TSeason.Exists)
                {
                    gammaBar += sBar * shock;
                    var muBar = direct - (gamma * sBar) - shockBar;
                    qBar += muBar;
                    sBar += muBar;
                }
                else
                {
                    qBar += direct - shockBar;
                }
            }

            if (TSeason.Exists) seasonBars[t] = sBar;
            if (!TTrend.Exists)
            {
                lBar = qBar;
            }
            else if (TTrend.Multiplies)
            {
                lBar = (qBar * growth) + slopeLevelBar;
                growthBar += qBar * l;
                if (TTrend.Damped)
                {
                    var b = slopes[t];
                    phiBar += growthBar * growth * Math.Log(b);
                    bBar = growthBar * phi * growth / b;
                }
                else
                {
                    bBar = growthBar;
                }
            }
            else
            {
                lBar = qBar;
                growthBar += qBar;
                if (TTrend.Damped)
                {
                    phiBar += growthBar * slopes[t];
                    bBar = phi * growthBar;
                }
                else
                {
                    bBar = growthBar;
                }
            }
        }

        return new EtsPoint(alphaBar, betaBar, gammaBar, phiBar, lBar, bBar);
    }
}
