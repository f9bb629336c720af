namespace Forecast.Models.Garch;

/// <summary>
/// One step of a variance equation at fixed parameters, written as in the README: h of the next step from the residuals e, their
/// squares s and the variances h up to now (three rows of one length; lags before the first entry take the presample values).
/// </summary>
/// <remarks>A missing or a future value has e = 0 and s = E[e²] &gt; 0: every family then puts its news at the expectation.</remarks>
public abstract class VarianceEquation
{
    public abstract double Next(ReadOnlySpan<double> e, ReadOnlySpan<double> s, ReadOnlySpan<double> h);

    /// <summary>What stands for e² where x is missing: its expectation h.</summary>
    public virtual double MissingSquare(double h) => h;

    /// <summary>The equation of a family.</summary>
    /// <param name="specification">Family and orders.</param>
    /// <param name="theta">Parameters.</param>
    /// <param name="presample">e² and h before the sample.</param>
    /// <param name="news">APARCH: mean of (|e| - gamma_i e)^δ over the sample, one a lag; other families ignore it.</param>
    /// <param name="negativeShare">GJR: what stands for 1[e &lt; 0] where e is not known.</param>
    public static VarianceEquation Create(GarchSpecification specification, ReadOnlySpan<double> theta, double presample, double[] news, double negativeShare = 0.5)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return specification.Family switch
        {
            VarianceFamily.Gjr => new GjrVariance(specification, theta.ToArray(), presample, negativeShare),
            VarianceFamily.Egarch => new EgarchVariance(specification, theta.ToArray(), presample),
            VarianceFamily.Aparch => new AparchVariance(specification, theta.ToArray(), presample, news),
            VarianceFamily.Figarch => new FigarchVariance(specification, theta, presample),
            _ => new LinearVariance(specification.Unrestricted, specification.Expand(theta), presample),
        };
    }

    /// <summary>APARCH: the mean of (|e| - gamma_i e)^δ over the sample, one a lag; empty for other families.</summary>
    public static double[] PresampleNews(GarchSpecification specification, GarchSample sample, ReadOnlySpan<double> theta, ReadOnlySpan<double> residuals)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(sample);
        if (specification.Family != VarianceFamily.Aparch) return [];
        var news = new double[specification.ArchOrder];
        var delta = theta[specification.DeltaIndex];
        for (var i = 0; i < news.Length; i++)
        {
            var gamma = theta[specification.GammaIndex + i];
            for (var t = 0; t < residuals.Length; t++)
                if (!double.IsNaN(sample.Values[t])) news[i] += AparchVariance.News(residuals[t], gamma, delta);
            news[i] /= sample.Observed;
        }

        return news;
    }

    /// <summary>Whether a value at this place is missing or lies in the future.</summary>
    private protected static bool IsExpected(double e, double s) => e == 0 && s > 0;
}

/// <summary>h = omega + Σ alpha_i s_{t-i} + Σ beta_j h_{t-j}.</summary>
internal sealed class LinearVariance(GarchSpecification specification, double[] theta, double presample) : VarianceEquation
{
    public override double Next(ReadOnlySpan<double> e, ReadOnlySpan<double> s, ReadOnlySpan<double> h) =>
        GarchRecursion.NextVariance(specification, theta, s, h, presample);
}

/// <summary>h = omega + Σ (alpha_i + gamma_i 1[e_{t-i} &lt; 0]) s_{t-i} + Σ beta_j h_{t-j}; the indicator is ½ before the sample.</summary>
internal sealed class GjrVariance(GarchSpecification specification, double[] theta, double presample, double negativeShare) : VarianceEquation
{
    public override double Next(ReadOnlySpan<double> e, ReadOnlySpan<double> s, ReadOnlySpan<double> h)
    {
        var t = h.Length;
        var next = theta[specification.OmegaIndex];
        for (var i = 1; i <= specification.ArchOrder; i++)
        {
            var indicator = t < i ? 0.5 : e[t - i] < 0 ? 1 : e[t - i] > 0 ? 0 : negativeShare;
            next += (theta[specification.AlphaIndex + i - 1] + indicator * theta[specification.GammaIndex + i - 1]) * (t >= i ? s[t - i] : presample);
        }

        for (var j = 1; j <= specification.GarchOrder; j++) next += theta[specification.BetaIndex + j - 1] * (t >= j ? h[t - j] : presample);
        return next;
    }
}

