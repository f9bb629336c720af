namespace Forecast.Models.Garch;

/// <summary>
/// Derivatives of FIGARCH. With D_t = Σ_{i≤N} δ_i s_{t-i}, which depends on d and the mean alone, the sum over λ is a recursion:
/// h_t = omega + beta h_{t-1} + (phi - beta) s_{t-1} + D_t - phi D_{t-1} - c s_{t-1-N}, c = beta λ_N - phi δ_N (the cut at lag N).
/// So a gradient and a Hessian cost five sums over the lags an observation instead of one for every pair of parameters, and since the
/// squares are known before the variances these sums are computed for all t at once (<see cref="LagSums"/>).
/// </summary>
internal sealed class FigarchDerivatives : VarianceDerivatives
{
    private const int N = FigarchWeights.Lags;
    private static readonly (int A, int B)[] Pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly MeanDerivatives _mean;
    private readonly FractionalDifference _delta = new();
    private readonly int _k;
    private readonly int _km;
    private readonly int _omega;
    private readonly int[] _memory;
    private readonly bool _constantMean;
    private readonly double[] _s;
    private readonly double[][] _ds;
    private readonly double[][] _dds;
    private readonly double[] _cut = new double[FigarchSums.Terms];
    private readonly double[] _sum = new double[FigarchSums.Terms];
    private Level _h;
    private Level _previousH;
    private readonly LagSums _lagSums;
    private readonly double[][] _d = new double[3][];
    private readonly double[][] _dMean;
    private readonly double[][] _dMemoryMean;
    private readonly double[][] _dMeanMean;
    private Level _sums;
    private Level _previousSums;
    private double _phi;
    private double _beta;
    private double _constant;

    public FigarchDerivatives(GarchSpecification specification, GarchSample sample, MeanDerivatives mean)
    {
        _spec = specification;
        _sample = sample;
        _mean = mean;
        _k = specification.RecursionCount;
        _km = specification.MeanCount;
        _omega = specification.OmegaIndex;
        _memory = [specification.ArchOrder > 0 ? specification.AlphaIndex : -1, specification.MemoryIndex, specification.GarchOrder > 0 ? specification.BetaIndex : -1];
        _constantMean = specification is { ArOrder: 0, MaOrder: 0 };
        _s = new double[sample.Length];
        _ds = [.. Enumerable.Range(0, _km).Select(_ => new double[sample.Length])];
        _dds = [.. Enumerable.Range(0, _km * _km).Select(_ => new double[sample.Length])];
        _lagSums = new LagSums(sample.Length);
        var room = LagSums.Room(sample.Length);
        for (var order = 0; order < 3; order++) _d[order] = new double[room];
        _dMean = [.. Enumerable.Range(0, _km).Select(_ => new double[room])];
        _dMemoryMean = [.. Enumerable.Range(0, _km).Select(_ => new double[room])];
        _dMeanMean = [.. Enumerable.Range(0, _constantMean ? 0 : _km * _km).Select(_ => new double[room])];
        (_h, _previousH, _sums, _previousSums) = (new(_k), new(_k), new(_k), new(_k));
    }

    public override int Size => _k;

    public override ReadOnlySpan<double> Gradient => _h.First;

    public override ReadOnlySpan<double> Hessian => _h.Second;

    public override void Start(ReadOnlySpan<double> theta, double absoluteMean)
    {
        _phi = _memory[0] < 0 ? 0 : theta[_memory[0]];
        _beta = _memory[2] < 0 ? 0 : theta[_memory[2]];
        _constant = theta[_omega];
        _delta.Set(theta[_memory[1]]);
        FigarchSums.Compute(_delta, _phi, _beta, _cut, _sum);

        // c = beta λ_N - phi δ_N with its derivatives, in place of λ_N's.
        double d0 = _delta.At(0, N), d1 = _delta.At(1, N), d2 = _delta.At(2, N), l0 = _cut[0], l1 = _cut[1], l2 = _cut[2], l3 = _cut[3];
        for (var j = 0; j < _cut.Length; j++) _cut[j] *= _beta;
        _cut[0] -= _phi * d0;
        _cut[1] -= d0;
        _cut[2] -= _phi * d1;
        _cut[3] += l0;
        _cut[5] -= d1;
        _cut[6] += l1;
        _cut[7] -= _phi * d2;
        _cut[8] += l2;
        _cut[9] += 2 * l3;
        for (var t = 0; t < _s.Length; t++) SetSquare(t);
        SumLags();
    }

