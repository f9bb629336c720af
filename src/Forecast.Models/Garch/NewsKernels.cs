using System.Runtime.CompilerServices;

namespace Forecast.Models.Garch;

/// <summary>h of a state v and of x, with first and second derivatives.</summary>
internal readonly struct VarianceLink(double h, double v, double vv, double x = 0, double vx = 0, double xx = 0, double inverseRoot = 0)
{
    public readonly double Value = h;

    /// <summary>1/√h where the news needs it, else 0.</summary>
    public readonly double InverseRoot = inverseRoot;
    public readonly double V = v;
    public readonly double VV = vv;
    public readonly double X = x;
    public readonly double VX = vx;
    public readonly double XX = xx;
}

/// <summary>
/// One asymmetric family of orders (1,1) as <see cref="News11Kernel"/> needs it. Structs, so that each gets its own compiled loop.
/// </summary>
internal interface INewsKernel
{
    /// <summary>Whether the state depends on x: δ, or E|z| as far as that has derivatives.</summary>
    static abstract bool HasExtra { get; }

    /// <summary>Sees the residuals once before the recursion starts.</summary>
    void Prepare(ReadOnlySpan<double> x, double mu);

    /// <summary>The value of <see cref="Before"/>, for n residuals.</summary>
    double ValueBefore(double m, int n);

    /// <summary>v before the sample as a function of m and x.</summary>
    VarianceLink StateBefore(double m);

    /// <summary>What news adds to the first state; derivatives as if all residuals moved with e. m1 is dm/de, m2 d²m/de².</summary>
    NewsTerm Before(ReadOnlySpan<double> x, double mu, double m, double m1, double m2);

    /// <summary>What the news of time t adds to the next state.</summary>
    NewsTerm Term(int t, double e, double inverseRoot);

    /// <summary>Its value alone.</summary>
    double Value(int t, double e, double inverseRoot);

    /// <summary>h alone.</summary>
    double Variance(double v, out double inverseRoot);

    VarianceLink Link(double v);
}

internal readonly struct GjrKernel(double alpha, double gamma) : INewsKernel
{
    public static bool HasExtra => false;

    public void Prepare(ReadOnlySpan<double> x, double mu)
    {
        // The news of GJR needs the residual alone.
    }

    public VarianceLink StateBefore(double m) => new(m, 1, 0);

    public double ValueBefore(double m, int n) => (alpha + 0.5 * gamma) * m;

    public NewsTerm Before(ReadOnlySpan<double> x, double mu, double m, double m1, double m2)
    {
        var weight = alpha + 0.5 * gamma;
        return new NewsTerm { Value = weight * m, E = weight * m1, EE = weight * m2, A = m, G = 0.5 * m, EA = m1, EG = 0.5 * m1 };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NewsTerm Term(int t, double e, double inverseRoot) => NewsTerm.Gjr(e, alpha, gamma);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Value(int t, double e, double inverseRoot) => (e < 0 ? alpha + gamma : alpha) * e * e;

    public double Variance(double v, out double inverseRoot)
    {
        inverseRoot = 0;
        return v;
    }

    public VarianceLink Link(double v) => new(v, 1, 0);
}

/// <param name="alpha">α.</param>
/// <param name="gamma">γ.</param>
/// <param name="absoluteMean">E|z|.</param>
/// <remarks>
/// For a sample of unit variance: ln h beyond ±10 is outside the domain. A variance that all but vanishes at one small residual would
/// otherwise buy any likelihood.
/// </remarks>
internal readonly struct EgarchKernel(double alpha, double gamma, double absoluteMean) : INewsKernel
{
    private const double Reach = 10;

    public static bool HasExtra => true;

    public void Prepare(ReadOnlySpan<double> x, double mu)
    {
        // The news of EGARCH needs residual and variance alone.
    }

    public VarianceLink StateBefore(double m) => new(Math.Log(m), 1 / m, -1 / (m * m));

    public double ValueBefore(double m, int n) => 0;

    public NewsTerm Before(ReadOnlySpan<double> x, double mu, double m, double m1, double m2) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NewsTerm Term(int t, double e, double inverseRoot) => NewsTerm.Egarch(e, inverseRoot, alpha, gamma, absoluteMean);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Value(int t, double e, double inverseRoot)
    {
        var z = e * inverseRoot;
        return alpha * (Math.Abs(z) - absoluteMean) + gamma * z;
    }

    /// <remarks>The next state waits for exp(-v/2) alone; h follows from it meanwhile.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Variance(double v, out double inverseRoot)
    {
        inverseRoot = InlineExponential.Of(-0.5 * v);
        return Math.Abs(v) < Reach ? 1 / (inverseRoot * inverseRoot) : double.NaN;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VarianceLink Link(double v)
    {
        var h = Variance(v, out var inverseRoot);
        return new(h, h, h, inverseRoot: inverseRoot);
    }
}

/// <param name="alpha">α.</param>
/// <param name="gamma">γ.</param>
/// <param name="delta">δ.</param>
/// <param name="logarithms">Room for ln(|e| - γe), one a residual.</param>
/// <param name="powers">Room for (|e| - γe)^δ.</param>
internal readonly struct AparchKernel(double alpha, double gamma, double delta, double[] logarithms, double[] powers) : INewsKernel
{
    public static bool HasExtra => true;

    public void Prepare(ReadOnlySpan<double> x, double mu)
    {
        for (var t = 0; t < x.Length; t++)
        {
            var e = x[t] - mu;
            var log = Math.Log(Math.Abs(e) - gamma * e);
            logarithms[t] = log;
            powers[t] = Math.Exp(delta * log);
        }
    }

    /// <summary>m^(δ/2).</summary>
    public VarianceLink StateBefore(double m)
    {
        double half = 0.5 * delta, log = 0.5 * Math.Log(m), power = Math.Exp(delta * log), first = half * power / m;
        return new(power, first, (half - 1) * first / m, log * power, 0.5 * power / m * (1 + delta * log), log * log * power);
    }

    public double ValueBefore(double m, int n)
    {
        double sum = 0;
        foreach (var power in powers.AsSpan(0, n)) sum += power;
        return alpha * sum / n;
    }

    /// <summary>The mean over the sample.</summary>
    public NewsTerm Before(ReadOnlySpan<double> x, double mu, double m, double m1, double m2)
    {
        var sum = default(NewsTerm);
        for (var t = 0; t < x.Length; t++) sum = sum.Plus(Term(t, x[t] - mu, 0), 1.0 / x.Length);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NewsTerm Term(int t, double e, double inverseRoot) => NewsTerm.Aparch(e, logarithms[t], powers[t], alpha, gamma, delta);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Value(int t, double e, double inverseRoot) => alpha * powers[t];

    public double Variance(double v, out double inverseRoot)
    {
        inverseRoot = 0;
        return Math.Exp(2 / delta * Math.Log(v));
    }

    public VarianceLink Link(double v)
    {
        double log = Math.Log(v), h = Math.Exp(2 / delta * log), y1 = 2 / (delta * v), yx = -2 * log / (delta * delta);
        return new(h, h * y1, h * (y1 - 1 / v) * y1, h * yx, h * (y1 * yx - y1 / delta), h * (yx * yx - 2 * yx / delta));
    }
}
