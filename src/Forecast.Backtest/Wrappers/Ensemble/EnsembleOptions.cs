using Forecast.Core;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>How the members of an ensemble are put together.</summary>
public enum Combination
{
    /// <summary>The same weight for each.</summary>
    Mean,

    /// <summary>The median of the members' quantiles, level by level.</summary>
    Median,

    /// <summary>Weights in proportion to one over the mean squared error of the inner walk-forward (Bates and Granger 1969).</summary>
    InverseError,

    /// <summary>Weights, not negative and of sum 1, of the least squared error there (Breiman 1996).</summary>
    Stacked,

    /// <summary>Weights, not negative and of sum 1, of the least mean pinball loss there.</summary>
    StackedPinball,
}

/// <summary>Options of <see cref="EnsembleForecaster"/>.</summary>
public sealed record EnsembleOptions
{
    /// <summary>Mean by default: weights that are estimated on little data rarely beat equal ones (Claeskens et al. 2016).</summary>
    public Combination Combination { get; init; } = Combination.Mean;

    /// <summary>Inner folds at most; null = as many as give 36 steps, but at least 3.</summary>
    public int? Folds { get; init; }

    /// <summary>Inner folds between two fits; null = one fit, then conditioning.</summary>
    public int? RefitEvery { get; init; }

    /// <summary>Whether there are weights to be estimated.</summary>
    public bool NeedsInnerWalk => Combination is Combination.InverseError or Combination.Stacked or Combination.StackedPinball;

    /// <exception cref="ForecastException">A number out of range; names the field.</exception>
    public EnsembleOptions Validated()
    {
        if (Folds is < 1) throw new ForecastException("folds-invalid", $"folds is {Folds}; it must be at least 1", "folds");
        if (RefitEvery is < 1) throw new ForecastException("refit-invalid", $"refit is every:{RefitEvery}; it must be at least 1", "refit");
        return this;
    }
}