    public override double Step(int t)
    {
        (_h, _previousH) = (_previousH, _h);
        (_sums, _previousSums) = (_previousSums, _sums);
        _h.Clear();
        SetSums(t);
        if (t == 0) First();
        else Recur(t);
        return _h.Value;
    }

    public override void Close(int t)
    {
        // The squares stand ready since Start.
    }

    /// <summary>s = e² with derivatives; the presample value where x is missing.</summary>
    private void SetSquare(int t)
    {
        var missing = double.IsNaN(_sample.Values[t]);
        var e = _mean.E[t];
        _s[t] = missing ? _mean.Presample : e * e;
        var de = _mean.Gradient(t);
        var dde = _mean.Hessian(t);
        for (var a = 0; a < _km; a++)
        {
            _ds[a][t] = missing ? _mean.PresampleGradient[a] : 2 * e * de[a];
            for (var b = 0; b < _km; b++)
                _dds[a * _km + b][t] = missing ? _mean.PresampleHessian[a * _km + b] : 2 * (de[a] * de[b] + e * dde[a * _km + b]);
        }
    }

    /// <summary>D_t and its derivatives in d and the mean, for all t.</summary>
    private void SumLags()
    {
        _lagSums.Set(_s, _mean.Presample);
        _lagSums.Of(_delta.Weights(0), _delta.Beyond(0), _d[0], _delta.Weights(1), _delta.Beyond(1), _d[1]);
        _lagSums.Of(_delta.Weights(2), _delta.Beyond(2), _d[2]);
        for (var a = 0; a < _km; a++)
        {
            _lagSums.Set(_ds[a], _mean.PresampleGradient[a]);
            _lagSums.Of(_delta.Weights(0), _delta.Beyond(0), _dMean[a], _delta.Weights(1), _delta.Beyond(1), _dMemoryMean[a]);
            for (var b = 0; b <= a && !_constantMean; b++)
            {
                var pair = a * _km + b;
                _lagSums.Set(_dds[pair], _mean.PresampleHessian[pair]);
                _lagSums.Of(_delta.Weights(0), _delta.Beyond(0), _dMeanMean[pair]);
            }
        }
    }

    private void SetSums(int t)
    {
        var x = _memory[1];
        _sums.Clear();
        (_sums.Value, _sums.First[x], _sums.Second[x * _k + x]) = (_d[0][t], _d[1][t], _d[2][t]);
        for (var a = 0; a < _km; a++)
        {
            _sums.First[a] = _dMean[a][t];
            _sums.Second[a * _k + x] = _sums.Second[x * _k + a] = _dMemoryMean[a][t];
            for (var b = 0; b <= a; b++)
            {
                // About a constant mean every square has the second derivative 2, and so has their mean.
                var pair = a * _km + b;
                _sums.Second[a * _k + b] = _sums.Second[b * _k + a] = _constantMean ? _mean.PresampleHessian[pair] * _delta.Beyond(0)[0] : _dMeanMean[pair][t];
            }
        }
    }

    /// <summary>h_0 = omega/(1 - beta) + m Σ λ.</summary>
    private void First()
    {
        var rest = 1 / (1 - _beta);
        var m = _mean.Presample;
        _h.Value = _constant * rest + m * _sum[0];
        _h.First[_omega] = rest;
        if (_memory[2] >= 0)
        {
            _h.First[_memory[2]] = _constant * rest * rest;
            _h.Second[_memory[2] * _k + _memory[2]] = 2 * _constant * rest * rest * rest;
            AddMixed(_omega, _memory[2], rest * rest);
        }

        for (var a = 0; a < _km; a++)
        {
            _h.First[a] = _sum[0] * _mean.PresampleGradient[a];
            for (var b = 0; b < _km; b++) _h.Second[a * _k + b] = _sum[0] * _mean.PresampleHessian[a * _km + b];
        }

        AddMemory(_sum, m, 1, _mean.PresampleGradient);
    }

