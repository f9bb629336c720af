using Forecast.Core;

namespace Forecast.Models.Stl;

/// <summary>
/// Smoothing windows and iterations of STL. Defaults are those of R's <c>stl</c>: the trend window is the least odd number above
/// 1.5 m / (1 - 1.5 / seasonal window), every tenth of a window is fitted and the rest interpolated.
/// </summary>
public sealed record StlSettings
{
    /// <summary>Observations a season, at least 2.</summary>
    public required int Period { get; init; }

    /// <summary>
    /// Window of the smoothing across seasons (odd, in seasons); null = one fixed seasonal figure ("periodic").
    /// </summary>
    public int? SeasonalWindow { get; init; } = 11;

    /// <summary>Degree of the smoothing across seasons, 0 or 1. Default 0.</summary>
    public int SeasonalDegree { get; init; }

    /// <summary>Window of the trend in observations (odd); null = from period and seasonal window.</summary>
    public int? TrendWindow { get; init; }

    /// <summary>Degree of the trend smoothing, 0 or 1. Default 1.</summary>
    public int TrendDegree { get; init; } = 1;

    /// <summary>Whether outliers are weighted down: 15 rounds of bisquare weights around one inner pass instead of two plain passes.</summary>
    public bool Robust { get; init; }

    /// <summary>The seasonal window in use: 10 n + 1 seasons when the figure is fixed.</summary>
    internal int EffectiveSeasonalWindow(int n) => SeasonalWindow is { } window ? Math.Max(3, Odd(window)) : (10 * n) + 1;

    internal int EffectiveTrendWindow(int n) => Math.Max(3, Odd(TrendWindow ?? (int)Math.Ceiling(1.5 * Period / (1 - (1.5 / EffectiveSeasonalWindow(n))))));

    internal int LowPassWindow => Math.Max(3, Odd(Period));

    internal static int Jump(int window) => (window + 9) / 10;

    /// <exception cref="ForecastException">A period below 2, a window below 1 or a degree other than 0 and 1.</exception>
    public StlSettings Validated()
    {
        if (Period < 2)
            throw new ForecastException("stl-option-invalid", $"period is {Period}; a seasonal decomposition needs at least 2", "period");
        if (SeasonalWindow is < 3)
            throw new ForecastException("stl-option-invalid", $"s_window is {SeasonalWindow}; it must be at least 3, or periodic", "s_window");
        if (TrendWindow is < 3)
            throw new ForecastException("stl-option-invalid", $"t_window is {TrendWindow}; it must be at least 3", "t_window");
        if (SeasonalDegree is < 0 or > 1 || TrendDegree is < 0 or > 1)
            throw new ForecastException("stl-option-invalid", "degrees of the smoothing are 0 or 1", "degree");
        return this;
    }

    private static int Odd(int window) => window % 2 == 0 ? window + 1 : window;
}
