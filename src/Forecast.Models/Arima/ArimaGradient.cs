using Forecast.Models.Numerics;

namespace Forecast.Models.Arima;

/// <summary>
/// The gradient of the profiled log-likelihood in the unconstrained coordinates: backwards through the filter
/// (<see cref="InnovationsAdjoint"/>), then by central differences through the small smooth map from u to the polynomial and
/// the first column of the stationary covariance, which does not see the data.
/// </summary>
internal sealed class ArimaGradient
{
    private readonly ArimaTransform _transform;
    private readonly InnovationsAdjoint _adjoint;
    private readonly ArmaPolynomials _probe;
    private readonly double[] _point;
    private readonly double[] _phi;
    private readonly double[] _first;
    private double[] _column = [];

    public ArimaGradient(ArimaSample sample, ArimaTransform transform, int dimension)
    {
        _transform = transform;
        _adjoint = new InnovationsAdjoint(dimension);
        _probe = new ArmaPolynomials(sample.Options.Order, sample.Options.Seasonal, sample.Period);
        _point = new double[transform.Count];
        _phi = new double[dimension];
        _first = new double[dimension];
        Coefficients = new double[sample.ArmaCount];
    }

    /// <summary>Room for the coefficients of u.</summary>
    public double[] Coefficients { get; }

    public InnovationsTape Tape => _adjoint.Tape;

    /// <summary>Fills the derivatives; NaN where the map is not smooth (on the very boundary).</summary>
    /// <param name="u">The point.</param>
    /// <param name="arma">Its polynomials.</param>
    /// <param name="input">Data and regressors as filtered.</param>
    /// <param name="beta">Coefficients of the regressors in <paramref name="input"/> at their optimum.</param>
    /// <param name="standardised">Standardised innovations of y - X beta.</param>
    /// <param name="sumOfSquares">Of the standardised innovations.</param>
    /// <param name="gradient">Receives the derivatives of the log-likelihood.</param>
    public void Fill(ReadOnlySpan<double> u, ArmaPolynomials arma, double[][] input, ReadOnlySpan<double> beta, ReadOnlySpan<double> standardised, double sumOfSquares, Span<double> gradient)
    {
        var n = input[0].Length;
        if (_column.Length != n)
            _column = new double[n];
        input[0].CopyTo(_column, 0);
        for (var j = 0; j < beta.Length; j++)
        {
            var x = input[j + 1];
            for (var t = 0; t < n; t++)
                _column[t] -= beta[j] * x[t];
        }

        _adjoint.Run(arma, _column, standardised[..n], sumOfSquares);
        u.CopyTo(_point);
        for (var k = 0; k < u.Length; k++)
            gradient[k] = -Derivative(u[k], k);
    }

    private double Derivative(double u, int k)
    {
        var h = NumericalDerivatives.FirstOrderStep * Math.Max(Math.Abs(u), 1);
        var (above, below) = (u + h, u - h);
        var usable = TryAt(k, above);
        _probe.Phi.CopyTo(_phi, 0);
        _probe.FirstColumn.CopyTo(_first, 0);
        usable &= TryAt(k, below);
        _point[k] = u;
        if (!usable)
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < _phi.Length; i++)
            sum += (_adjoint.Phi[i] * (_phi[i] - _probe.Phi[i])) + (_adjoint.FirstColumn[i] * (_first[i] - _probe.FirstColumn[i]));
        return sum / (above - below);
    }

    private bool TryAt(int k, double value)
    {
        _point[k] = value;
        _transform.ToCoefficients(_point, Coefficients);
        return _probe.TrySet(Coefficients);
    }
}
