namespace Forecast.Models.Arima;

/// <summary>
/// The exact Gaussian log-likelihood of a regression with ARIMA errors, innovation variance concentrated out:
/// <code>
/// l = -(n*/2) (ln 2 pi + ln(S / n*) + 1) - (1/2) sum ln F_t,   S = sum v_t^2 / F_t
/// </code>
/// over the n* observations that the diffuse start does not use up. Without gaps the data are differenced and
/// <see cref="FastInnovations"/> filters them; with gaps <see cref="KalmanFilter"/> does, exactly diffuse; the two agree
/// where both apply. Regression coefficients are profiled: the filter whitens y and X alike, and least squares of the
/// whitened columns maximises over beta in closed form (Harvey 1989, section 3.4.2). Not for use by several threads at once.
/// </summary>
internal sealed class ArimaLikelihood
{
    private readonly double[][] _input;
    private readonly double[][] _white;
    private readonly double[] _triangle;
    private readonly FastInnovations? _fast;
    private readonly KalmanFilter? _filter;
    private readonly double[] _row;
    private readonly double[] _innovations;

    public ArimaLikelihood(ArimaSample sample)
    {
        Sample = sample;
        Arma = new ArmaPolynomials(sample.Options.Order, sample.Options.Seasonal, sample.Period);
        var k = sample.Columns.Length;
        _input = sample.Window(differenced: !sample.HasGaps);
        _white = new double[k + 1][];
        for (var c = 0; c <= k; c++)
            _white[c] = new double[_input[c].Length];
        _triangle = new double[k * k];
        _row = new double[k + 1];
        _innovations = new double[k + 1];
        Beta = new double[k];
        if (sample.HasGaps)
            _filter = new KalmanFilter(new ArimaStateSpace(Arma, sample.Delta), k + 1);
        else
            _fast = new FastInnovations(Arma.Dimension, k + 1);
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

    /// <summary>Data (and regressors) between gaps, differenced when the sample has none: column 0 is the series.</summary>
    public double[][] Input => _input;

    /// <summary>Maximum over beta and sigma2 at the given ARMA coefficients (ar, ma, sar, sma).</summary>
    /// <returns>The log-likelihood; NaN when the coefficients are not stationary or the regressors dependent.</returns>
    public double Profile(ReadOnlySpan<double> coefficients)
    {
        var logs = Whiten(coefficients);
        if (double.IsNaN(logs))
            return double.NaN;
        SumOfSquares = WhitenedRegression.Solve(_white, Count, _triangle, Beta);
        return LogLikelihood(logs);
    }

    /// <summary>Maximum over sigma2 at the given ARMA and regression coefficients.</summary>
    public double At(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> beta)
    {
        var logs = Whiten(coefficients);
        if (double.IsNaN(logs))
            return double.NaN;
        beta.CopyTo(Beta);
        var y = _white[0];
        for (var j = 0; j < beta.Length; j++)
        {
            var x = _white[j + 1];
            for (var t = 0; t < Count; t++)
                y[t] -= beta[j] * x[t];
        }

        SumOfSquares = WhitenedRegression.Dot(y.AsSpan(0, Count), y.AsSpan(0, Count));
        return LogLikelihood(logs);
    }

    /// <summary>Length of a regressor's standardised innovations at the last call of <see cref="At"/>.</summary>
    public double WhitenedNorm(int regressor)
    {
        var column = _white[regressor + 1].AsSpan(0, Count);
        return Math.Sqrt(WhitenedRegression.Dot(column, column));
    }

    /// <summary>False when some diffuse direction (a season never observed) is still open after the last observation.</summary>
    public bool IsDetermined => _filter is not { IsDiffuse: true };

    private double LogLikelihood(double logs) =>
        -0.5 * ((Count * (Math.Log(2 * Math.PI * SumOfSquares / Count) + 1)) + logs);

    /// <summary>Fills the standardised innovations; returns sum ln F_t, or NaN.</summary>
    private double Whiten(ReadOnlySpan<double> coefficients)
    {
        if (!Arma.TrySet(coefficients))
            return double.NaN;
        if (_filter is not null)
            return WhitenWithGaps(_filter);
        Count = _input[0].Length;
        return _fast!.Run(Arma, _input, _white);
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

        return logs.Value;
    }
}
