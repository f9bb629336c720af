using Forecast.Models.Ets;

namespace Forecast.Models.HoltWinters;

/// <summary>Smoothing parameters of level, slope and season, each 0 to 1.</summary>
internal readonly record struct HoltWintersWeights(double Alpha, double Beta, double Gamma);

/// <summary>
/// Where the recursion begins, as in R's <c>HoltWinters</c>. With a season: the figure of a classical decomposition of the first two
/// periods and the line through its trend, and the first row to be forecast is m. Without: x_1 and x_2 - x_1 and the third row
/// (x_0 and the second row where there is no slope).
/// </summary>
/// <param name="First">First row that is forecast.</param>
/// <param name="Level">Level before it.</param>
/// <param name="Slope">Slope before it; 0 without one.</param>
/// <param name="Season">Seasonal states of the next m rows; empty without a season.</param>
internal sealed record HoltWintersStart(int First, double Level, double Slope, double[] Season)
{
    public static HoltWintersStart Of(ReadOnlySpan<double> y, EtsPart seasonal, bool trend, int period)
    {
        if (seasonal == EtsPart.None)
            return trend ? new HoltWintersStart(2, y[1], y[1] - y[0], []) : new HoltWintersStart(1, y[0], 0, []);
        var parts = Decomposition.ClassicalDecomposition.Of(y[..(2 * period)], period, seasonal == EtsPart.Multiplicative);
        var (intercept, slope) = EtsStarts.Line(Array.FindAll(parts.Trend, v => !double.IsNaN(v)));
        return new HoltWintersStart(period, intercept, trend ? slope : 0, parts.Figure);
    }
}

/// <summary>
/// Holt (1957) and Winters (1960) as R has them: forecast l + b + s (or (l + b) s), then
/// l' = alpha (y - s) + (1 - alpha)(l + b), b' = beta (l' - l) + (1 - beta) b, s' = gamma (y - l') + (1 - gamma) s,
/// with quotients for differences where the season multiplies. The season learns from the new level, unlike in ETS.
/// </summary>
internal struct HoltWintersFilter
{
    private readonly HoltWintersWeights _weights;
    private readonly EtsPart _seasonal;
    private readonly bool _trend;
    private readonly double[] _season;
    private int _at;

    /// <param name="weights">Smoothing parameters.</param>
    /// <param name="seasonal">How the season enters.</param>
    /// <param name="trend">Whether there is a slope.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="season">Room for the seasonal states, written to.</param>
    public HoltWintersFilter(HoltWintersWeights weights, EtsPart seasonal, bool trend, HoltWintersStart start, double[] season)
    {
        (_weights, _seasonal, _trend, _season) = (weights, seasonal, trend, season);
        (Level, Slope) = (start.Level, start.Slope);
        start.Season.CopyTo(season, 0);
    }

    public double Level { get; private set; }

    public double Slope { get; private set; }

    /// <summary>Seasonal states of the next m rows.</summary>
    public readonly double[] NextSeason() => [.. _season.AsSpan(_at), .. _season.AsSpan(0, _at)];

    public readonly double Mean() => _seasonal switch
    {
        EtsPart.None => Level + Slope,
        EtsPart.Additive => Level + Slope + _season[_at],
        _ => (Level + Slope) * _season[_at],
    };

    /// <summary>Moves on; a missing row is one that came as forecast.</summary>
    public void Move(double y)
    {
        var s = _seasonal == EtsPart.None ? 0 : _season[_at];
        var adjusted = _seasonal == EtsPart.Multiplicative ? y / s : y - s;
        var level = (_weights.Alpha * adjusted) + ((1 - _weights.Alpha) * (Level + Slope));
        if (_trend) Slope = (_weights.Beta * (level - Level)) + ((1 - _weights.Beta) * Slope);
        Level = level;
        if (_seasonal == EtsPart.None) return;
        _season[_at] = (_weights.Gamma * (_seasonal == EtsPart.Multiplicative ? y / level : y - level)) + ((1 - _weights.Gamma) * s);
        if (++_at == _season.Length) _at = 0;
    }
}
