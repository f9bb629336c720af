using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Strategies;

/// <summary>What a strategy earned, and at what risk.</summary>
/// <remarks>
/// With net returns r_i of n periods, P periods a year and equity E (1 at the start): ARC = E_n^(P/n) - 1; ASD = sd(r) sqrt(P);
/// MD = the largest 1 - E_t / max E up to t; IR = ARC / ASD; IR** = IR ARC sign(ARC) / MD (Kashif and Slepaczuk, "LSTM-ARIMA as a hybrid
/// approach in algorithmic investment strategies"); Sharpe = mean(r) / sd(r) sqrt(P); Sortino = mean(r) / sqrt(mean(min(r, 0)^2)) sqrt(P);
/// turnover = traded amounts over equity, a year. Risk-free rate 0. NaN where a denominator is 0.
/// </remarks>
public sealed record StrategyMeasures
{
    /// <summary>Periods, not counting the day of the first trade.</summary>
    public required int Periods { get; init; }

    public required double PeriodsPerYear { get; init; }

    /// <summary>E_n - 1.</summary>
    public required double TotalReturn { get; init; }

    public required double Arc { get; init; }

    public required double Asd { get; init; }

    public required double MaxDrawdown { get; init; }

    public required double Ir { get; init; }

    public required double IrStarStar { get; init; }

    public required double Sharpe { get; init; }

    public required double Sortino { get; init; }

    /// <summary>Bought and sold, in multiples of the equity, a year.</summary>
    public required double Turnover { get; init; }

    /// <summary>All costs as a fraction of the equity they were paid from, summed.</summary>
    public required double Costs { get; init; }

    /// <summary>Share of the periods with a position that gained, before costs.</summary>
    public required double HitRate { get; init; }

    /// <param name="days">The books.</param>
    /// <param name="periodsPerYear">P.</param>
    public static StrategyMeasures Of(IReadOnlyList<LedgerDay> days, double periodsPerYear)
    {
        ArgumentNullException.ThrowIfNull(days);
        var returns = Returns(days);
        var n = returns.Length;
        var end = days.Count == 0 ? 1 : days[^1].Equity;
        var mean = n == 0 ? double.NaN : returns.Average();
        var deviation = n < 2 ? double.NaN : Math.Sqrt(returns.Sum(r => (r - mean) * (r - mean)) / (n - 1));
        var downside = n == 0 ? double.NaN : Math.Sqrt(returns.Sum(r => r < 0 ? r * r : 0) / n);
        var arc = n == 0 ? double.NaN : Math.Pow(end, periodsPerYear / n) - 1;
        var asd = deviation * Math.Sqrt(periodsPerYear);
        var drawdown = Drawdowns(days).DefaultIfEmpty(0).Max();
        var ir = Ratio(arc, asd);
        var held = days.Skip(1).Where(d => d.Gain != 0).ToArray();
        return new StrategyMeasures
        {
            Periods = n,
            PeriodsPerYear = periodsPerYear,
            TotalReturn = end - 1,
            Arc = arc,
            Asd = asd,
            MaxDrawdown = drawdown,
            Ir = ir,
            IrStarStar = arc == 0 ? 0 : Ratio(ir * arc * Math.Sign(arc), drawdown),
            Sharpe = Ratio(mean, deviation) * Math.Sqrt(periodsPerYear),
            Sortino = Ratio(mean, downside) * Math.Sqrt(periodsPerYear),
            Turnover = n == 0 ? double.NaN : days.Sum(d => Share(d.Traded, d)) * periodsPerYear / n,
            Costs = days.Sum(d => Share(d.Costs, d)),
            HitRate = held.Length == 0 ? double.NaN : (double)held.Count(d => d.Gain > 0) / held.Length,
        };
    }

    /// <summary>Net return of each period; the cost of the very first trade is in the first one.</summary>
    public static double[] Returns(IReadOnlyList<LedgerDay> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        var returns = new double[Math.Max(0, days.Count - 1)];
        for (var i = 0; i < returns.Length; i++)
        {
            var before = i == 0 ? 1 : days[i].Equity;
            returns[i] = before == 0 ? 0 : (days[i + 1].Equity / before) - 1;
        }

        return returns;
    }

    /// <summary>1 - E_t / max(1, E_1 .. E_t) of each day.</summary>
    public static IEnumerable<double> Drawdowns(IReadOnlyList<LedgerDay> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        var peak = 1.0;
        foreach (var day in days)
        {
            peak = Math.Max(peak, day.Equity);
            yield return 1 - (day.Equity / peak);
        }
    }

    /// <summary>Periods in a year of 365 days; 252 open days; rows without dates count as open days.</summary>
    public static double PeriodsIn(Frequency frequency)
    {
        ArgumentNullException.ThrowIfNull(frequency);
        if (frequency.IsBusinessDay || frequency.IsIndex) return 252;
        var start = Instant.FromUtc(2001, 1, 1, 0, 0);
        var calendar = TradingCalendar.AlwaysOpen;
        var year = Instant.FromUtc(2002, 1, 1, 0, 0);
        return frequency.StepsBetween(start, year) ?? (year - start) / (frequency.Add(start, 1, calendar) - start);
    }

    /// <summary>An amount of the day over the equity that it was paid from: the one before costs.</summary>
    private static double Share(double amount, LedgerDay day) => amount == 0 ? 0 : amount / (day.Equity + day.Costs);

    private static double Ratio(double a, double b) => b == 0 ? double.NaN : a / b;
}
