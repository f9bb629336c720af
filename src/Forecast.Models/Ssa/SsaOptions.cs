using Forecast.Core;

namespace Forecast.Models.Ssa;

/// <summary>How an SSA decomposition is continued.</summary>
public enum SsaForecastMethod
{
    /// <summary>The linear recurrence that the signal space obeys (Golyandina, Nekrutkin and Zhigljavsky 2001, section 2.1).</summary>
    Recurrent,

    /// <summary>Trajectory vectors that stay in the signal space (section 2.3.1 there).</summary>
    Vector,
}

/// <summary>What to fit: <c>ssa(L,r){method: recurrent|vector}</c>; without brackets window and rank are chosen on each training window.</summary>
public sealed record SsaOptions
{
    /// <summary>L, rows of the trajectory matrix; at least 2. Null (the default) lets the data choose.</summary>
    public int? Window { get; init; }

    /// <summary>r, eigentriples that are signal; at least 1 and below L. Null (the default) lets the data choose.</summary>
    public int? Rank { get; init; }

    /// <summary>Most eigentriples that the automatic choice takes. Default 20, as many as ten periodicities.</summary>
    public int MaxRank { get; init; } = DefaultMaxRank;

    /// <summary>How the signal is continued. Default recurrent, as in ML.NET.</summary>
    public SsaForecastMethod Method { get; init; }

    /// <summary>Observations a season, which the automatic window is a multiple of. Null takes the usual season of the series' frequency.</summary>
    public int? Period { get; init; }

    internal const int DefaultMaxRank = 20;

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A window below 2, a rank outside 1 .. L - 1, a largest rank or period below 1.</exception>
    public SsaOptions Validated()
    {
        if (Window is < 2)
            throw Invalid("model", $"window is {Window}; it must be at least 2");
        if (Rank is < 1)
            throw Invalid("model", $"rank is {Rank}; it must be at least 1");
        if (Window is { } window && Rank >= window)
            throw Invalid("model", $"rank is {Rank}; it must be below the window, {window}");
        if (MaxRank < 1)
            throw Invalid("max_rank", $"max_rank is {MaxRank}; it must be at least 1");
        if (Period is < 1)
            throw Invalid("period", $"period is {Period}; it must be at least 1");
        return this;
    }

    /// <summary>The model string that makes these options again.</summary>
    public override string ToString()
    {
        var brackets = (Window, Rank) switch
        {
            (null, null) => "",
            ({ } window, null) => $"({window})",
            (var window, { } rank) => $"({(window is null ? "auto" : window)},{rank})",
        };
        List<string> options = [];
        if (Method != SsaForecastMethod.Recurrent) options.Add("method: vector");
        if (MaxRank != DefaultMaxRank) options.Add($"max_rank: {MaxRank}");
        return $"ssa{brackets}{(Period is null ? "" : $"[{Period}]")}{(options.Count > 0 ? $"{{{string.Join(", ", options)}}}" : "")}";
    }

    private static ForecastException Invalid(string field, string message) => new("ssa-option-invalid", message, field);
}
