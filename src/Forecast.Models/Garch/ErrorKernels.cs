using System.Runtime.CompilerServices;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>Derivatives of one log-likelihood term l(e, h, s): residual e, variance h, shape s.</summary>
internal struct TermDerivatives
{
    public double E;
    public double H;
    public double EE;
    public double EH;
    public double HH;
    public double S;
    public double ES;
    public double HS;
    public double SS;
}

/// <summary>
/// The log-likelihood terms of one innovation family, written in e² and h so that the inner loop needs neither a square root
/// nor (except for the GED) a logarithm an observation. Structs, so that each gets its own compiled loop.
/// </summary>
internal interface IErrorKernel
{
    /// <summary>Adds a term's value.</summary>
    void Add(double e, double h);

    /// <summary>Adds a term's value and gives its derivatives; S leaves out what depends on totals only (see <see cref="ShapeRest"/>).</summary>
    void Add(double e, double h, ref TermDerivatives d);

    /// <summary>Sum of the values of n terms.</summary>
    double Total(int n);

    /// <summary>What is missing from the sum of the n S: a function of the accumulated logarithms.</summary>
    double ShapeRest(int n);

    /// <summary>What is missing from the sum of the n SS.</summary>
    double ShapeSecondRest(int n);
}

/// <summary>l = -½ (ln 2π + ln h + e²/h).</summary>
internal struct NormalErrorKernel : IErrorKernel
{
    private const double LogTwoPi = 1.83787706640934548356;
    private LogProduct _h = new();
    private double _squares;

    public NormalErrorKernel()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double e, double h)
    {
        _h.Add(h);
        _squares += e * e / h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double e, double h, ref TermDerivatives d)
    {
        var r = 1 / h;
        var er = e * r;
        var u = e * er;
        _h.Add(h);
        _squares += u;
        d.E = -er;
        d.H = 0.5 * (u - 1) * r;
        d.EE = -r;
        d.EH = er * r;
        d.HH = (0.5 - u) * r * r;
    }

    public readonly double Total(int n) => Total(n, _h.Total, _squares);

    /// <summary>Of n terms from Σ ln h and Σ e²/h.</summary>
    public static double Total(int n, double logarithms, double squares) => -0.5 * (n * LogTwoPi + logarithms + squares);

    public readonly double ShapeRest(int n) => 0;

    public readonly double ShapeSecondRest(int n) => 0;
}

/// <summary>
/// l = c(ν) + ν/2 ln h - (ν+1)/2 ln D, D = (ν-2) h + e², c = ln Γ((ν+1)/2) - ln Γ(ν/2) - ½ ln π + ν/2 ln(ν-2).
/// </summary>
internal struct StudentErrorKernel(double nu) : IErrorKernel
{
    private readonly double _nu = nu;
    private readonly double _w = nu - 2;
    private LogProduct _h = new();
    private LogProduct _d = new();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double e, double h)
    {
        _h.Add(h);
        _d.Add(_w * h + e * e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double e, double h, ref TermDerivatives d)
    {
        var n1 = _nu + 1;
        var e2 = e * e;
        var den = _w * h + e2;
        _h.Add(h);
        _d.Add(den);
        var r = 1 / (den * h);
        var rd = r * h;
        var rh = r * den;
        var ed = e * rd;
        var wd = _w * rd;
        var hd = h * rd;
        d.E = -n1 * ed;
        d.H = 0.5 * (_nu * rh - n1 * wd);
        d.EE = -n1 * rd * (1 - 2 * e * ed);
        d.EH = n1 * ed * wd;
        d.HH = 0.5 * (n1 * wd * wd - _nu * rh * rh);
        d.S = -0.5 * n1 * hd;
        d.ES = ed * (n1 * hd - 1);
        d.HS = 0.5 * (rh - wd + n1 * rd * (wd * h - 1));
        d.SS = hd * (0.5 * n1 * hd - 1);
    }

    public readonly double Total(int n) => Total(n, _nu, _h.Total, _d.Total);

    /// <summary>Of n terms from Σ ln h and Σ ln D.</summary>
    public static double Total(int n, double nu, double logarithms, double logarithmsOfD) =>
        n * (GammaFunctions.LogHalfStepRatio(0.5 * nu) - 0.5 * Math.Log(Math.PI) + 0.5 * nu * Math.Log(nu - 2))
        + 0.5 * nu * logarithms - 0.5 * (nu + 1) * logarithmsOfD;

    public readonly double ShapeRest(int n)
    {
        var psi = 0.5 * (GammaFunctions.Digamma(0.5 * (_nu + 1)) - GammaFunctions.Digamma(0.5 * _nu));
        return n * (psi + 0.5 * Math.Log(_w) + 0.5 * _nu / _w) + 0.5 * (_h.Total - _d.Total);
    }

    public readonly double ShapeSecondRest(int n)
    {
        var psi = 0.25 * (GammaFunctions.Trigamma(0.5 * (_nu + 1)) - GammaFunctions.Trigamma(0.5 * _nu));
        return n * (psi + 1 / _w - 0.5 * _nu / (_w * _w));
    }
}

/// <summary>l = C(ν) - ½ ln h - P, P = k(ν) (e²/h)^(ν/2).</summary>
internal struct GedErrorKernel(double nu) : IErrorKernel
{
    private readonly double _nu = nu;
    private readonly GedConstants _c = new(nu);
    private LogProduct _h = new();
    private double _powers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double e, double h)
    {
        _h.Add(h);
        var u = e * e / h;
        if (u > 0) _powers += Math.Exp(_c.LogK + 0.5 * _nu * Math.Log(u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double e, double h, ref TermDerivatives d)
    {
        _h.Add(h);
        var r = 1 / h;
        var u = e * e * r;
        if (!(u > 0))
        {
            d = new TermDerivatives { H = -0.5 * r, HH = 0.5 * r * r };
            return;
        }

        var log = 0.5 * Math.Log(u);
        var p = Math.Exp(_c.LogK + _nu * log);
        var l = _c.LogK1 + log;
        var np = _nu * p;
        var q = p * (1 + _nu * l);
        _powers += p;
        d.E = -np / e;
        d.H = 0.5 * (np - 1) * r;
        d.EE = -(_nu - 1) * np / (e * e);
        d.EH = 0.5 * _nu * np * r / e;
        d.HH = (0.5 - 0.25 * (_nu + 2) * np) * r * r;
        d.S = -p * l;
        d.ES = -q / e;
        d.HS = 0.5 * q * r;
        d.SS = -p * (l * l + _c.LogK2);
    }

    public readonly double Total(int n) => n * _c.C - 0.5 * _h.Total - _powers;

    public readonly double ShapeRest(int n) => n * _c.C1;

    public readonly double ShapeSecondRest(int n) => n * _c.C2;
}
