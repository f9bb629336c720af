using Forecast.Core;
using Forecast.Models.Ets;

namespace Forecast.Models.HoltWinters;

/// <summary>What to fit: <c>holt-winters[m]{seasonal: additive|multiplicative|none, trend: true|false}</c>.</summary>
public sealed record HoltWintersOptions
{
    internal const int DefaultPaths = 5000;

    /// <summary>How the season enters. Default additive, as in R.</summary>
    public EtsPart Seasonal { get; init; } = EtsPart.Additive;

    /// <summary>Whether there is a slope. Default true; without it and without a season this is simple exponential smoothing.</summary>
    public bool Trend { get; init; } = true;

    /// <summary>Observations a season, at least 2 with one. Null takes the usual season of the series' frequency.</summary>
    public int? Period { get; init; }

    /// <summary>Simulated futures behind the quantiles of a multiplicative season. Default 5000.</summary>
    public int Paths { get; init; } = DefaultPaths;

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A period below 2 with a season, or fewer paths than 1.</exception>
    public HoltWintersOptions Validated()
    {
        if (Seasonal != EtsPart.None && Period is < 2)
            throw new ForecastException("holt-winters-option-invalid", $"period is {Period}; a season needs at least 2 rows", "period");
        if (Paths < 1)
            throw new ForecastException("holt-winters-option-invalid", $"paths is {Paths}; it must be at least 1", "paths");
        return this;
    }

    /// <summary>The model string that makes these options again.</summary>
    public override string ToString()
    {
        List<string> options = [];
        if (Seasonal != EtsPart.Additive) options.Add($"seasonal: {Seasonal.ToString().ToLowerInvariant()}");
        if (!Trend) options.Add("trend: false");
        if (Paths != DefaultPaths) options.Add($"paths: {Paths}");
        return $"holt-winters{(Period is null ? "" : $"[{Period}]")}{(options.Count > 0 ? $"{{{string.Join(", ", options)}}}" : "")}";
    }
}
