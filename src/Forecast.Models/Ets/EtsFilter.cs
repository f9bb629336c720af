namespace Forecast.Models.Ets;

/// <summary>
/// The recursion of every form in its plain version: one step at a time, nothing specialised. <see cref="EtsKernel"/> is held
/// against it, and forecasts and simulated futures go on with it.
/// </summary>
internal struct EtsFilter
{
    private readonly EtsForm _form;
    private readonly double _alpha;
    private readonly double _beta;
    private readonly double _gamma;
    private readonly double _phi;
    private readonly double[] _season;
    private int _at;

    /// <param name="form">The form.</param>
    /// <param name="point">Parameters and first level and slope.</param>
    /// <param name="season">The last m seasonal states, oldest first; written to. Empty without a season.</param>
    public EtsFilter(EtsForm form, in EtsPoint point, double[] season)
    {
        _form = form;
        (_alpha, _beta, _gamma, _phi) = (point.Alpha, point.Beta, point.Gamma, form.Damped ? point.Phi : 1);
        (Level, Slope) = (point.Level, point.Slope);
        _season = season;
    }

    public double Level { get; private set; }

    public double Slope { get; private set; }

    /// <summary>Seasonal states, the newest first, as R lists them.</summary>
    public readonly double[] SeasonNewestFirst()
    {
        var states = new double[_season.Length];
        for (var i = 0; i < states.Length; i++) states[i] = _season[(_at + states.Length - 1 - i) % states.Length];
        return states;
    }

    /// <summary>mu, the forecast of the next row.</summary>
    public readonly double Mean() => Mean(Base(Growth()));

    /// <summary>Moves on over a row whose value is known.</summary>
    /// <returns>The residual: y - mu, or (y - mu) / mu for a multiplicative error.</returns>
    public double Absorb(double y)
    {
        var mu = Mean();
        Move(y - mu);
        return _form.Error == EtsPart.Multiplicative ? (y - mu) / mu : y - mu;
    }

    /// <summary>Moves on over a row that is missing.</summary>
    public void Skip() => Move(0);

    /// <summary>Moves on with an innovation and gives the value that it makes.</summary>
    public double Emit(double innovation)
    {
        var mu = Mean();
        var error = _form.Error == EtsPart.Multiplicative ? mu * innovation : innovation;
        Move(error);
        return mu + error;
    }

    private readonly double Growth() => _form.Trend switch
    {
        EtsPart.None => 0,
        EtsPart.Additive => _phi * Slope,
        _ => Math.Pow(Slope, _phi),
    };

    private readonly double Base(double growth) => _form.Trend == EtsPart.Multiplicative ? Level * growth : Level + growth;

    private readonly double Mean(double q) => _form.Season switch
    {
        EtsPart.None => q,
        EtsPart.Additive => q + _season[_at],
        _ => q * _season[_at],
    };

    private void Move(double error)
    {
        var growth = Growth();
        var q = Base(growth);
        var shock = _form.Season == EtsPart.Multiplicative ? error / _season[_at] : error;
        Slope = _form.Trend switch
        {
            EtsPart.None => 0,
            EtsPart.Additive => growth + (_beta * shock),
            _ => growth + (_beta * shock / Level),
        };
        Level = q + (_alpha * shock);
        if (!_form.HasSeason) return;
        _season[_at] += _gamma * (_form.Season == EtsPart.Multiplicative ? error / q : error);
        if (++_at == _season.Length) _at = 0;
    }
}
