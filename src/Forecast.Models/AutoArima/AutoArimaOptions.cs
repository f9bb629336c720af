using Forecast.Core;
using Forecast.Models.Arima;
using Forecast.Models.UnitRoots;

namespace Forecast.Models.AutoArima;

/// <summary>By what the models of a search are compared.</summary>
public enum InformationCriterion
{
    Aicc,
    Aic,
    Bic,
}

/// <summary>
/// What the automatic choice may choose from. Defaults are those of R's <c>auto.arima</c> (Hyndman and Khandakar 2008), but
/// that the search compares exact likelihoods, not conditional sums of squares.
/// </summary>
public sealed record AutoArimaOptions
{
    internal const int DefaultModels = 94;

    /// <summary>Observations a season; null takes the usual season of the series' frequency, 1 means none.</summary>
    public int? Period { get; init; }

    /// <summary>d; null = chosen by <see cref="Test"/>.</summary>
    public int? Differences { get; init; }

    /// <summary>D; null = chosen by <see cref="SeasonalTest"/>.</summary>
    public int? SeasonalDifferences { get; init; }

    /// <summary>Largest p and q. Default 5.</summary>
    public int MaxOrder { get; init; } = 5;

    /// <summary>Largest P and Q. Default 2.</summary>
    public int MaxSeasonalOrder { get; init; } = 2;

    /// <summary>Largest p + q + P + Q of the full search. Default 5.</summary>
    public int MaxTotal { get; init; } = 5;

    /// <summary>Step from neighbour to neighbour, or try every model. Default true.</summary>
    public bool Stepwise { get; init; } = true;

    /// <summary>Models that a stepwise search may try. Default 94.</summary>
    public int MaxModels { get; init; } = DefaultModels;

    public InformationCriterion Criterion { get; init; }

    public UnitRootTest Test { get; init; }

    public SeasonalRootTest SeasonalTest { get; init; }

    /// <summary>Whether models with d + D = 0 may have a mean. Default true.</summary>
    public bool AllowMean { get; init; } = true;

    /// <summary>Whether models with d + D = 1 may have a drift. Default true.</summary>
    public bool AllowDrift { get; init; } = true;

    /// <summary>Names of the covariates used as regressors, as in <see cref="ArimaOptions.Regressors"/>.</summary>
    public IReadOnlyList<string> Regressors { get; init; } = [];

    /// <summary>Variance of the forecast. Default <see cref="ArimaVariance.DegreesOfFreedom"/>.</summary>
    public ArimaVariance Variance { get; init; } = ArimaVariance.DegreesOfFreedom;

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A negative order, more than two differences of a kind, or a period below 1.</exception>
    public AutoArimaOptions Validated()
    {
        if (Period is < 1)
            throw Invalid("period", $"period is {Period}; it must be at least 1");
        if (Differences is < 0 or > 2)
            throw Invalid("d", $"d is {Differences}; it must be from 0 to 2");
        if (SeasonalDifferences is < 0 or > 1)
            throw Invalid("D", $"seasonal_d is {SeasonalDifferences}; it must be 0 or 1");
        if (MaxOrder < 0 || MaxSeasonalOrder < 0 || MaxTotal < 0)
            throw Invalid("max_order", "largest orders are not negative");
        if (MaxModels < 1)
            throw Invalid("max_models", $"max_models is {MaxModels}; it must be at least 1");
        return this;
    }

    private static ForecastException Invalid(string field, string message) => new("auto-arima-option-invalid", message, field);
}
