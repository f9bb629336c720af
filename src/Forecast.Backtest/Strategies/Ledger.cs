using NodaTime;

namespace Forecast.Backtest.Strategies;

/// <summary>One day of the books, after its trades.</summary>
/// <param name="Time">The day.</param>
/// <param name="Equity">Cash and holdings at the latest prices, after costs.</param>
/// <param name="Gain">What the holdings gained or lost since the day before.</param>
/// <param name="Traded">Amount bought plus amount sold.</param>
/// <param name="Costs">What that cost.</param>
/// <param name="Exposure">Holdings at the latest prices over the equity, after trades; shorts count negative.</param>
public readonly record struct LedgerDay(Instant Time, double Equity, double Gain, double Traded, double Costs, double Exposure);

/// <summary>
/// The books of a strategy: units and cash, marked at each close.
/// </summary>
/// <remarks>
/// E_t = cash_t + sum of u_a p_a(t), a missing price being marked at the last one. An order for the weight w in asset a is filled
/// at the first price of a at or after the decision (with a delay: the first one after it): units become w E_t / p_a(t), E_t being
/// the equity before that day's trades; cash pays the amount and cost times |amount|. A later order replaces one that waits.
/// Shorts earn no interest on their proceeds and pay no fee for the loan; cash earns nothing. Equity that reaches 0 ends the books: positions are closed
/// and the equity stays 0.
/// </remarks>
public sealed class Ledger
{
    private readonly PriceTable _prices;
    private readonly double[] _units;
    private readonly double[] _marks;
    private readonly double[] _targets;
    private readonly bool[] _everTraded;
    private double _cash;

    private Ledger(PriceTable prices, double start)
    {
        _prices = prices;
        _cash = start;
        _units = new double[prices.Assets.Count];
        _marks = new double[prices.Assets.Count];
        _targets = new double[prices.Assets.Count];
        _everTraded = new bool[prices.Assets.Count];
        Array.Fill(_marks, double.NaN);
    }

    /// <summary>Keeps the books from the first decision to the last price.</summary>
    /// <param name="prices">Prices of all assets.</param>
    /// <param name="decisions">Wanted weights, in any order.</param>
    /// <param name="options">Cost, delay and when to trade.</param>
    /// <param name="until">Last time to keep books for; null = the last price.</param>
    /// <returns>One line a time of <paramref name="prices"/>; the equity before the first is 1. Empty if nothing was decided.</returns>
    public static IReadOnlyList<LedgerDay> Keep(PriceTable prices, IEnumerable<Decision> decisions, StrategyOptions options, Instant? until = null)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(options);
        Decision[] sorted = [.. decisions.OrderBy(d => d.DecidedAt)];
        if (sorted.Length == 0) return [];
        var books = new Ledger(prices, start: 1);
        var days = new List<LedgerDay>();
        var waiting = new Decision?[prices.Assets.Count];
        var next = 0;
        for (var t = 0; t < prices.Times.Count; t++)
        {
            var now = prices.Times[t];
            if (until is { } end && now > end) break;
            if (options.Delay == 0) Receive(now);
            if (days.Count > 0 || now >= sorted[0].DecidedAt) days.Add(books.Day(t, waiting, options));
            else books.Mark(t);
            if (options.Delay == 1) Receive(now);
        }

        return days;

        void Receive(Instant now)
        {
            for (; next < sorted.Length && sorted[next].DecidedAt <= now; next++) waiting[sorted[next].Asset] = sorted[next];
        }
    }

    private LedgerDay Day(int t, Decision?[] waiting, StrategyOptions options)
    {
        var gain = Mark(t);
        var equity = Equity();
        if (equity <= 0)
        {
            Array.Clear(_units);
            _cash = 0;
            return new LedgerDay(_prices.Times[t], 0, gain, 0, 0, 0);
        }

        double traded = 0, costs = 0;
        for (var a = 0; a < waiting.Length; a++)
        {
            if (waiting[a] is not { } order || double.IsNaN(_prices[a, t])) continue;
            waiting[a] = null;
            if (_everTraded[a] && !options.Rebalance && order.Weight == _targets[a]) continue;
            var amount = Math.Abs(Fill(a, order.Weight, equity));
            traded += amount;
            costs += options.Cost * amount;
        }

        _cash -= costs;
        var after = Equity();
        return new LedgerDay(_prices.Times[t], after, gain, traded, costs, after == 0 ? 0 : (after - _cash) / after);
    }

    private double Fill(int asset, double weight, double equity)
    {
        var amount = (weight * equity) - (_units[asset] * _marks[asset]);
        _units[asset] = weight * equity / _marks[asset];
        _cash -= amount;
        _targets[asset] = weight;
        _everTraded[asset] = true;
        return amount;
    }

    private double Mark(int t)
    {
        var gain = 0.0;
        for (var a = 0; a < _units.Length; a++)
        {
            var price = _prices[a, t];
            if (double.IsNaN(price)) continue;
            if (_units[a] != 0) gain += _units[a] * (price - _marks[a]);
            _marks[a] = price;
        }

        return gain;
    }

    private double Equity()
    {
        var sum = _cash;
        for (var a = 0; a < _units.Length; a++)
        {
            if (_units[a] != 0) sum += _units[a] * _marks[a];
        }

        return sum;
    }
}
