namespace Forecast.Models.Garch;

/// <summary>
/// Derivatives of GJR, EGARCH and APARCH of any orders: the state v (h, ln h or σ^δ) is a sum of <see cref="NewsTerm"/>s and lagged
/// states, differentiated by the chain rule through e, the lagged states and the parameters; h and its derivatives follow from v.
/// </summary>
internal sealed class NewsVarianceDerivatives : VarianceDerivatives
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly MeanDerivatives _mean;
    private readonly int _k;
    private readonly int _km;
    private readonly int _x;
    private readonly int _depth;
    private readonly double[] _theta;
    private readonly double[] _v;
    private readonly double[] _dv;
    private readonly double[] _ddv;
    private readonly double[] _gradient;
    private readonly double[] _hessian;
    private readonly NewsPresample _presample;
    private double _extra;

    public NewsVarianceDerivatives(GarchSpecification specification, GarchSample sample, MeanDerivatives mean)
    {
        _spec = specification;
        _sample = sample;
        _mean = mean;
        _km = specification.MeanCount;
        _k = specification.RecursionCount + (specification.Family == VarianceFamily.Egarch ? 1 : 0);
        _x = specification.Family == VarianceFamily.Gjr ? -1 : _k - 1;
        _depth = Math.Max(specification.ArchOrder, specification.GarchOrder) + 1;
        _theta = new double[specification.RecursionCount];
        _v = new double[sample.Length];
        _dv = new double[_depth * _k];
        _ddv = new double[_depth * _k * _k];
        _gradient = new double[_k];
        _hessian = new double[_k * _k];
        _presample = new NewsPresample(specification, sample, mean, _k);
    }

    public override int Size => _k;

    public override ReadOnlySpan<double> Gradient => _gradient;

    public override ReadOnlySpan<double> Hessian => _hessian;

    public override void Start(ReadOnlySpan<double> theta, double absoluteMean)
    {
        theta[.._theta.Length].CopyTo(_theta);
        _extra = _spec.Family == VarianceFamily.Aparch ? theta[_spec.DeltaIndex] : absoluteMean;
        _presample.Start(_theta);
    }

    public override double Step(int t)
    {
        var row = t % _depth;
        var dv = _dv.AsSpan(row * _k, _k);
        var ddv = _ddv.AsSpan(row * _k * _k, _k * _k);
        dv.Clear();
        ddv.Clear();
        dv[_spec.OmegaIndex] = 1;
        var v = _theta[_spec.OmegaIndex];
        for (var i = 1; i <= _spec.ArchOrder; i++) v += AddNews(i, t - i, dv, ddv);
        for (var j = 1; j <= _spec.GarchOrder; j++)
        {
            var index = _spec.BetaIndex + j - 1;
            v += AddMultiple(index, State(t - j), dv, ddv);
        }

        _v[t] = v;
        return ToVariance(v, dv, ddv);
    }

    public override void Close(int t)
    {
        // Residuals and states are read where they stand; nothing to carry over.
    }

    /// <summary>A lagged state with its derivatives; the presample's before the sample.</summary>
    private Lagged State(int t) => t < 0
        ? _presample.State
        : new(_v[t], _dv.AsSpan(t % _depth * _k, _k), _ddv.AsSpan(t % _depth * _k * _k, _k * _k));

    private double AddNews(int lag, int t, Span<double> dv, Span<double> ddv)
    {
        int alphaIndex = _spec.AlphaIndex + lag - 1, gammaIndex = _spec.GammaIndex + lag - 1;
        double alpha = _theta[alphaIndex], gamma = _theta[gammaIndex];
        if (t < 0) return _spec.Family == VarianceFamily.Egarch ? 0 : AddExpected(alphaIndex, gammaIndex, _presample.News(lag), dv, ddv);
        var state = State(t);
        if (double.IsNaN(_sample.Values[t]))
            return _spec.Family == VarianceFamily.Egarch ? 0 : AddExpected(alphaIndex, gammaIndex, _presample.MissingNews(lag, state), dv, ddv);
        var e = _mean.E[t];
        var term = _spec.Family switch
        {
            VarianceFamily.Gjr => NewsTerm.Gjr(e, alpha, gamma),
            VarianceFamily.Egarch => NewsTerm.Egarch(e, Math.Exp(-0.5 * state.Value), alpha, gamma, _extra),
            _ => NewsTerm.Aparch(e, alpha, gamma, _extra),
        };
        Chain(term, alphaIndex, gammaIndex, t, state, dv, ddv);
        return term.Value;
    }

    /// <summary>News that is not known enters as α n, and for GJR as (α + ½γ) n.</summary>
    private double AddExpected(int alphaIndex, int gammaIndex, Lagged news, Span<double> dv, Span<double> ddv)
    {
        var value = AddMultiple(alphaIndex, news, dv, ddv);
        return _spec.Family == VarianceFamily.Gjr ? value + AddMultiple(gammaIndex, news, dv, ddv, 0.5) : value;
    }

    /// <summary>Adds w c u for the parameter c of that index.</summary>
    private double AddMultiple(int index, Lagged u, Span<double> dv, Span<double> ddv, double weight = 1)
    {
        var c = weight * _theta[index];
        Spans.AddScaled(dv, c, u.First);
        dv[index] += weight * u.Value;
        Spans.AddScaled(ddv, c, u.Second);
        for (var a = 0; a < _k; a++)
        {
            ddv[index * _k + a] += weight * u.First[a];
            ddv[a * _k + index] += weight * u.First[a];
        }

        return c * u.Value;
    }

    private void Chain(in NewsTerm n, int alphaIndex, int gammaIndex, int t, Lagged state, Span<double> dv, Span<double> ddv)
    {
        var e1 = _mean.Gradient(t);
        var e2 = _mean.Hessian(t);
        for (var a = 0; a < _km; a++)
        {
            dv[a] += n.E * e1[a];
            for (var b = 0; b < _km; b++) ddv[a * _k + b] += n.EE * e1[a] * e1[b] + n.E * e2[a * _km + b];
        }

        var hasState = _spec.Family == VarianceFamily.Egarch;
        if (hasState)
        {
            Spans.AddScaled(dv, n.V, state.First);
            Spans.AddScaled(ddv, n.V, state.Second);
            for (var a = 0; a < _k; a++) Spans.AddScaled(ddv.Slice(a * _k, _k), n.VV * state.First[a], state.First);
            for (var a = 0; a < _km; a++)
                for (var b = 0; b < _k; b++) Add(ddv, a, b, n.EV * e1[a] * state.First[b]);
        }

        Direct(alphaIndex, n.A, n.EA, n.VA, dv, ddv, e1, state, hasState);
        Direct(gammaIndex, n.G, n.EG, n.VG, dv, ddv, e1, state, hasState);
        Add(ddv, alphaIndex, gammaIndex, n.AG);
        ddv[gammaIndex * _k + gammaIndex] += n.GG;
        if (_x < 0) return;
        Direct(_x, n.X, n.EX, 0, dv, ddv, e1, state, hasState: false);
        Add(ddv, alphaIndex, _x, n.AX);
        Add(ddv, gammaIndex, _x, n.GX);
        ddv[_x * _k + _x] += n.XX;
    }

    /// <summary>A parameter's own derivative, and its second ones through e and v.</summary>
    private void Direct(int index, double first, double withE, double withV, Span<double> dv, Span<double> ddv, ReadOnlySpan<double> e1, Lagged state, bool hasState)
    {
        dv[index] += first;
        for (var a = 0; a < _km; a++) Add(ddv, index, a, withE * e1[a]);
        if (!hasState) return;
        for (var a = 0; a < _k; a++) Add(ddv, index, a, withV * state.First[a]);
    }

    /// <summary>Adds a mixed second derivative at (a, b) and (b, a).</summary>
    private void Add(Span<double> ddv, int a, int b, double value)
    {
        ddv[a * _k + b] += value;
        ddv[b * _k + a] += value;
    }

    /// <summary>h = v, exp(v) or v^(2/δ), through y = ln h for the last two.</summary>
    private double ToVariance(double v, ReadOnlySpan<double> dv, ReadOnlySpan<double> ddv)
    {
        if (_spec.Family == VarianceFamily.Gjr)
        {
            dv.CopyTo(_gradient);
            ddv.CopyTo(_hessian);
            return v;
        }

        double y = v, y1 = 1, y2 = 0, log = 0;
        if (_spec.Family == VarianceFamily.Aparch)
        {
            log = Math.Log(v);
            y = 2 / _extra * log;
            y1 = 2 / (_extra * v);
            y2 = -y1 / v;
        }

        var h = Math.Exp(y);
        for (var a = 0; a < _k; a++) _gradient[a] = y1 * dv[a];
        for (var a = 0; a < _k; a++)
            for (var b = 0; b < _k; b++) _hessian[a * _k + b] = y1 * ddv[a * _k + b] + y2 * dv[a] * dv[b];
        if (_spec.Family == VarianceFamily.Aparch)
        {
            var square = _extra * _extra;
            _gradient[_x] -= 2 * log / square;
            for (var a = 0; a < _k; a++) Add(_hessian, _x, a, -2 / (square * v) * dv[a]);
            _hessian[_x * _k + _x] += 4 * log / (square * _extra);
        }

        for (var a = 0; a < _k; a++)
            for (var b = 0; b < _k; b++) _hessian[a * _k + b] = h * (_hessian[a * _k + b] + _gradient[a] * _gradient[b]);
        for (var a = 0; a < _k; a++) _gradient[a] *= h;
        return h;
    }
}

/// <summary>A value with its first (K) and second (K × K) derivatives.</summary>
internal readonly ref struct Lagged(double value, ReadOnlySpan<double> first, ReadOnlySpan<double> second)
{
    public double Value { get; } = value;

    public ReadOnlySpan<double> First { get; } = first;

    public ReadOnlySpan<double> Second { get; } = second;
}
