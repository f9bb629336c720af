using Forecast.Models.Numerics;

namespace Forecast.Models.Ets;

/// <summary>
/// -2 log-likelihood without constants, n ln(sum r^2) + 2 sum ln mu (Hyndman et al. 2008, eq. 5.3), of one form as a function of
/// alpha, (beta), (gamma), (phi), l, (b), (s_0 .. s_(2-m)); the oldest seasonal state makes the sum 0, or m. Within the usual bounds
/// beta and gamma are searched as shares of the room that alpha leaves them, so that all bounds are plain.
/// </summary>
internal sealed class EtsObjective : ICurvedObjective
{
    private const double Least = 1e-4;
    private const double Most = 1 - Least;
    private const double LeastPhi = 0.8;
    private const double MostPhi = 0.98;

    /// <summary>Mean square below which a fit counts as exact: rounding of numbers around 1, squared, with room.</summary>
    internal const double ExactMeanSquare = 1e-26;

    private readonly EtsForm _form;
    private readonly EtsSample _sample;
    private readonly EtsTrace _trace;
    private readonly EtsTangents _tangents;
    private readonly EtsKernel _kernel;
    private readonly EtsBounds _bounds;
    private readonly int _period;
    private readonly int _beta;
    private readonly int _gamma;
    private readonly int _phi;
    private readonly int _level;
    private readonly int _slope;
    private readonly int _season;
    private EtsPoint _point;

    public EtsObjective(EtsForm form, EtsSample sample, int period, EtsBounds bounds, EtsTrace trace, EtsTangents tangents)
    {
        (_form, _sample, _bounds, _trace, _tangents) = (form, sample, bounds, trace, tangents);
        _period = form.HasSeason ? period : 0;
        _kernel = EtsKernel.For(form);
        var at = 1;
        _beta = form.HasTrend ? at++ : -1;
        _gamma = form.HasSeason ? at++ : -1;
        _phi = form.Damped ? at++ : -1;
        Smoothing = at;
        _level = at++;
        _slope = form.HasTrend ? at++ : -1;
        _season = at;
        Count = form.HasSeason ? at + period - 1 : at;
    }

    /// <summary>Variables.</summary>
    public int Count { get; }

    /// <summary>How many of them, the first ones, are smoothing parameters.</summary>
    public int Smoothing { get; }

    /// <summary>The point of the last <see cref="Value"/>; its first seasonal states stand in the trace.</summary>
    public EtsPoint Point => _point;

    /// <summary>Whether the last <see cref="Value"/> found nothing left to explain.</summary>
    public bool IsExact => _trace.SumOfSquares <= ExactMeanSquare * _sample.Observed;

    /// <summary>Calls of <see cref="Value"/> so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Bounds of the variables.</summary>
    public void Bound(Span<double> low, Span<double> high)
    {
        low.Fill(double.NegativeInfinity);
        high.Fill(double.PositiveInfinity);
        var usual = _bounds is EtsBounds.Both or EtsBounds.Usual;
        (low[0], high[0]) = usual ? (Least, Most) : (0, 2);
        if (_beta > 0) (low[_beta], high[_beta]) = usual ? (0, 1) : (-1, 4);
        if (_gamma > 0) (low[_gamma], high[_gamma]) = usual ? (0, 1) : (0, 2);
        if (_bounds == EtsBounds.Stable)
        {
            low[.._level].Fill(Least);
            high[.._level].Fill(Most);
        }

        if (_phi > 0) (low[_phi], high[_phi]) = (LeastPhi, MostPhi);
    }

    /// <summary>Writes a starting point.</summary>
    public void Start(EtsStarts states, double alpha, double betaShare, double gammaShare, double phi, Span<double> x)
    {
        var usual = _bounds is EtsBounds.Both or EtsBounds.Usual;
        x[0] = alpha;
        if (_beta > 0) x[_beta] = usual ? betaShare : betaShare * alpha;
        if (_gamma > 0) x[_gamma] = usual ? gammaShare : gammaShare * (1 - alpha);
        if (_phi > 0) x[_phi] = phi;
        States(states, x);
    }

    /// <summary>Writes smoothing parameters as they are, and states.</summary>
    public void Start(EtsStarts states, in EtsPoint smoothing, Span<double> x)
    {
        var usual = _bounds is EtsBounds.Both or EtsBounds.Usual;
        var alpha = smoothing.Alpha;
        x[0] = alpha;
        if (_beta > 0) x[_beta] = usual ? Share(smoothing.Beta, alpha) : smoothing.Beta;
        if (_gamma > 0) x[_gamma] = usual ? Share(smoothing.Gamma, 1 - alpha) : smoothing.Gamma;
        if (_phi > 0) x[_phi] = smoothing.Phi;
        States(states, x);

        static double Share(double value, double most) => most > Least ? Math.Clamp((value - Least) / (most - Least), 0, 1) : 0;
    }

