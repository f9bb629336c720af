using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;

namespace Forecast.Backtest.Risk;

/// <summary>At which tails a run records VaR and expected shortfall.</summary>
public static class RiskTails
{
    /// <summary>Levels up to this one are tails when a run of returns does not say which it wants.</summary>
    public const double Deepest = 0.05;

    /// <summary>
    /// The run with its tails. Tails that are stated join its levels. Where none are stated and every series is a return (its unit says
    /// so), the levels up to <see cref="Deepest"/> are the tails; else the run has none.
    /// </summary>
    /// <param name="spec">The run.</param>
    /// <param name="panel">Its data.</param>
    /// <param name="stated">Tails in any order; empty = none wanted; null = not stated.</param>
    /// <exception cref="ForecastException"><c>risk-invalid</c>: a tail outside (0, 0.5].</exception>
    public static RunSpec With(RunSpec spec, Panel panel, IReadOnlyList<double>? stated)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(panel);
        if (stated is null)
        {
            double[] own = panel.Series.All(s => IsReturn(s.Unit)) ? [.. spec.Levels.Where(l => l <= Deepest)] : [];
            return own.Length == 0 ? spec : spec with { Risk = own };
        }

        double[] tails = [.. stated.Distinct().Order()];
        foreach (var tail in tails)
        {
            if (!(tail is > 0 and <= 0.5)) throw new ForecastException("risk-invalid", $"risk tail {tail:R} is not above 0 and at most 0.5; write 0.01 for a VaR of 99 %", "risk");
        }

        return tails.Length == 0 ? spec with { Risk = null } : spec with { Risk = tails, Levels = [.. spec.Levels.Union(tails).Order()] };
    }

    /// <summary>Whether a unit names a return, as <c>log return</c>.</summary>
    public static bool IsReturn(string? unit) => unit?.Contains("return", StringComparison.OrdinalIgnoreCase) == true;
}
