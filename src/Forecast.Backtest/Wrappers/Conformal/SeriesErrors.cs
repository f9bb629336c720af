namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>Errors of one series, all that a conformal law needs beside the point forecast.</summary>
/// <param name="Steps">For each step ahead y - f by consecutive inner cutoffs, oldest first; NaN where missing.</param>
/// <param name="Last">Unix ticks of the last row that the fit saw.</param>
/// <param name="Grid">Levels that an adaptive law follows.</param>
/// <param name="Seed">Seed of forecasts made again after the fit.</param>
internal sealed record SeriesErrors(double[][] Steps, long Last, double[] Grid, ulong Seed)
{
    /// <summary>The errors with those of later cutoffs behind them, so many of each step as are kept.</summary>
    public SeriesErrors With(double[][] later, int kept) =>
        this with { Steps = [.. Steps.Select((old, h) => old.Concat(later[h]).TakeLast(kept).ToArray())] };

    /// <summary>Errors by step from inner folds at consecutive cutoffs.</summary>
    public static double[][] Collect(IReadOnlyList<InnerFold> folds, int horizon, int kept) =>
    [
        .. Enumerable.Range(1, horizon).Select(h => folds.Where(f => f.Law.Horizon >= h).Select(f => f.Actual[h - 1] - f.Law.Mean(h)).TakeLast(kept).ToArray()),
    ];
}
