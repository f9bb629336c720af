namespace Forecast.Models.Garch;

/// <summary>
/// What the asymmetric families see before the sample, with derivatives: the state m, ln m or m^(δ/2) with m = mean(e²), and the
/// news m (GJR) or mean((|e| - γe)^δ) (APARCH). Where x is missing, news is the state times the ratio of the two.
/// </summary>
internal sealed class NewsPresample(GarchSpecification specification, GarchSample sample, MeanDerivatives mean, int size)
{
    private readonly Row _state = new(size);
    private readonly Row[] _news = [.. Enumerable.Range(0, specification.Family == VarianceFamily.Aparch ? specification.ArchOrder : 0).Select(_ => new Row(size))];
    private readonly Row[] _ratio = [.. Enumerable.Range(0, specification.Family == VarianceFamily.Aparch ? specification.ArchOrder : 0).Select(_ => new Row(size))];
    private readonly Row _missing = new(size);
    private readonly int _km = specification.MeanCount;

    /// <summary>v before the sample.</summary>
    public Lagged State => _state.Lagged;

    /// <summary>News of the lag-th term before the sample.</summary>
    public Lagged News(int lag) => specification.Family == VarianceFamily.Aparch ? _news[lag - 1].Lagged : _state.Lagged;

    /// <summary>Expected news of a missing value whose state is v; read it before asking for the next.</summary>
    public Lagged MissingNews(int lag, Lagged state)
    {
        if (specification.Family != VarianceFamily.Aparch) return state;
        _missing.Product(_ratio[lag - 1].Lagged, state);
        return _missing.Lagged;
    }

    public void Start(ReadOnlySpan<double> theta)
    {
        var m = mean.Presample;
        switch (specification.Family)
        {
            case VarianceFamily.Gjr:
                Through(_state, m, 1, 0);
                return;
            case VarianceFamily.Egarch:
                Through(_state, Math.Log(m), 1 / m, -1 / (m * m));
                return;
        }

        var delta = theta[specification.DeltaIndex];
        Power(_state, 0.5, delta);
        var inverse = _missing;
        Power(inverse, -0.5, delta);
        for (var i = 0; i < _news.Length; i++)
        {
            MeanNews(_news[i], specification.GammaIndex + i, theta[specification.GammaIndex + i], delta);
            _ratio[i].Product(_news[i].Lagged, inverse.Lagged);
        }
    }

    /// <summary>m^(cδ) in m and δ.</summary>
    private void Power(Row row, double c, double delta)
    {
        var m = mean.Presample;
        double log = Math.Log(m), power = Math.Exp(c * delta * log), first = c * delta * power / m;
        Through(row, power, first, (c * delta - 1) * first / m);
        var x = specification.DeltaIndex;
        row.First[x] = c * log * power;
        row.Second[x * size + x] = c * c * log * log * power;
        var mixed = c * power / m * (1 + c * delta * log);
        for (var a = 0; a < _km; a++) row.Second[a * size + x] = row.Second[x * size + a] = mixed * mean.PresampleGradient[a];
    }

    /// <summary>f(m) from f, f' and f''.</summary>
    private void Through(Row row, double f, double f1, double f2)
    {
        row.Clear();
        row.Value = f;
        for (var a = 0; a < _km; a++)
        {
            row.First[a] = f1 * mean.PresampleGradient[a];
            for (var b = 0; b < _km; b++)
                row.Second[a * size + b] = f1 * mean.PresampleHessian[a * _km + b] + f2 * mean.PresampleGradient[a] * mean.PresampleGradient[b];
        }
    }

    private void MeanNews(Row row, int gammaIndex, double gamma, double delta)
    {
        row.Clear();
        var x = specification.DeltaIndex;
        var weight = 1.0 / sample.Observed;
        for (var t = 0; t < sample.Length; t++)
        {
            if (double.IsNaN(sample.Values[t])) continue;
            var n = NewsTerm.Aparch(mean.E[t], weight, gamma, delta);
            row.Value += n.Value;
            row.First[gammaIndex] += n.G;
            row.First[x] += n.X;
            row.Second[gammaIndex * size + gammaIndex] += n.GG;
            row.Second[x * size + x] += n.XX;
            row.Add(gammaIndex, x, n.GX);
            var e1 = mean.Gradient(t);
            var e2 = mean.Hessian(t);
            for (var a = 0; a < _km; a++)
            {
                row.First[a] += n.E * e1[a];
                row.Add(a, gammaIndex, n.EG * e1[a]);
                row.Add(a, x, n.EX * e1[a]);
                for (var b = 0; b < _km; b++) row.Second[a * size + b] += n.EE * e1[a] * e1[b] + n.E * e2[a * _km + b];
            }
        }
    }

    private sealed class Row(int size)
    {
        public double Value { get; set; }

        public double[] First { get; } = new double[size];

        public double[] Second { get; } = new double[size * size];

        public Lagged Lagged => new(Value, First, Second);

        public void Clear()
        {
            Value = 0;
            First.AsSpan().Clear();
            Second.AsSpan().Clear();
        }

        public void Add(int a, int b, double value)
        {
            Second[a * size + b] += value;
            Second[b * size + a] += value;
        }

        public void Product(Lagged u, Lagged w)
        {
            for (var a = 0; a < size; a++)
            {
                for (var b = 0; b < size; b++)
                {
                    Second[a * size + b] = u.Value * w.Second[a * size + b] + w.Value * u.Second[a * size + b]
                        + u.First[a] * w.First[b] + u.First[b] * w.First[a];
                }
            }

            for (var a = 0; a < size; a++) First[a] = u.Value * w.First[a] + u.First[a] * w.Value;
            Value = u.Value * w.Value;
        }
    }
}
