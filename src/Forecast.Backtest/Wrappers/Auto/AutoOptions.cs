using Forecast.Core;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>The loss by which <see cref="AutoForecaster"/> ranks and weighs.</summary>
public enum ChoiceMetric
{
    /// <summary>Mean absolute error of the mean; orders candidates as MASE does.</summary>
    Mae,

    /// <summary>Root mean squared error of the mean.</summary>
    Rmse,

    /// <summary>Symmetric mean absolute percentage error of the mean.</summary>
    Smape,

    /// <summary>Pinball loss, averaged over the levels asked for.</summary>
    Pinball,
}

/// <summary>Options of <see cref="AutoForecaster"/>.</summary>
public sealed record AutoOptions
{
    internal const int DefaultKeep = 4;

    public ChoiceMetric Metric { get; init; } = ChoiceMetric.Mae;

    /// <summary>
    /// How many of the best candidates are kept. A few inner folds rank neighbours by chance, so several forecast better than
    /// the first alone: README.md beside this has the figures behind the default of 4. 1 is the best one by itself.
    /// </summary>
    public int Keep { get; init; } = DefaultKeep;

    /// <summary>Inner folds at most; null = as many as give 36 steps, but at least 3.</summary>
    public int? Folds { get; init; }

    /// <summary>Inner folds between two fits; null = one fit, then conditioning.</summary>
    public int? RefitEvery { get; init; }

    /// <exception cref="ForecastException">A number out of range; names the field.</exception>
    public AutoOptions Validated()
    {
        if (Keep < 1) throw new ForecastException("keep-invalid", $"keep is {Keep}; it must be at least 1", "keep");
        if (Folds is < 1) throw new ForecastException("folds-invalid", $"folds is {Folds}; it must be at least 1", "folds");
        if (RefitEvery is < 1) throw new ForecastException("refit-invalid", $"refit is every:{RefitEvery}; it must be at least 1", "refit");
        return this;
    }
}
