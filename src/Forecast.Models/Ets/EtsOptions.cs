using Forecast.Core;

namespace Forecast.Models.Ets;

/// <summary>Criterion of the automatic choice.</summary>
public enum EtsCriterion
{
    /// <summary>AIC with the correction for small samples (Hurvich and Tsai 1989): R's default.</summary>
    Aicc,
    Aic,
    Bic,
}

/// <summary>Where the smoothing parameters may lie.</summary>
public enum EtsBounds
{
    /// <summary>Usual and admissible at once: R's default.</summary>
    Both,

    /// <summary>0.0001 to 0.9999, beta at most alpha, gamma at most 1 - alpha, phi from 0.8 to 0.98.</summary>
    Usual,

    /// <summary>Only that the first states are forgotten (<see cref="EtsStability"/>); phi from 0.8 to 0.98.</summary>
    Admissible,

    /// <summary>0.0001 to 0.9999 each, and admissible: beta may exceed alpha, and gamma 1 - alpha.</summary>
    Stable,
}

/// <summary>What to fit: <c>ets(E,T,S)[m]</c>; a part that is null is chosen by the criterion.</summary>
public sealed record EtsOptions
{
    internal const int DefaultPaths = 5000;

    /// <summary>Longest season that the automatic choice considers, as in R: longer ones have too many initial states.</summary>
    internal const int LongestAutomaticPeriod = 24;

    /// <summary>Additive or multiplicative error; null (the default) lets the criterion choose.</summary>
    public EtsPart? Error { get; init; }

    /// <summary>Trend; null (the default) lets the criterion choose.</summary>
    public EtsPart? Trend { get; init; }

    /// <summary>Whether the trend is damped; null (the default) tries both.</summary>
    public bool? Damped { get; init; }

    /// <summary>Season; null (the default) lets the criterion choose.</summary>
    public EtsPart? Season { get; init; }

    /// <summary>Observations a season, at least 1. Null takes the usual season of the series' frequency.</summary>
    public int? Period { get; init; }

    /// <summary>Criterion of the choice. Default AICc, as in R.</summary>
    public EtsCriterion Criterion { get; init; }

    /// <summary>Whether the choice leaves out the forms of <see cref="EtsForm.IsUnstable"/>. Default true, as in R.</summary>
    public bool Restrict { get; init; } = true;

    /// <summary>Whether the choice considers multiplicative trends. Default false, as in R.</summary>
    public bool MultiplicativeTrend { get; init; }

    /// <summary>
    /// Bounds of the smoothing parameters. Default both, as in R; the automatic choice then lets its winner's beta exceed alpha
    /// where the likelihood insists (<see cref="EtsSelection"/>).
    /// </summary>
    public EtsBounds Bounds { get; init; }

    /// <summary>Simulated futures behind the quantiles of forms without closed forms. Default 5000, as in R.</summary>
    public int Paths { get; init; } = DefaultPaths;

    /// <summary>The one form that is asked for, or null when something is left to the criterion.</summary>
    public EtsForm? Form => Error is { } error && Trend is { } trend && Season is { } season && (trend == EtsPart.None || Damped is not null)
        ? new EtsForm(error, trend, trend != EtsPart.None && Damped == true, season)
        : null;

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">No error, damping without a trend, a period or a number of paths below 1.</exception>
    public EtsOptions Validated()
    {
        if (Error == EtsPart.None)
            throw Invalid("model", "the error is additive (A) or multiplicative (M), never N");
        if (Damped == true && Trend == EtsPart.None)
            throw Invalid("damped", "there is no trend that could be damped; write Ad or Md, or leave the trend to the criterion (Z)");
        if (Period is < 1)
            throw Invalid("period", $"period is {Period}; it must be at least 1");
        if (Paths < 1)
            throw Invalid("paths", $"paths is {Paths}; it must be at least 1");
        return this;
    }

    /// <summary>The model string that makes these options again, as <c>ets(M,Ad,M)[12]</c> or <c>ets(Z,N,Z){ic: bic}</c>.</summary>
    public override string ToString()
    {
        List<string> options = [];
        var trendSays = Trend is EtsPart.Additive or EtsPart.Multiplicative && Damped == true ? "d" : "";
        if (Trend is null && Damped is { } damped)
            options.Add($"damped: {(damped ? "true" : "false")}");
        if (Trend is EtsPart.Additive or EtsPart.Multiplicative && Damped is null)
            options.Add("damped: auto");
        if (Criterion != EtsCriterion.Aicc)
            options.Add($"ic: {Criterion.ToString().ToLowerInvariant()}");
        if (!Restrict)
            options.Add("restrict: false");
        if (MultiplicativeTrend)
            options.Add("multiplicative_trend: true");
        if (Bounds != EtsBounds.Both)
            options.Add($"bounds: {Bounds.ToString().ToLowerInvariant()}");
        if (Paths != DefaultPaths)
            options.Add($"paths: {Paths}");
        var parts = Error is null && Trend is null && Season is null ? "" : $"({Letter(Error)},{Letter(Trend)}{trendSays},{Letter(Season)})";
        var period = Period is null ? "" : $"[{Period}]";
        return $"ets{parts}{period}{(options.Count > 0 ? $"{{{string.Join(", ", options)}}}" : "")}";
    }

    private static char Letter(EtsPart? part) => part is { } known ? EtsForm.Letter(known) : 'Z';

    private static ForecastException Invalid(string field, string message) => new("ets-option-invalid", message, field);
}
