namespace Forecast.Models.Arima;

/// <summary>How the likelihood passes over missing observations; the value is the same.</summary>
internal enum GapTreatment
{
    /// <summary>Whichever of the two is estimated to be faster.</summary>
    Cheapest,

    /// <summary>A pulse of free height for each gap, integrated out.</summary>
    Pulses,

    /// <summary>The diffuse Kalman filter, which leaves gaps out.</summary>
    Filter,
}

/// <summary>
/// The exact Gaussian log-likelihood of a regression with ARIMA errors, innovation variance concentrated out:
/// <code>
/// l = -(n*/2) (ln 2 pi + ln(S / n*) + 1) - (1/2) sum ln F_t,   S = sum v_t^2 / F_t
/// </code>
/// over the n* observations that the diffuse start does not use up. Regression coefficients are profiled: the filter whitens y
/// and X alike, and least squares of the whitened columns maximises over beta in closed form (Harvey 1989, section 3.4.2).
/// <para>
/// Without gaps the data are differenced and <see cref="FastInnovations"/> filters them. A few gaps are bridged and each gets a
/// pulse D_j of free height: integrating the heights out of the density subtracts ln det(D' V^-1 D) / 2 and restores the
/// likelihood of what was observed (Gomez, Maravall and Pena 1999). Many gaps pass the exactly diffuse
/// <see cref="KalmanFilter"/>. All three agree where they apply. Not for use by several threads at once.
/// </para>
/// </summary>
internal sealed class ArimaLikelihood
{
    private readonly double[][] _input;
    private readonly double[][] _white;
    private readonly double[] _triangle;
    private readonly double[] _effects;
    private readonly FastInnovations? _fast;
    private readonly KalmanFilter? _filter;
    private readonly double[] _row;
    private readonly double[] _innovations;
    private readonly int _pulses;
    private readonly int[] _free;
    private readonly double _startConstant;
    private ArimaGradient? _gradient;
    private InnovationsTape? _tape;

    /// <param name="sample">The data.</param>
    /// <param name="treatment">How gaps are treated, if there are any.</param>
    public ArimaLikelihood(ArimaSample sample, GapTreatment treatment = GapTreatment.Cheapest)
    {
        Sample = sample;
        Arma = new ArmaPolynomials(sample.Options.Order, sample.Options.Seasonal, sample.Period);
        var usePulses = sample.HasGaps && (treatment == GapTreatment.Pulses || (treatment == GapTreatment.Cheapest && PulsesPay(sample, Arma.Dimension)));
        var useFilter = sample.HasGaps && !usePulses;
        _input = sample.Window(differenced: !useFilter, withPulses: usePulses);
        var columns = _input.Length;
        _free = [.. Enumerable.Range(0, sample.Columns.Length).Where(j => double.IsNaN(sample.FixedBeta[j]))];
        _pulses = columns - 1 - _free.Length;
        _white = new double[columns][];
        for (var c = 0; c < columns; c++)
            _white[c] = new double[_input[c].Length];
        _triangle = new double[(columns - 1) * (columns - 1)];
        _effects = new double[columns - 1];
        _row = new double[columns];
        _innovations = new double[columns];
        Beta = (double[])sample.FixedBeta.Clone();
        if (useFilter)
            _filter = new KalmanFilter(new ArimaStateSpace(Arma, sample.Delta), columns);
        else
            _fast = new FastInnovations(Arma.Dimension, columns);
        IsDetermined = true;
        if (usePulses)
            _startConstant = StartConstant();
    }

    public ArimaSample Sample { get; }

    /// <summary>The polynomials of the last evaluation.</summary>
    public ArmaPolynomials Arma { get; }

    /// <summary>Regression coefficients of the last evaluation.</summary>
    public double[] Beta { get; }

    /// <summary>S of the last evaluation.</summary>
    public double SumOfSquares { get; private set; }

    /// <summary>Observations with a likelihood term, n*.</summary>
    public int Count { get; private set; }

    /// <summary>Maximum over beta and sigma2 at the given ARMA coefficients (ar, ma, sar, sma).</summary>
    /// <returns>The log-likelihood; NaN when the coefficients are not stationary or the regressors dependent.</returns>
    public double Profile(ReadOnlySpan<double> coefficients)
    {
        var logs = Whiten(coefficients);
        if (double.IsNaN(logs))
            return double.NaN;
        SumOfSquares = WhitenedRegression.Solve(_white, RowCount, _triangle, _effects);
        for (var i = 0; i < _free.Length; i++)
            Beta[_free[i]] = _effects[_pulses + i];
        return LogLikelihood(logs + LogPulses(_effects.Length));
    }

    /// <summary>Whether <see cref="ProfileWithGradient"/> serves: data that need no treatment of gaps.</summary>
    public bool HasGradient => _fast is not null && _pulses == 0;