/// <summary>
/// ln h = omega + Σ [alpha_i (|z_{t-i}| - E|z|) + gamma_i z_{t-i}] + Σ beta_j ln h_{t-j}; no news before the sample. Kept within ±20 of
/// the logarithm of the presample value, twice as far as a fit may go, since new data can drive the recursion of any EGARCH apart.
/// </summary>
internal sealed class EgarchVariance(GarchSpecification specification, double[] theta, double presample) : VarianceEquation
{
    private const double Reach = 20;
    private readonly double _absoluteMean = specification.CreateInnovation(theta).AbsoluteMean;
    private readonly double _centre = Math.Log(presample);

    public override double Next(ReadOnlySpan<double> e, ReadOnlySpan<double> s, ReadOnlySpan<double> h)
    {
        var t = h.Length;
        var log = theta[specification.OmegaIndex];
        for (var i = 1; i <= Math.Min(specification.ArchOrder, t); i++)
        {
            if (IsExpected(e[t - i], s[t - i])) continue;
            var z = e[t - i] / Math.Sqrt(h[t - i]);
            log += theta[specification.AlphaIndex + i - 1] * (Math.Abs(z) - _absoluteMean) + theta[specification.GammaIndex + i - 1] * z;
        }

        for (var j = 1; j <= specification.GarchOrder; j++) log += theta[specification.BetaIndex + j - 1] * Math.Log(t >= j ? h[t - j] : presample);
        return Math.Exp(Math.Clamp(log, _centre - Reach, _centre + Reach));
    }
}

/// <summary>σ^δ = omega + Σ alpha_i (|e_{t-i}| - gamma_i e_{t-i})^δ + Σ beta_j σ_{t-j}^δ; the news before the sample is its mean over it.</summary>
internal sealed class AparchVariance(GarchSpecification specification, double[] theta, double presample, double[] news) : VarianceEquation
{
    private readonly double _delta = theta[specification.DeltaIndex];
    private readonly double _presamplePower = Math.Pow(presample, 0.5 * theta[specification.DeltaIndex]);

    public static double News(double e, double gamma, double delta) => Math.Pow(Math.Abs(e) - gamma * e, delta);

    public override double Next(ReadOnlySpan<double> e, ReadOnlySpan<double> s, ReadOnlySpan<double> h)
    {
        var t = h.Length;
        var power = theta[specification.OmegaIndex];
        for (var i = 1; i <= specification.ArchOrder; i++)
        {
            // Where e is not known its news is σ^δ times the ratio of their means over the sample.
            var term = t < i ? news[i - 1]
                : IsExpected(e[t - i], s[t - i]) ? news[i - 1] / _presamplePower * Math.Pow(h[t - i], 0.5 * _delta)
                : News(e[t - i], theta[specification.GammaIndex + i - 1], _delta);
            power += theta[specification.AlphaIndex + i - 1] * term;
        }

        for (var j = 1; j <= specification.GarchOrder; j++)
            power += theta[specification.BetaIndex + j - 1] * (t >= j ? Math.Pow(h[t - j], 0.5 * _delta) : _presamplePower);
        return Math.Pow(power, 2 / _delta);
    }
}

/// <summary>h = omega/(1 - beta) + Σ_{i=1..N} λ_i s_{t-i}, the squares before the sample at their mean over it.</summary>
internal sealed class FigarchVariance : VarianceEquation
{
    private readonly FigarchWeights _weights;
    private readonly double _constant;
    private readonly double _presample;

    public FigarchVariance(GarchSpecification specification, ReadOnlySpan<double> theta, double presample)
    {
        _weights = FigarchWeights.At(specification, theta);
        _constant = theta[specification.OmegaIndex] / (1 - (specification.GarchOrder > 0 ? theta[specification.BetaIndex] : 0));
        _presample = presample;
    }

    /// <summary>The sample's mean, as before the sample: a memory of a thousand lags would otherwise carry guesses on and on.</summary>
    public override double MissingSquare(double h) => _presample;

    public override double Next(ReadOnlySpan<double> e, ReadOnlySpan<double> s, ReadOnlySpan<double> h)
    {
        var t = Math.Min(s.Length, FigarchWeights.Lags);
        return _constant + Spans.Dot(_weights.NewestLast.AsSpan()[^t..], s[^t..]) + _presample * _weights.Beyond(t);
    }
}
