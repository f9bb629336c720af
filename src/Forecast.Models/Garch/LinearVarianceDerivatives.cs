namespace Forecast.Models.Garch;

/// <summary>Derivatives of GARCH(p,q): linear in squares and variances, so only products of a coefficient and a lag appear.</summary>
internal sealed class LinearVarianceDerivatives : VarianceDerivatives
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly MeanDerivatives _mean;
    private readonly int _k;
    private readonly int _depth;
    private readonly double[] _theta;

    // Values of squared inputs and variances, and rings of their derivatives over the last lags.
    private readonly double[] _s;
    private readonly double[] _h;
    private readonly double[] _ds;
    private readonly double[] _dh;
    private readonly double[] _dds;
    private readonly double[] _ddh;
    private int _row;

    public LinearVarianceDerivatives(GarchSpecification specification, GarchSample sample, MeanDerivatives mean)
    {
        _spec = specification;
        _sample = sample;
        _mean = mean;
        _k = specification.RecursionCount;
        _depth = Math.Max(specification.ArchOrder, specification.GarchOrder) + 1;
        _theta = new double[_k];
        _s = new double[sample.Length];
        _h = new double[sample.Length];
        _ds = new double[_depth * _k];
        _dh = new double[_depth * _k];
        _dds = new double[_depth * _k * _k];
        _ddh = new double[_depth * _k * _k];
    }

    public override int Size => _k;

    public override ReadOnlySpan<double> Gradient => _dh.AsSpan(_row * _k, _k);

    public override ReadOnlySpan<double> Hessian => _ddh.AsSpan(_row * _k * _k, _k * _k);

    /// <summary>Fills every row of the rings with the presample value's derivatives.</summary>
    public override void Start(ReadOnlySpan<double> theta, double absoluteMean)
    {
        theta[.._k].CopyTo(_theta);
        _ds.AsSpan().Clear();
        _dh.AsSpan().Clear();
        _dds.AsSpan().Clear();
        _ddh.AsSpan().Clear();
        var km = _spec.MeanCount;
        for (var r = 0; r < _depth; r++)
        {
            for (var a = 0; a < km; a++)
            {
                _ds[r * _k + a] = _dh[r * _k + a] = _mean.PresampleGradient[a];
                for (var b = 0; b < km; b++) _dds[(r * _k + a) * _k + b] = _ddh[(r * _k + a) * _k + b] = _mean.PresampleHessian[a * km + b];
            }
        }
    }

    public override double Step(int t)
    {
        _row = Row(t);
        var dh = _dh.AsSpan(_row * _k, _k);
        var ddh = _ddh.AsSpan(_row * _k * _k, _k * _k);
        dh.Clear();
        ddh.Clear();
        dh[_spec.OmegaIndex] = 1;
        var h = _theta[_spec.OmegaIndex];
        for (var i = 1; i <= _spec.ArchOrder; i++) h += AddLag(_spec.AlphaIndex + i - 1, t - i, _s, _ds, _dds, dh, ddh);
        for (var j = 1; j <= _spec.GarchOrder; j++) h += AddLag(_spec.BetaIndex + j - 1, t - j, _h, _dh, _ddh, dh, ddh);
        _h[t] = h;
        return h;
    }

    public override void Close(int t)
    {
        if (double.IsNaN(_sample.Values[t])) CopyVarianceToInput(t);
        else SetInput(t);
    }

    private int Row(int t) => (t % _depth + _depth) % _depth;

    /// <summary>Adds c v_{lag} and its derivatives, where c is the parameter of that index and v a squared input or a variance.</summary>
    private double AddLag(int index, int lag, double[] v, double[] dv, double[] ddv, Span<double> dh, Span<double> ddh)
    {
        var c = _theta[index];
        var value = lag >= 0 ? v[lag] : _mean.Presample;
        var row = Row(lag);
        var first = dv.AsSpan(row * _k, _k);
        var second = ddv.AsSpan(row * _k * _k, _k * _k);
        Spans.AddScaled(dh, c, first);
        dh[index] += value;
        Spans.AddScaled(ddh, c, second);
        for (var a = 0; a < _k; a++)
        {
            ddh[index * _k + a] += first[a];
            ddh[a * _k + index] += first[a];
        }

        return c * value;
    }

    private void CopyVarianceToInput(int t)
    {
        var row = Row(t);
        _s[t] = _h[t];
        _dh.AsSpan(row * _k, _k).CopyTo(_ds.AsSpan(row * _k));
        _ddh.AsSpan(row * _k * _k, _k * _k).CopyTo(_dds.AsSpan(row * _k * _k));
    }

    /// <summary>s = e², s_a = 2 e e_a, s_ab = 2 e_a e_b + 2 e e_ab.</summary>
    private void SetInput(int t)
    {
        var km = _spec.MeanCount;
        var row = Row(t);
        var e = _mean.E[t];
        var de = _mean.Gradient(t);
        var dde = _mean.Hessian(t);
        _s[t] = e * e;
        for (var a = 0; a < km; a++)
        {
            _ds[row * _k + a] = 2 * e * de[a];
            for (var b = 0; b < km; b++) _dds[(row * _k + a) * _k + b] = 2 * (de[a] * de[b] + e * dde[a * km + b]);
        }

        // Beyond the mean's parameters e is constant; a missing value may have left h's derivatives here.
        _ds.AsSpan(row * _k + km, _k - km).Clear();
        for (var a = 0; a < _k; a++) _dds.AsSpan((row * _k + a) * _k + (a < km ? km : 0), a < km ? _k - km : _k).Clear();
    }
}
