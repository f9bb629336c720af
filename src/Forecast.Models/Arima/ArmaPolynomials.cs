namespace Forecast.Models.Arima;

/// <summary>
/// The expanded polynomials of a seasonal ARMA process in companion form of order r = max(p + P m, q + Q m + 1),
/// and its second moments in units of the innovation variance.
/// </summary>
/// <remarks>
/// State alpha_t[i] = sum_(j&gt;i) phi_j w_(t+i-j) + sum_(j&gt;=i) theta_j e_(t+i-j), i = 0..r-1, theta_0 = 1, so that
/// w_t = alpha_t[0] and alpha_(t+1)[i] = phi_(i+1) alpha_t[0] + alpha_t[i+1] + theta_i e_(t+1)
/// (Harvey 1989, section 3.4; Gardner, Harvey and Phillips 1980). Not for use by several threads at once.
/// </remarks>
internal sealed class ArmaPolynomials
{
    private readonly ArimaOrder _order;
    private readonly ArimaOrder _seasonal;
    private readonly int _period;
    private readonly int _p;
    private readonly int _q;
    private readonly double[] _partial;
    private readonly double[] _autocovariances;
    private readonly double[] _arAutocovariances;
    private readonly double[] _levinson;
    private readonly double[] _maAutocovariances;
    private readonly double[] _psi;

    public ArmaPolynomials(ArimaOrder order, ArimaOrder seasonal, int period)
    {
        _order = order;
        _seasonal = seasonal;
        _period = period;
        _p = order.Ar + (seasonal.Ar * period);
        _q = order.Ma + (seasonal.Ma * period);
        Dimension = Math.Max(_p, _q + 1);
        Phi = new double[Dimension];
        Theta = new double[Dimension + 1];
        FirstColumn = new double[Dimension];
        _partial = new double[_p];
        _levinson = new double[_p];
        _arAutocovariances = new double[Dimension + _q + 1];
        _maAutocovariances = new double[_q + 1];
        _autocovariances = new double[Dimension + 1];
        _psi = new double[Dimension];
    }

    /// <summary>r.</summary>
    public int Dimension { get; }

    /// <summary>phi_1..phi_r.</summary>
    public double[] Phi { get; }

    /// <summary>theta_0 = 1, theta_1..theta_r.</summary>
    public double[] Theta { get; }

    /// <summary>Cov(alpha_t[i], w_t), i = 0..r-1: the first column of the stationary covariance.</summary>
    public double[] FirstColumn { get; }

    /// <summary>
    /// Expands the coefficients (ar, ma, sar, sma in one span) and finds <see cref="FirstColumn"/>.
    /// </summary>
    /// <returns>False when the autoregressive part is not stationary.</returns>
    public bool TrySet(ReadOnlySpan<double> coefficients)
    {
        var ar = coefficients[.._order.Ar];
        var ma = coefficients.Slice(_order.Ar, _order.Ma);
        var sar = coefficients.Slice(_order.Ar + _order.Ma, _seasonal.Ar);
        var sma = coefficients.Slice(_order.Ar + _order.Ma + _seasonal.Ar, _seasonal.Ma);
        LagPolynomial.Multiply(-1, ar, sar, _period, Phi);
        LagPolynomial.Multiply(1, ma, sma, _period, Theta.AsSpan(1));
        Theta[0] = 1;
        if (!TrySetAutocovariances())
            return false;
        SetFirstColumn();
        return true;
    }

    /// <summary>Fills the stationary covariance (r x r) from its first column by P = T P T' + R R', bottom right to top left.</summary>
    public void FillCovariance(Span<double> p)
    {
        var r = Dimension;
        for (var i = r - 1; i >= 1; i--)
        {
            for (var j = i; j >= 1; j--)
            {
                var value = Phi[i] * Phi[j] * FirstColumn[0];
                value += Theta[i] * Theta[j];
                if (j + 1 < r)
                    value += Phi[i] * FirstColumn[j + 1];
                if (i + 1 < r)
                    value += (Phi[j] * FirstColumn[i + 1]) + (j + 1 < r ? p[((i + 1) * r) + j + 1] : 0);
                p[(i * r) + j] = p[(j * r) + i] = value;
            }
        }

        for (var i = 0; i < r; i++)
            p[i] = p[i * r] = FirstColumn[i];
    }

    /// <summary>
    /// gamma_w(h) = sum_k c_|k| gamma_u(h - k), with u = w / theta(B) the pure autoregression and c the autocovariances of
    /// the moving average. gamma_u comes from the partial autocorrelations: gamma_u(0) = 1 / prod (1 - r_k^2), then the
    /// Levinson recursion, O(p^2) in all.
    /// </summary>
    private bool TrySetAutocovariances()
    {
        for (var k = 0; k <= _q; k++)
        {
            var sum = 0.0;
            for (var i = 0; i + k <= _q; i++)
                sum += Theta[i] * Theta[i + k];
            _maAutocovariances[k] = sum;
        }

        if (_p == 0)
        {
            for (var h = 0; h <= Dimension; h++)
                _autocovariances[h] = h <= _q ? _maAutocovariances[h] : 0;
            return true;
        }

        if (!TrySetArAutocovariances())
            return false;
        for (var h = 0; h <= Dimension; h++)
        {
            var sum = _maAutocovariances[0] * _arAutocovariances[h];
            for (var k = 1; k <= _q; k++)
            {
                if (_maAutocovariances[k] != 0)
                    sum += _maAutocovariances[k] * (_arAutocovariances[Math.Abs(h - k)] + _arAutocovariances[h + k]);
            }

            _autocovariances[h] = sum;
        }

        return true;
    }

    private bool TrySetArAutocovariances()
    {
        var gamma = _arAutocovariances;
        if (!PartialAutocorrelation.TryFromCoefficients(Phi.AsSpan(0, _p), _partial))
            return false;
        var error = 1.0;
        foreach (var r in _partial)
            error /= 1 - (r * r);
        if (!double.IsFinite(error))
            return false;
        gamma[0] = error;
        var a = _levinson;
        for (var h = 1; h < gamma.Length; h++)
        {
            var sum = 0.0;
            if (h <= _p)
            {
                var r = _partial[h - 1];
                sum = r * error;
                for (var j = 0; j < h - 1; j++)
                    sum += a[j] * gamma[h - 1 - j];
                error *= 1 - (r * r);
                for (int i = 0, j = h - 2; i <= j; i++, j--)
                    (a[i], a[j]) = (a[i] - (r * a[j]), a[j] - (r * a[i]));
                a[h - 1] = r;
            }
            else
            {
                for (var j = 0; j < _p; j++)
                    sum += Phi[j] * gamma[h - 1 - j];
            }

            gamma[h] = sum;
        }

        return true;
    }

    /// <summary>Cov(alpha_t[i], w_t) = sum_(j&gt;i) phi_j gamma(j - i) + sum_(j&gt;=i) theta_j psi_(j-i).</summary>
    private void SetFirstColumn()
    {
        var r = Dimension;
        for (var j = 0; j <= _q; j++)
        {
            var sum = Theta[j];
            for (var i = 1; i <= Math.Min(j, _p); i++)
                sum += Phi[i - 1] * _psi[j - i];
            _psi[j] = sum;
        }

        FirstColumn[0] = _autocovariances[0];
        for (var i = 1; i < r; i++)
        {
            var sum = 0.0;
            for (var j = i + 1; j <= _p; j++)
                sum += Phi[j - 1] * _autocovariances[j - i];
            for (var j = i; j <= _q; j++)
                sum += Theta[j] * _psi[j - i];
            FirstColumn[i] = sum;
        }
    }
}
