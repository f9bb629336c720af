namespace Forecast.Backtest.Strategies;

/// <summary>The statement that no order knew more than its time allowed, and that what it earned is possible.</summary>
/// <remarks>
/// Two checks. Every decision must not have read anything published after it was made, and must come before the gains it is credited with. And
/// because a program from outside may state its own knowledge wrongly, the result itself is held against chance: before costs, a Sharpe
/// ratio above <see cref="AbsurdSharpe"/> a year together with hits that exceed the asset's own share of rising (or falling) periods by more than
/// <see cref="AbsurdDeviations"/> standard deviations is flagged. Either alone can be honest; both are what knowing the next price looks like.
/// </remarks>
public sealed record StrategyCertificate
{
    /// <summary>Sharpe ratio a year, before costs, beyond which a result needs an explanation.</summary>
    public const double AbsurdSharpe = 5;

    /// <summary>Standard deviations of a binomial count beyond which hits are no chance (p below 1e-9).</summary>
    public const double AbsurdDeviations = 6;

    private const int MostLines = 20;

    /// <summary><c>clean</c>, <c>peeking</c> (an order knew the future) or <c>implausible</c> (the result says so).</summary>
    public required string Verdict { get; init; }

    public required int Decisions { get; init; }

    /// <summary>What was found; at most 20 lines and a count of the rest.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <param name="prices">Prices of the books.</param>
    /// <param name="decisions">All orders.</param>
    /// <param name="days">The books.</param>
    /// <param name="periodsPerYear">Periods in a year.</param>
    public static StrategyCertificate Check(PriceTable prices, IReadOnlyList<Decision> decisions, IReadOnlyList<LedgerDay> days, double periodsPerYear)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(days);
        List<string> found =
        [
            .. decisions.Where(d => d.KnownUpTo > d.DecidedAt)
                .Select(d => $"asset '{prices.Assets[d.Asset]}': decided at {d.DecidedAt} with knowledge of {d.KnownUpTo}"),
        ];
        var peeks = found.Count;
        if (peeks > MostLines)
        {
            found.RemoveRange(MostLines, peeks - MostLines);
            found.Add($"and {peeks - MostLines} more decisions that knew the future");
        }

        var implausible = Implausible(prices, days, periodsPerYear);
        if (implausible is not null) found.Add(implausible);
        return new StrategyCertificate
        {
            Verdict = peeks > 0 ? "peeking" : implausible is not null ? "implausible" : "clean",
            Decisions = decisions.Count,
            Violations = found,
        };
    }

    private static string? Implausible(PriceTable prices, IReadOnlyList<LedgerDay> days, double periodsPerYear)
    {
        double[] gross = [.. days.Zip(days.Skip(1), (before, day) => before.Equity > 0 ? day.Gain / before.Equity : 0)];
        double[] held = [.. gross.Where(g => g != 0)];
        if (held.Length < 30) return null;
        var mean = gross.Average();
        var deviation = Math.Sqrt(gross.Sum(g => (g - mean) * (g - mean)) / (gross.Length - 1));
        var sharpe = mean / deviation * Math.Sqrt(periodsPerYear);
        var hits = held.Count(g => g > 0);
        var chance = BestConstantSide(prices);
        var deviations = (hits - (chance * held.Length)) / Math.Sqrt(held.Length * chance * (1 - chance));
        return sharpe > AbsurdSharpe && deviations > AbsurdDeviations
            ? $"before costs the Sharpe ratio is {sharpe:0.0} a year with {hits} hits in {held.Length} periods, {deviations:0.0} standard deviations beyond the {chance:P0} of always taking the better side: look for a signal that knows the next price"
            : null;
    }

    /// <summary>Share of gains of always being long or always being short, whichever is more, over the assets: between 0.5 and 1.</summary>
    private static double BestConstantSide(PriceTable prices)
    {
        int rises = 0, falls = 0;
        for (var a = 0; a < prices.Assets.Count; a++)
        {
            var last = double.NaN;
            foreach (var price in prices.Of(a))
            {
                if (double.IsNaN(price)) continue;
                if (price > last) rises++;
                else if (price < last) falls++;
                last = price;
            }
        }

        // One more of each keeps the share below 1 where an asset only ever rises.
        return (Math.Max(rises, falls) + 1.0) / (rises + falls + 2);
    }
}
