using Forecast.Models.Numerics;

namespace Forecast.Models.Arima;

/// <summary>
/// Least conditional sum of squares (Box, Jenkins and Reinsel 2008, section 7.1.2): with w the differenced data less their regression,
/// e_t = w_t - sum phi_k w_(t-k) - sum theta_k e_(t-k) for t &gt; p + P m and e = 0 before, the coefficients that minimise
/// ln(sum e^2 / n) / 2. Nothing keeps them stationary or invertible. R's <c>arima</c> starts its likelihood search there and gives a model
/// up where they are not stationary, so that its <c>auto.arima</c> passes over it.
/// </summary>
internal sealed class ConditionalSquares
{
    private const int MaxIterations = 100;

    private readonly ArimaSample _sample;
    private readonly double[] _y;
    private readonly double[][] _columns;
    private readonly double[] _w;
    private readonly double[] _e;
    private readonly double[] _adjoint;
    private readonly double[] _phi;
    private readonly double[] _theta;
    private readonly double[] _byPhi;
    private readonly double[] _byTheta;

    private ConditionalSquares(ArimaSample sample, double[] y, double[][] columns)
    {
        (_sample, _y, _columns) = (sample, y, columns);
        (_w, _e, _adjoint) = (new double[y.Length], new double[y.Length], new double[y.Length]);
        var options = sample.Options;
        _phi = new double[options.Order.Ar + (options.Seasonal.Ar * sample.Period)];
        _theta = new double[options.Order.Ma + (options.Seasonal.Ma * sample.Period)];
        (_byPhi, _byTheta) = (new double[_phi.Length], new double[_theta.Length]);
    }

    /// <summary>
    /// Whether the least conditional sum of squares that is found from zeros is that of a stationary model. Also true without an
    /// autoregression, and where the question has no answer: gaps, fixed coefficients, too few rows, a search that does not end.
    /// </summary>
    public static bool IsStationary(ArimaSample sample, CancellationToken cancellation)
    {
        var (ar, ma, sar) = (sample.Options.Order.Ar, sample.Options.Order.Ma, sample.Options.Seasonal.Ar);
        if (ar + sar == 0 || sample.HasGaps || sample.Options.Fixed.Count > 0) return true;
        if (Of(sample) is not { } squares) return true;
        var start = new double[sample.ArmaCount + squares._columns.Length];
        var end = Bfgs.Minimize(squares.Value, start, new BfgsOptions { MaxIterations = MaxIterations, GradientTolerance = 1e-5, RelativeTolerance = 1e-9 }, cancellation);
        return !end.Converged || (IsStationary(end.X.AsSpan(0, ar)) && IsStationary(end.X.AsSpan(ar + ma, sar)));
    }

    /// <summary>Null with too few rows, or when regression explains all.</summary>
    internal static ConditionalSquares? Of(ArimaSample sample)
    {
        // Regressors become orthogonal, and the search begins at their least squares: regression coefficients are then of the size of the others.
        var columns = sample.Window(differenced: true, withPulses: false);
        var (y, k) = (columns[0], columns.Length - 1);
        var sum = WhitenedRegression.Solve(columns, y.Length, new double[k * k], new double[k]);
        if (y.Length <= sample.Options.Order.Ar + (sample.Options.Seasonal.Ar * sample.Period) + sample.ArmaCount + k || !(sum > 0)) return null;
        Scale(y, Math.Sqrt(y.Length / sum));
        foreach (var column in columns[1..]) Scale(column, Math.Sqrt(y.Length));
        return new ConditionalSquares(sample, y, columns[1..]);
    }