    public double Value(ReadOnlySpan<double> x)
    {
        Evaluations++;
        Read(x);
        if (_bounds != EtsBounds.Usual && (_form.HasSeason || !(_bounds is EtsBounds.Both)) && !EtsStability.IsAdmissible(_form, _period, _point))
            return double.PositiveInfinity;
        if (!_kernel.Forward(_sample.Values, _period, _point, _trace)) return double.PositiveInfinity;
        double n = _sample.Observed;
        return (n * Math.Log(Math.Max(_trace.SumOfSquares, ExactMeanSquare * n))) + (2 * _trace.LogMeans);
    }

    public void Gradient(Span<double> gradient)
    {
        var weight = IsExact ? 0 : 2 * _sample.Observed / _trace.SumOfSquares;
        var bar = _kernel.Backward(_sample.Values, _period, _point, weight, _trace);
        gradient[0] = bar.Alpha;
        var usual = _bounds is EtsBounds.Both or EtsBounds.Usual;
        if (_beta > 0)
        {
            gradient[_beta] = bar.Beta;
            if (usual)
            {
                var room = _point.Alpha - Least;
                gradient[0] += room > 0 ? bar.Beta * (_point.Beta - Least) / room : 0;
                gradient[_beta] = bar.Beta * room;
            }
        }

        if (_gamma > 0)
        {
            gradient[_gamma] = bar.Gamma;
            if (usual)
            {
                var room = 1 - _point.Alpha - Least;
                gradient[0] -= room > 0 ? bar.Gamma * (_point.Gamma - Least) / room : 0;
                gradient[_gamma] = bar.Gamma * room;
            }
        }

        if (_phi > 0) gradient[_phi] = bar.Phi;
        gradient[_level] = bar.Level;
        if (_slope > 0) gradient[_slope] = bar.Slope;
        if (!_form.HasSeason) return;
        var seasonBar = _trace.SeasonBar;
        for (var j = 0; j < _period - 1; j++) gradient[_season + j] = seasonBar[_period - 1 - j] - seasonBar[0];
    }

    /// <summary>Gauss-Newton approximation (2 n / sum r^2) J'J of the second derivatives at the point of the last <see cref="Value"/>, J the derivatives of the residuals.</summary>
    /// <param name="hessian">Receives Count rows, padded.</param>
    public void Curvature(Span<double> hessian)
    {
        var k = Count;
        Differentiate();
        var weight = 2 * _sample.Observed / Math.Max(_trace.SumOfSquares, ExactMeanSquare * _sample.Observed);
        GramMatrix.Fill(_tangents.Residuals(_sample.Values.Length), k, weight, hessian);
        for (var i = 0; i < k; i++)
        {
            ref var diagonal = ref hessian[(i * _tangents.Width) + i];
            diagonal = (diagonal * (1 + 1e-9)) + 1e-12;
        }
    }

    /// <summary>Derivatives of the residuals by the variables, at the point of the last <see cref="Value"/>, into the rows of the tangents.</summary>
    public void Differentiate()
    {
        _tangents.Reset(Count, _form.HasSeason ? _period : 0);
        var usual = _bounds is EtsBounds.Both or EtsBounds.Usual;
        _tangents.Alpha[0] = 1;
        if (_beta > 0)
        {
            var room = _point.Alpha - Least;
            _tangents.Beta[_beta] = usual ? room : 1;
            if (usual && room > 0) _tangents.Beta[0] = (_point.Beta - Least) / room;
        }

        if (_gamma > 0)
        {
            var room = 1 - _point.Alpha - Least;
            _tangents.Gamma[_gamma] = usual ? room : 1;
            if (usual && room > 0) _tangents.Gamma[0] = -(_point.Gamma - Least) / room;
        }

        if (_phi > 0) _tangents.Phi[_phi] = 1;
        _tangents.Level[_level] = 1;
        if (_slope > 0) _tangents.Slope[_slope] = 1;
        for (var j = 0; j < _period - 1; j++)
        {
            _tangents.Season(_period - 1 - j)[_season + j] = 1;
            _tangents.Season(0)[_season + j] = -1;
        }

        _kernel.Tangents(_sample.Values, _period, _point, _trace, _tangents);
    }

    private void States(EtsStarts states, Span<double> x)
    {
        x[_level] = states.Level;
        if (_slope > 0) x[_slope] = states.Slope;
        for (var j = 0; j < _period - 1; j++) x[_season + j] = states.Season[_period - 1 - j];
    }

    private void Read(ReadOnlySpan<double> x)
    {
        var usual = _bounds is EtsBounds.Both or EtsBounds.Usual;
        var alpha = x[0];
        _point = new EtsPoint(
            alpha,
            _beta < 0 ? 0 : usual ? Least + (x[_beta] * (alpha - Least)) : x[_beta],
            _gamma < 0 ? 0 : usual ? Least + (x[_gamma] * (1 - alpha - Least)) : x[_gamma],
            _phi < 0 ? 1 : x[_phi],
            x[_level],
            _slope < 0 ? 0 : x[_slope]);
        if (!_form.HasSeason) return;
        var season = _trace.Season;
        var sum = 0.0;
        for (var j = 0; j < _period - 1; j++) sum += season[_period - 1 - j] = x[_season + j];
        season[0] = (_form.Season == EtsPart.Multiplicative ? _period : 0) - sum;
    }
}