    private void Recur(int t)
    {
        var old = t - 1 - N;
        double s1 = _s[t - 1], sN = old >= 0 ? _s[old] : _mean.Presample, c = _cut[0];
        _h.Value = _constant + _beta * _previousH.Value + (_phi - _beta) * s1 + _sums.Value - _phi * _previousSums.Value - c * sN;
        _sums.First.CopyTo(_h.First, 0);
        _sums.Second.CopyTo(_h.Second, 0);
        Spans.AddScaled(_h.First, _beta, _previousH.First);
        Spans.AddScaled(_h.Second, _beta, _previousH.Second);
        Spans.AddScaled(_h.First, -_phi, _previousSums.First);
        Spans.AddScaled(_h.Second, -_phi, _previousSums.Second);
        _h.First[_omega] += 1;
        Span<double> oldFirst = stackalloc double[_km];
        for (var a = 0; a < _km; a++)
        {
            var first = _ds[a][t - 1];
            oldFirst[a] = old >= 0 ? _ds[a][old] : _mean.PresampleGradient[a];
            _h.First[a] += (_phi - _beta) * first - c * oldFirst[a];
            for (var b = 0; b < _km; b++)
            {
                var pair = a * _km + b;
                _h.Second[a * _k + b] += (_phi - _beta) * _dds[pair][t - 1] - c * (old >= 0 ? _dds[pair][old] : _mean.PresampleHessian[pair]);
            }
        }

        if (_memory[2] >= 0) AddCoefficient(_memory[2], _previousH, t, 1);
        if (_memory[0] >= 0) AddCoefficient(_memory[0], _previousSums, t, -1);
        AddMemory(_cut, sN, -1, oldFirst);
    }

    /// <summary>Derivatives of w c (u - s_{t-1}) in the parameter c of that index, and with what u and s depend on.</summary>
    private void AddCoefficient(int index, Level u, int t, double weight)
    {
        _h.First[index] += weight * (u.Value - _s[t - 1]);
        for (var a = 0; a < _k; a++) AddMixed(index, a, weight * u.First[a]);
        for (var a = 0; a < _km; a++) AddMixed(index, a, -weight * _ds[a][t - 1]);
    }

    /// <summary>Derivatives of w f(phi, d, beta) s, f given with its derivatives and s by its own in the mean; f ds, f dds are not added.</summary>
    private void AddMemory(ReadOnlySpan<double> f, double s, double weight, ReadOnlySpan<double> ds)
    {
        for (var i = 0; i < 3; i++)
        {
            if (_memory[i] < 0) continue;
            _h.First[_memory[i]] += weight * f[1 + i] * s;
            for (var a = 0; a < _km; a++) AddMixed(_memory[i], a, weight * f[1 + i] * ds[a]);
        }

        for (var p = 0; p < Pairs.Length; p++)
        {
            int a = _memory[Pairs[p].A], b = _memory[Pairs[p].B];
            if (a < 0 || b < 0) continue;
            _h.Second[a * _k + b] += weight * f[4 + p] * s;
            if (a != b) _h.Second[b * _k + a] += weight * f[4 + p] * s;
        }
    }

    private void AddMixed(int a, int b, double value)
    {
        _h.Second[a * _k + b] += value;
        _h.Second[b * _k + a] += value;
    }

    private sealed class Level(int size)
    {
        public double Value { get; set; }

        public double[] First { get; } = new double[size];

        public double[] Second { get; } = new double[size * size];

        public void Clear()
        {
            Value = 0;
            First.AsSpan().Clear();
            Second.AsSpan().Clear();
        }
    }
}
