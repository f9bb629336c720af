namespace Forecast.Models.Arima;

/// <summary>How an observation entered the filter.</summary>
internal enum ObservationKind
{
    /// <summary>Not observed: the state is only moved on.</summary>
    Missing,

    /// <summary>Used up to learn about the diffuse start; carries no likelihood term.</summary>
    Diffuse,

    /// <summary>An ordinary observation.</summary>
    Regular,
}

/// <summary>
/// Kalman filter of an <see cref="ArimaStateSpace"/> for data with gaps, in units of the innovation variance, with the exact
/// diffuse start P_1 = P* + kappa P_inf, kappa to infinity, for the differenced part (Durbin and Koopman 2012, section 5.2,
/// univariate form). Several columns pass side by side with the same gains, so that regression effects can be taken out
/// by generalised least squares afterwards (Harvey 1989, section 3.4.2). Not for use by several threads at once.
/// </summary>
internal sealed class KalmanFilter
{
    private const double DiffuseTolerance = 1e-8;
    private readonly ArimaStateSpace _model;
    private readonly int _n;
    private readonly double[][] _states;
    private readonly double[] _p;
    private readonly double[] _pInf;
    private readonly double[] _m;
    private readonly double[] _mInf;
    private bool _diffuse;

    public KalmanFilter(ArimaStateSpace model, int columns)
    {
        _model = model;
        _n = model.Dimension;
        _states = new double[columns][];
        for (var c = 0; c < columns; c++)
            _states[c] = new double[_n];
        _p = new double[_n * _n];
        _pInf = new double[_n * _n];
        _m = new double[_n];
        _mInf = new double[_n];
    }

    /// <summary>F_inf of the last observation, when it was <see cref="ObservationKind.Diffuse"/>.</summary>
    public double FInf { get; private set; }

    /// <summary>Variance of the last innovation over the innovation variance.</summary>
    public double F { get; private set; }

    /// <summary>Predicted state of a column, E[x_(t+1) | data up to t].</summary>
    public ReadOnlySpan<double> State(int column) => _states[column];

    /// <summary>Covariance of the predicted state over the innovation variance, row by row.</summary>
    public ReadOnlySpan<double> Covariance => _p;

    /// <summary>True until the observations have determined every diffuse direction.</summary>
    public bool IsDiffuse => _diffuse;

    /// <summary>Stationary covariance for the ARMA part, exactly diffuse for the rest.</summary>
    public void StartDiffuse() => Start(0, 1);

    /// <summary>Stationary covariance for the ARMA part, variance <paramref name="kappa"/> for the rest.</summary>
    public void StartLarge(double kappa) => Start(kappa, 0);

    /// <summary>A known covariance of the next state (row by row); the states are zero.</summary>
    public void StartFrom(ReadOnlySpan<double> covariance)
    {
        foreach (var state in _states)
            Array.Clear(state);
        covariance.CopyTo(_p);
        Array.Clear(_pInf);
        _diffuse = false;
    }

    /// <summary>Takes in one observation and predicts the next state.</summary>
    /// <param name="values">One value a column; NaN in the first means missing.</param>
    /// <param name="innovations">Receives values - E[values | past]; not written when missing.</param>
    public ObservationKind Step(ReadOnlySpan<double> values, Span<double> innovations)
    {
        var kind = ObservationKind.Missing;
        if (!double.IsNaN(values[0]))
        {
            for (var c = 0; c < _states.Length; c++)
                innovations[c] = values[c] - _model.Observe(_states[c]);
            kind = Update(innovations);
        }

        Predict();
        return kind;
    }

    /// <summary>Moves the state on without an observation.</summary>
    public void Predict()
    {
        foreach (var state in _states)
            _model.Transition(state);
        _model.Propagate(_p, withNoise: true);
        if (_diffuse)
            _model.Propagate(_pInf, withNoise: false);
    }

    /// <summary>Variance of the next observation given the data, Z P Z', over the innovation variance.</summary>
    public double PredictedVariance()
    {
        ObserveRows(_p, _m);
        return _model.Observe(_m);
    }

    /// <summary>K_t / F_t = T P Z' / F of the next observation, without taking it in.</summary>
    public double[] Gain()
    {
        F = PredictedVariance();
        var gain = new double[_n];
        for (var i = 0; i < _n; i++)
            gain[i] = _m[i] / F;
        _model.Transition(gain);
        return gain;
    }

    /// <summary>Treats the next observation as known: only the covariance changes.</summary>
    public void AbsorbAndPredict()
    {
        F = PredictedVariance();
        Condition();
        Predict();
    }

    private void Start(double kappa, double infinite)
    {
        var r = _model.Arma.Dimension;
        foreach (var state in _states)
            Array.Clear(state);
        Array.Clear(_p);
        Array.Clear(_pInf);
        var stationary = new double[r * r];
        _model.Arma.FillCovariance(stationary);
        for (var i = 0; i < r; i++)
            stationary.AsSpan(i * r, r).CopyTo(_p.AsSpan(i * _n, r));
        for (var i = r; i < _n; i++)
        {
            _p[(i * _n) + i] = kappa;
            _pInf[(i * _n) + i] = infinite;
        }

        _diffuse = infinite > 0 && _n > r;
    }

    private ObservationKind Update(ReadOnlySpan<double> innovations)
    {
        F = PredictedVariance();
        if (_diffuse)
        {
            ObserveRows(_pInf, _mInf);
            var fInf = _model.Observe(_mInf);
            if (fInf > DiffuseTolerance)
            {
                FInf = fInf;
                UpdateDiffuse(innovations, fInf);
                return ObservationKind.Diffuse;
            }
        }

        for (var c = 0; c < _states.Length; c++)
        {
            var scaled = innovations[c] / F;
            var state = _states[c];
            for (var i = 0; i < _n; i++)
                state[i] += _m[i] * scaled;
        }

        Condition();
        return ObservationKind.Regular;
    }

    /// <summary>P := P - M M' / F.</summary>
    private void Condition()
    {
        for (var i = 0; i < _n; i++)
        {
            var scaled = _m[i] / F;
            var row = _p.AsSpan(i * _n, _n);
            for (var j = 0; j < row.Length; j++)
                row[j] -= scaled * _m[j];
        }
    }

    /// <summary>
    /// x += M_inf v / F_inf; P* += M_inf M_inf' F* / F_inf^2 - (M* M_inf' + M_inf M*') / F_inf; P_inf -= M_inf M_inf' / F_inf.
    /// </summary>
    private void UpdateDiffuse(ReadOnlySpan<double> innovations, double fInf)
    {
        for (var c = 0; c < _states.Length; c++)
        {
            var state = _states[c];
            for (var i = 0; i < _n; i++)
                state[i] += _mInf[i] * innovations[c] / fInf;
        }

        var largest = 0.0;
        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j < _n; j++)
            {
                var at = (i * _n) + j;
                _p[at] += (_mInf[i] * _mInf[j] * F / (fInf * fInf)) - (((_m[i] * _mInf[j]) + (_mInf[i] * _m[j])) / fInf);
                _pInf[at] -= _mInf[i] * _mInf[j] / fInf;
                largest = Math.Max(largest, Math.Abs(_pInf[at]));
            }
        }

        _diffuse = largest > DiffuseTolerance;
    }

    /// <summary>M = P Z'.</summary>
    private void ObserveRows(double[] p, double[] m)
    {
        for (var i = 0; i < _n; i++)
            m[i] = _model.Observe(p, i * _n);
    }
}
