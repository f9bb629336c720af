using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Metrics;

/// <summary>
/// What fGarch's <c>summary</c> tests of a volatility model's residuals divided by their sigma: normality (Jarque-Bera, Shapiro-Wilk),
/// correlation of them and of their squares (Ljung-Box at 10, 15, 20 lags), and what is left of ARCH (12 lags).
/// </summary>
public static class StandardisedResidualTests
{
    private const int ArchLags = 12;

    private static readonly int[] Lags = [10, 15, 20];

    /// <summary>By name; empty for a model without a path of sigma, and without what takes more, or other, data than there are.</summary>
    public static IReadOnlyDictionary<string, TestOutcome> Of(FitSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var tests = new Dictionary<string, TestOutcome>(StringComparer.Ordinal);
        if (!summary.Paths.TryGetValue("sigma", out var sigma) || !summary.Paths.TryGetValue("residuals", out var residuals)) return tests;
        double[] z = [.. residuals.Zip(sigma, (r, s) => r / s).Where(double.IsFinite)];
        double[] squares = [.. z.Select(v => v * v)];
        if (z.Length <= ShapiroWilk.Fewest) return tests;
        tests["jarque_bera"] = ResidualDiagnostics.JarqueBera(z);
        if (z.Length <= ShapiroWilk.Most) tests["shapiro_wilk"] = ShapiroWilk.Of(z);
        foreach (var lag in Lags.Where(l => l < z.Length)) tests[$"ljung_box@{lag}"] = ResidualDiagnostics.LjungBox(z, lag);
        foreach (var lag in Lags.Where(l => l < z.Length)) tests[$"ljung_box_squares@{lag}"] = ResidualDiagnostics.LjungBox(squares, lag);
        if (z.Length > (2 * ArchLags) + 1) tests[$"arch_lm@{ArchLags}"] = ResidualDiagnostics.ArchLm(z, ArchLags, centre: false);
        return tests;
    }
}
