using Forecast.Core;

namespace Forecast.Models.Ces;

/// <summary>Where the season enters complex exponential smoothing.</summary>
public enum CesSeasonality
{
    /// <summary>No season.</summary>
    None,

    /// <summary>Level and potential of the same season one period ago, and nothing else.</summary>
    Simple,

    /// <summary>A real seasonal component beside level and potential.</summary>
    Partial,

    /// <summary>A complex seasonal component with its own parameter beside level and potential.</summary>
    Full,
}

/// <summary>What to fit: <c>ces[m]{seasonality: auto|none|simple|partial|full}</c>.</summary>
public sealed record CesOptions
{
    /// <summary>Null (the default) lets AICc choose.</summary>
    public CesSeasonality? Seasonality { get; init; }

    /// <summary>Observations a season, at least 2 with one. Null takes the usual season of the series' frequency.</summary>
    public int? Period { get; init; }

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A period below 1, or below 2 where a season is asked for.</exception>
    public CesOptions Validated()
    {
        if (Period is < 1 || (Seasonality is not (null or CesSeasonality.None) && Period is < 2))
            throw new ForecastException("ces-option-invalid", $"period is {Period}; a season needs at least 2 rows", "period");
        return this;
    }

    /// <summary>The model string that makes these options again.</summary>
    public override string ToString() =>
        $"ces{(Period is null ? "" : $"[{Period}]")}{(Seasonality is { } s ? $"{{seasonality: {s.ToString().ToLowerInvariant()}}}" : "")}";
}
