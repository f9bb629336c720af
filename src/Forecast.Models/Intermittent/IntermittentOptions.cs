using Forecast.Core;

namespace Forecast.Models.Intermittent;

/// <summary>Which of the models of intermittent demand.</summary>
public enum IntermittentVariant
{
    /// <summary>Demand size over interval, each smoothed at demands (Croston 1972).</summary>
    Croston,

    /// <summary>The same times 1 - beta / 2, which takes off most of its bias (Syntetos and Boylan 2005).</summary>
    Sba,

    /// <summary>Demand size times probability, which is smoothed in every row and so falls while nothing is sold (Teunter, Syntetos and Babai 2011).</summary>
    Tsb,
}

/// <summary>What to fit: <c>croston</c>, <c>sba</c> or <c>tsb</c> with smoothing parameters given or estimated.</summary>
public sealed record IntermittentOptions
{
    /// <summary>Default of both smoothing parameters: Croston's own range is 0.1 to 0.2, and R's <c>croston</c> takes 0.1.</summary>
    public const double DefaultSmoothing = 0.1;

    public IntermittentVariant Variant { get; init; }

    /// <summary>Smoothing of demand sizes, in (0, 1]. Null: 0.1, or estimated with <see cref="Optimise"/>.</summary>
    public double? Alpha { get; init; }

    /// <summary>Smoothing of intervals (or of the probability), in (0, 1]. Null: as alpha, or estimated with <see cref="Optimise"/>.</summary>
    public double? Beta { get; init; }

    /// <summary>Whether parameters that are not given make the mean squared one-step error least. Default false, as in R.</summary>
    public bool Optimise { get; init; }

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A smoothing parameter outside (0, 1].</exception>
    public IntermittentOptions Validated()
    {
        Check(Alpha, "alpha");
        Check(Beta, "beta");
        return this;
    }

    /// <summary>The model string that makes these options again.</summary>
    public override string ToString()
    {
        List<string> options = [];
        if (Alpha is { } alpha) options.Add($"alpha: {alpha:R}");
        if (Beta is { } beta) options.Add($"beta: {beta:R}");
        if (Optimise) options.Add("optimise: true");
        return $"{Variant.ToString().ToLowerInvariant()}{(options.Count > 0 ? $"{{{string.Join(", ", options)}}}" : "")}";
    }

    private static void Check(double? value, string field)
    {
        if (value is not { } given || given is > 0 and <= 1) return;
        throw new ForecastException("intermittent-option-invalid", $"{field} is {given}; it must lie above 0 and be at most 1", field);
    }
}