    /// <summary><see cref="Profile"/> at the coefficients of u, with its derivatives in u.</summary>
    public double ProfileWithGradient(ReadOnlySpan<double> u, ArimaTransform transform, Span<double> gradient)
    {
        _gradient ??= new ArimaGradient(Sample, transform, Arma.Dimension);
        transform.ToCoefficients(u, _gradient.Coefficients);
        _tape = _gradient.Tape;
        var value = Profile(_gradient.Coefficients);
        _tape = null;
        if (double.IsFinite(value))
            _gradient.Fill(u, Arma, _input, _effects, _white[0], SumOfSquares, gradient);
        return value;
    }

    /// <summary>Maximum over sigma2 at the given ARMA and regression coefficients; fixed ones keep their value.</summary>
    public double At(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> beta)
    {
        var logs = Whiten(coefficients);
        if (double.IsNaN(logs))
            return double.NaN;
        beta.CopyTo(Beta);
        var y = _white[0].AsSpan(0, RowCount);
        for (var i = 0; i < _free.Length; i++)
        {
            var x = _white[i + 1 + _pulses];
            for (var t = 0; t < y.Length; t++)
                y[t] -= beta[_free[i]] * x[t];
        }

        SumOfSquares = WhitenedRegression.Solve(_white.AsSpan(0, _pulses + 1), RowCount, _triangle, _effects.AsSpan(0, _pulses));
        return LogLikelihood(logs + LogPulses(_pulses));
    }

    /// <summary>Length of a free regressor's standardised innovations at the last call of <see cref="At"/>.</summary>
    public double WhitenedNorm(int regressor)
    {
        var column = _white[Array.IndexOf(_free, regressor) + 1 + _pulses].AsSpan(0, RowCount);
        return Math.Sqrt(WhitenedRegression.Dot(column, column));
    }

    /// <summary>False when some diffuse direction (a season never observed) is still open after the last observation.</summary>
    public bool IsDetermined { get; private set; }

    /// <summary>Whitened rows; <see cref="Count"/> and one for each pulse.</summary>
    private int RowCount => Count + _pulses;

    /// <summary>
    /// Whether a pulse a gap costs less than the filter: c columns of r-vectors and their least squares against matrices of
    /// order r + d + D m.
    /// </summary>
    private static bool PulsesPay(ArimaSample sample, int r)
    {
        double gaps = sample.Last - sample.First + 1 - sample.Observed;
        double dimension = r + sample.Delta.Length;
        return ((gaps + sample.Columns.Length + 1) * ((r / 4.0) + 4)) + (gaps * gaps) < 5 * dimension * dimension;
    }

    private double LogLikelihood(double logs) =>
        -0.5 * ((Count * (Math.Log(2 * Math.PI * SumOfSquares / Count) + 1)) + logs);

    /// <summary>ln det(D' V^-1 D) from the triangle of the last least squares, k columns wide, less the constant of the start.</summary>
    private double LogPulses(int k)
    {
        if (_pulses == 0)
            return 0;
        var sum = 0.0;
        for (var j = 0; j < _pulses; j++)
            sum += Math.Log(_triangle[(j * k) + j]);
        return (2 * sum) - _startConstant;
    }

    /// <summary>
    /// sum ln F_inf over the observations that the diffuse start uses up: zero when nothing is missing among the first d + D m,
    /// and the same for all coefficients. The filter leaves these terms out; integrating over pulses would keep them.
    /// </summary>
    private double StartConstant()
    {
        Arma.TrySet(new double[Sample.ArmaCount]);
        var filter = new KalmanFilter(new ArimaStateSpace(Arma, Sample.Delta), 1);
        filter.StartDiffuse();
        var sum = 0.0;
        Span<double> innovation = stackalloc double[1];
        for (var t = Sample.First; t <= Sample.Last && filter.IsDiffuse; t++)
        {
            if (filter.Step(Sample.Values.AsSpan(t, 1), innovation) == ObservationKind.Diffuse)
                sum += Math.Log(filter.FInf);
        }

        IsDetermined = !filter.IsDiffuse;
        return sum;
    }

    /// <summary>Fills the standardised innovations; returns sum ln F_t, or NaN.</summary>
    private double Whiten(ReadOnlySpan<double> coefficients)
    {
        if (!Arma.TrySet(coefficients))
            return double.NaN;
        if (_filter is not null)
            return WhitenWithGaps(_filter);
        Count = _input[0].Length - _pulses;
        return _fast!.Run(Arma, _input, _white, tape: _tape);
    }

    private double WhitenWithGaps(KalmanFilter filter)
    {
        filter.StartDiffuse();
        var logs = new LogAccumulator();
        Count = 0;
        for (var t = 0; t < _input[0].Length; t++)
        {
            for (var c = 0; c < _input.Length; c++)
                _row[c] = _input[c][t];
            if (filter.Step(_row, _innovations) != ObservationKind.Regular)
                continue;
            logs.Add(filter.F);
            var root = 1 / Math.Sqrt(filter.F);
            for (var c = 0; c < _input.Length; c++)
                _white[c][Count] = _innovations[c] * root;
            Count++;
        }

        IsDetermined = !filter.IsDiffuse;
        return logs.Value;
    }
}
