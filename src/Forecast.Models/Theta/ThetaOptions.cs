using Forecast.Core;

namespace Forecast.Models.Theta;

/// <summary>Which of the theta models (Fiorucci et al. 2016).</summary>
public enum ThetaMethod
{
    /// <summary>Theta 2 as simple exponential smoothing with drift (Hyndman and Billah 2003): R's <c>thetaf</c>.</summary>
    Standard,

    /// <summary>Theta estimated, the trend line fixed over the whole sample (OTM).</summary>
    Optimised,

    /// <summary>Theta 2, the trend line updated with every row (DSTM).</summary>
    Dynamic,

    /// <summary>Theta estimated, the trend line updated with every row (DOTM).</summary>
    DynamicOptimised,
}

/// <summary>What to fit: <c>theta[m]{method: standard|optimised|dynamic|dynamic-optimised, seasonal: auto|true|false}</c>.</summary>
public sealed record ThetaOptions
{
    internal const int DefaultPaths = 5000;

    /// <summary>The model. Default standard.</summary>
    public ThetaMethod Method { get; init; }

    /// <summary>Whether the series is seasonally adjusted first. Null (the default) asks R's test at 90 %.</summary>
    public bool? Seasonal { get; init; }

    /// <summary>Observations a season, at least 1. Null takes the usual season of the series' frequency.</summary>
    public int? Period { get; init; }

    /// <summary>Simulated futures behind the quantiles of the dynamic models. Default 5000.</summary>
    public int Paths { get; init; } = DefaultPaths;

    /// <summary>Whether theta is estimated.</summary>
    public bool IsOptimised => Method is ThetaMethod.Optimised or ThetaMethod.DynamicOptimised;

    /// <summary>Whether the line is updated with every row.</summary>
    public bool IsDynamic => Method is ThetaMethod.Dynamic or ThetaMethod.DynamicOptimised;

    /// <summary>First row whose error counts: a line that is updated has no row to lean on before the first.</summary>
    internal int FirstJudged => IsDynamic ? 1 : 0;

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A period or a number of paths below 1.</exception>
    public ThetaOptions Validated()
    {
        if (Period is < 1)
            throw new ForecastException("theta-option-invalid", $"period is {Period}; it must be at least 1", "period");
        if (Paths < 1)
            throw new ForecastException("theta-option-invalid", $"paths is {Paths}; it must be at least 1", "paths");
        return this;
    }

    /// <summary>The model string that makes these options again.</summary>
    public override string ToString()
    {
        List<string> options = [];
        if (Method != ThetaMethod.Standard) options.Add($"method: {NameOf(Method)}");
        if (Seasonal is { } seasonal) options.Add($"seasonal: {(seasonal ? "true" : "false")}");
        if (Paths != DefaultPaths) options.Add($"paths: {Paths}");
        return $"theta{(Period is null ? "" : $"[{Period}]")}{(options.Count > 0 ? $"{{{string.Join(", ", options)}}}" : "")}";
    }

    internal static string NameOf(ThetaMethod method) => method switch
    {
        ThetaMethod.Standard => "standard",
        ThetaMethod.Optimised => "optimised",
        ThetaMethod.Dynamic => "dynamic",
        _ => "dynamic-optimised",
    };
}
