using Forecast.Core;
using Forecast.Core.Forecasting;

namespace Forecast.Models.LinearAr;

/// <summary>What a <c>linear-ar</c> is.</summary>
public sealed record LinearArOptions
{
    /// <summary>Share of the target rows, the latest, on which the ridge is chosen and the residual quantiles are taken.</summary>
    public const double DefaultValidation = 0.2;

    /// <summary>Windows of the later span whose residuals are kept at most, evenly spread: quantiles need no more.</summary>
    public const int MaxResiduals = 1000;

    /// <summary>Later windows of one series that choose between its own regression and the panel's.</summary>
    internal const int MaxOwnValidation = 200;

    /// <summary>Windows that a regression uses at most, evenly spread over the panel.</summary>
    public const int MaxWindows = 60_000;

    /// <summary>L, rows; null = <see cref="Training.Lookback.Choose"/>.</summary>
    public int? Lookback { get; init; }

    /// <summary>Penalty relative to the inputs' variance; null = the best of <see cref="Grid"/> on the later span.</summary>
    public double? Ridge { get; init; }

    /// <summary>One regression a series, or one for the panel.</summary>
    public FitScope Scope { get; init; } = FitScope.Local;

    public double Validation { get; init; } = DefaultValidation;

    /// <summary>Penalties that are tried, from hardly any to strong shrinkage, a factor of ten apart.</summary>
    public static IReadOnlyList<double> Grid { get; } = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public LinearArOptions Validated()
    {
        if (Lookback is < 1) throw new ForecastException("lookback-invalid", $"lookback is {Lookback}; it must be at least 1", "lookback");
        if (Ridge is { } ridge && !(ridge >= 0)) throw new ForecastException("ridge-invalid", $"ridge is {Ridge}; it must be 0 or more", "ridge");
        if (!(Validation > 0 && Validation <= 0.5)) throw new ForecastException("validation-invalid", $"validation is {Validation}; it must be above 0 and at most 0.5", "validation");
        return this;
    }
}
