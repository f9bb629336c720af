namespace Forecast.Models.Garch;

/// <summary>
/// Residuals of the ARMA mean with first and second derivatives in its own parameters, and the presample value
/// m = mean(e²) with m_a = 2 mean(e e_a), m_ab = 2 mean(e_a e_b + e e_ab).
/// </summary>
/// <remarks>
/// With v_t = Σ ar_i y_{t-i} + Σ ma_j e_{t-j}: an observed x_t gives y = x - mu and e = y - v, a missing one y = v and e = 0.
/// </remarks>
internal sealed class MeanDerivatives
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly int _k;
    private readonly double[] _y;
    private readonly double[] _dy;
    private readonly double[] _de;
    private readonly double[] _ddy;
    private readonly double[] _dde;
    private readonly double[] _dv;
    private readonly double[] _ddv;

    public MeanDerivatives(GarchSpecification specification, GarchSample sample)
    {
        _spec = specification;
        _sample = sample;
        _k = specification.MeanCount;
        var n = sample.Length;
        _y = new double[n];
        E = new double[n];
        _dy = new double[n * _k];
        _de = new double[n * _k];
        _ddy = new double[n * _k * _k];
        _dde = new double[n * _k * _k];
        _dv = new double[_k];
        _ddv = new double[_k * _k];
        PresampleGradient = new double[_k];
        PresampleHessian = new double[_k * _k];
    }

    /// <summary>Residuals.</summary>
    public double[] E { get; }

    /// <summary>m.</summary>
    public double Presample { get; private set; }

    public double[] PresampleGradient { get; }

    public double[] PresampleHessian { get; }

    /// <summary>e_a at time t.</summary>
    public ReadOnlySpan<double> Gradient(int t) => _de.AsSpan(t * _k, _k);

    /// <summary>e_ab at time t, by rows.</summary>
    public ReadOnlySpan<double> Hessian(int t) => _dde.AsSpan(t * _k * _k, _k * _k);

    public void Run(ReadOnlySpan<double> theta)
    {
        var mu = _spec.Mean(theta);
        var x = _sample.Values;
        Presample = 0;
        PresampleGradient.AsSpan().Clear();
        PresampleHessian.AsSpan().Clear();
        for (var t = 0; t < x.Length; t++)
        {
            var v = Predict(theta, t);
            if (double.IsNaN(x[t])) SetMissing(t, v);
            else SetObserved(t, x[t] - mu, v);
            AddToPresample(t);
        }

        Presample /= _sample.Observed;
        for (var a = 0; a < _k; a++) PresampleGradient[a] *= 2.0 / _sample.Observed;
        for (var a = 0; a < _k * _k; a++) PresampleHessian[a] *= 2.0 / _sample.Observed;
    }

    /// <summary>v_t, with its derivatives left in the scratch rows.</summary>
    private double Predict(ReadOnlySpan<double> theta, int t)
    {
        _dv.AsSpan().Clear();
        _ddv.AsSpan().Clear();
        double v = 0;
        for (var i = 1; i <= Math.Min(_spec.ArOrder, t); i++) v += AddLag(_spec.ArIndex + i - 1, theta, t - i, _y, _dy, _ddy);
        for (var j = 1; j <= Math.Min(_spec.MaOrder, t); j++) v += AddLag(_spec.MaIndex + j - 1, theta, t - j, E, _de, _dde);
        return v;
    }

    private double AddLag(int index, ReadOnlySpan<double> theta, int lag, double[] u, double[] du, double[] ddu)
    {
        var c = theta[index];
        for (var a = 0; a < _k; a++)
        {
            var first = du[lag * _k + a];
            _dv[a] += c * first;
            _ddv[index * _k + a] += first;
            _ddv[a * _k + index] += first;
        }

        _dv[index] += u[lag];
        Spans.AddScaled(_ddv, c, ddu.AsSpan(lag * _k * _k, _k * _k));
        return c * u[lag];
    }

    private void SetObserved(int t, double y, double v)
    {
        _y[t] = y;
        E[t] = y - v;
        var dy = _dy.AsSpan(t * _k, _k);
        dy.Clear();
        if (_spec.HasMean) dy[0] = -1;
        for (var a = 0; a < _k; a++) _de[t * _k + a] = dy[a] - _dv[a];
        for (var a = 0; a < _k * _k; a++)
        {
            _ddy[t * _k * _k + a] = 0;
            _dde[t * _k * _k + a] = -_ddv[a];
        }
    }

    private void SetMissing(int t, double v)
    {
        _y[t] = v;
        E[t] = 0;
        _dv.CopyTo(_dy, t * _k);
        _ddv.CopyTo(_ddy, t * _k * _k);
        _de.AsSpan(t * _k, _k).Clear();
        _dde.AsSpan(t * _k * _k, _k * _k).Clear();
    }

    private void AddToPresample(int t)
    {
        var e = E[t];
        Presample += e * e;
        for (var a = 0; a < _k; a++)
        {
            var ea = _de[t * _k + a];
            PresampleGradient[a] += e * ea;
            for (var b = 0; b < _k; b++) PresampleHessian[a * _k + b] += ea * _de[t * _k + b] + e * _dde[(t * _k + a) * _k + b];
        }
    }
}
