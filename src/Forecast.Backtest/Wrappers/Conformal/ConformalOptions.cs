using Forecast.Core;

namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>How intervals follow from past errors.</summary>
public enum ConformalMethod
{
    /// <summary>The levels stay as they are asked for (Papadopoulos et al. 2002; Lei et al. 2018).</summary>
    Split,

    /// <summary>The levels follow what was covered lately (Gibbs and Candes 2021).</summary>
    Adaptive,
}

/// <summary>Options of <see cref="ConformalForecaster"/>.</summary>
public sealed record ConformalOptions
{
    public ConformalMethod Method { get; init; } = ConformalMethod.Split;

    /// <summary>False: |y - f|, symmetric intervals. True: y - f, each tail by itself (Romano et al. 2019 on why each tail is weaker).</summary>
    public bool Signed { get; init; }

    /// <summary>Errors kept for each step, at most. 100 tell the 1 % tails apart.</summary>
    public int Errors { get; init; } = 100;

    /// <summary>Inner folds between two fits; null = one fit, then conditioning.</summary>
    public int? RefitEvery { get; init; }

    /// <summary>Step gamma of the adaptive levels. Gibbs and Candes use 0.005 over thousands of steps; 0.01 settles within a hundred or two.</summary>
    public double Rate { get; init; } = 0.01;

    /// <exception cref="ForecastException">A number out of range; names the field.</exception>
    public ConformalOptions Validated()
    {
        if (Errors < 2) throw new ForecastException("errors-invalid", $"errors is {Errors}; it must be at least 2", "errors");
        if (RefitEvery is < 1) throw new ForecastException("refit-invalid", $"refit is every:{RefitEvery}; it must be at least 1", "refit");
        if (!(Rate > 0 && Rate < 1)) throw new ForecastException("rate-invalid", $"rate is {Rate}; it must lie between 0 and 1", "rate");
        return this;
    }
}