    /// <summary>
    /// ln(sum e^2 / n) / 2 at (ar, ma, sar, sma, regression), and its gradient by one pass back: with g_t = e_t - sum theta_k g_(t+k) the
    /// derivatives of sum e^2 / 2 are -sum g_t w_(t-k) by phi_k, -sum g_t e_(t-k) by theta_k, g_t - sum phi_k g_(t+k) by w_t.
    /// </summary>
    internal double Value(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var (order, seasonal, period) = (_sample.Options.Order, _sample.Options.Seasonal, _sample.Period);
        var (ma, sar, sma) = (order.Ar, order.Ar + order.Ma, order.Ar + order.Ma + seasonal.Ar);
        LagPolynomial.Multiply(-1, x[..ma], x[sar..sma], period, _phi);
        LagPolynomial.Multiply(1, x[ma..sar], x.Slice(sma, seasonal.Ma), period, _theta);
        _y.CopyTo(_w, 0);
        for (var j = 0; j < _columns.Length; j++)
        {
            var beta = x[_sample.ArmaCount + j];
            for (var t = 0; t < _w.Length; t++) _w[t] -= beta * _columns[j][t];
        }

        var (first, n) = (_phi.Length, _w.Length);
        var sum = 0.0;
        for (var t = first; t < n; t++)
        {
            var e = _w[t];
            for (var k = 0; k < first; k++) e -= _phi[k] * _w[t - k - 1];
            for (var k = 0; k < Math.Min(_theta.Length, t - first); k++) e -= _theta[k] * _e[t - k - 1];
            _e[t] = e;
            sum += e * e;
        }

        Array.Clear(_byPhi);
        Array.Clear(_byTheta);
        for (var t = n - 1; t >= first; t--)
        {
            var g = _e[t];
            for (var k = 0; k < Math.Min(_theta.Length, n - 1 - t); k++) g -= _theta[k] * _adjoint[t + k + 1];
            _adjoint[t] = g;
            for (var k = 0; k < first; k++) _byPhi[k] -= g * _w[t - k - 1];
            for (var k = 0; k < Math.Min(_theta.Length, t - first); k++) _byTheta[k] -= g * _e[t - k - 1];
        }

        Chain(-1, _byPhi, x[..ma], x[sar..sma], gradient[..ma], gradient[sar..sma]);
        Chain(1, _byTheta, x[ma..sar], x.Slice(sma, seasonal.Ma), gradient[ma..sar], gradient.Slice(sma, seasonal.Ma));
        for (var j = 0; j < _columns.Length; j++) gradient[_sample.ArmaCount + j] = -Along(_columns[j]);
        foreach (ref var g in gradient) g /= sum;
        return 0.5 * Math.Log(sum / (n - first));
    }

    /// <summary>sum_t column_t times the derivative by w_t.</summary>
    private double Along(double[] column)
    {
        var sum = 0.0;
        for (var t = _phi.Length; t < column.Length; t++)
        {
            var filtered = column[t];
            for (var k = 0; k < _phi.Length; k++) filtered -= _phi[k] * column[t - k - 1];
            sum += _adjoint[t] * filtered;
        }

        return sum;
    }

    /// <summary>From derivatives by the coefficients of a product of two lag polynomials to those by its factors.</summary>
    private void Chain(int sign, ReadOnlySpan<double> product, ReadOnlySpan<double> plain, ReadOnlySpan<double> seasonal, Span<double> byPlain, Span<double> bySeasonal)
    {
        product[..plain.Length].CopyTo(byPlain);
        for (var j = 0; j < seasonal.Length; j++)
        {
            var shift = (j + 1) * _sample.Period;
            bySeasonal[j] = product[shift - 1];
            for (var i = 0; i < plain.Length; i++)
            {
                bySeasonal[j] += sign * plain[i] * product[shift + i];
                byPlain[i] += sign * seasonal[j] * product[shift + i];
            }
        }
    }

    private static bool IsStationary(ReadOnlySpan<double> coefficients)
    {
        var partial = new double[coefficients.Length];
        return PartialAutocorrelation.TryFromCoefficients(coefficients, partial);
    }

    private static void Scale(double[] values, double factor)
    {
        for (var t = 0; t < values.Length; t++) values[t] *= factor;
    }
}
