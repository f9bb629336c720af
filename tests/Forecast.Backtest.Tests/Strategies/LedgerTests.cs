using Forecast.Backtest.Strategies;
using Forecast.Core;

namespace Forecast.Backtest.Tests.Strategies;

/// <summary>The books against ten days worked by hand, and what must hold for any books.</summary>
public sealed class LedgerTests
{
    private static readonly double[] A = [100, 102, 101, 104, 108, 107, 110, 109, 111, 115];
    private static readonly double[] B = [50, 49, 48, double.NaN, 47, 48, 46, 45, 47, 46];

    [Fact]
    public void Ten_days_two_assets_a_short_costs_and_a_missing_price_equal_the_books_kept_by_hand()
    {
        Decision[] orders =
        [
            Order(0, 0, 0.5), Order(0, 1, 0.5),
            Order(2, 1, -0.5),
            Order(3, 1, 0),    // B has no price on day 3: filled on day 4
            Order(4, 0, 0.25),
            Order(5, 1, -0.25),
            Order(7, 0, 0),
            Order(8, 0, 0), Order(8, 1, 0.5), // A is wanted at 0 already: no trade
            Order(9, 1, 0),
        ];

        var days = Ledger.Keep(Prices(), orders, new StrategyOptions { Cost = 0.001 });

        // Day 2: A 0.5 -> 0.51 -> 0.505, B 0.5 -> 0.49 -> 0.48; equity 0.984; B goes from 0.48 to -0.492: 0.972 traded, 0.000972 paid.
        // Day 3: A 0.505 -> 0.52; B has no price. Day 4: A 0.54, B -0.492 -> -0.48175; equity 1.028278, then A to a quarter, B to 0. And so on.
        double[] equity = [0.999, 0.999, 0.983028, 0.998028, 1.0275133195, 1.024876763090264, 1.04269605176754, 1.0453955634626597, 1.0339487916557415, 1.022434812075269];
        double[] gains = [0, 0, -0.015, 0.015, 0.03025, -0.0023802731481481483, 0.017819288677276234, 0.002958961468267747, -0.01067846923283179, -0.011007628662019446];
        double[] traded = [1, 0, 0.972, 0, 0.7646805, 0.25628326158796294, 0, 0.25944977314814816, 0.7683025740864611, 0.5063509184528945];
        double[] exposure = [1.001001001001001, 1.001001001001001, 0.013224445285383529, 0.028055325101099367, 0.25018605123784965, -0.0015553428407379354, 0.01556086638446618, -0.22983219571248667, 0.5003715380202032, 0];
        days.Count.ShouldBe(10);
        for (var t = 0; t < 10; t++)
        {
            days[t].Equity.ShouldBe(equity[t], 1e-14, $"equity of day {t}");
            days[t].Gain.ShouldBe(gains[t], 1e-14, $"gain of day {t}");
            days[t].Traded.ShouldBe(traded[t], 1e-14, $"amount traded on day {t}");
            days[t].Costs.ShouldBe(0.001 * traded[t], 1e-14, $"costs of day {t}");
            days[t].Exposure.ShouldBe(exposure[t], 1e-13, $"exposure of day {t}");
        }
    }

    [Fact]
    public void A_delay_fills_at_the_next_price_of_the_asset()
    {
        var days = Ledger.Keep(Prices(), [Order(2, 1, 1)], new StrategyOptions { Cost = 0, Delay = 1 });

        days.Select(d => d.Traded).ShouldBe([0, 0, 1, 0, 0, 0, 0, 0]); // decided on day 2, no price on day 3, filled on day 4 at 47
        days[^1].Equity.ShouldBe(46 / 47.0, 1e-15);
    }

    [Fact]
    public void Buy_and_hold_is_the_price_ratio_less_one_cost()
    {
        var days = Ledger.Keep(Prices(), [Order(0, 0, 1)], new StrategyOptions { Cost = 0.002 });

        days.Count(d => d.Traded > 0).ShouldBe(1);
        days[^1].Equity.ShouldBe(1.15 - 0.002, 1e-15);
    }

    [Fact]
    public void Rebalancing_restores_the_weight_at_every_decision()
    {
        Decision[] orders = [.. Enumerable.Range(0, 10).Select(t => Order(t, 0, 0.5))];

        Ledger.Keep(Prices(), orders, new StrategyOptions()).Count(d => d.Traded > 0).ShouldBe(1);
        Ledger.Keep(Prices(), orders, new StrategyOptions { Rebalance = true }).Count(d => d.Traded > 0).ShouldBe(10);
    }

    [Fact]
    public void Equity_that_is_gone_ends_the_books_at_zero()
    {
        var prices = new PriceTable(["A"], TestData.Days(4), [[100, 150, 250, 20]]);

        var days = Ledger.Keep(prices, [Order(0, 0, -1), Order(3, 0, 1)], new StrategyOptions { Cost = 0 });

        days.Select(d => d.Equity).ShouldBe([1, 0.5, 0, 0]);
    }

    [Fact]
    public void Nothing_decided_leaves_no_books() => Ledger.Keep(Prices(), [], new StrategyOptions()).ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(double.PositiveInfinity)]
    public void Prices_that_are_none_are_refused_by_asset_and_row(double price)
    {
        var thrown = Should.Throw<ForecastException>(() => new PriceTable(["A"], TestData.Days(2), [[1, price]]));

        (thrown.Series, thrown.Index).ShouldBe(("A", 1));
    }

    [Fact]
    public void Measures_equal_those_worked_by_hand()
    {
        // Equity 1, 1.10, 0.99, 1.188 after costs: returns +10 %, -10 %, +20 %; 4 periods a year.
        LedgerDay[] days = [Day(0, 1, 0), Day(1, 1.10, 0.10), Day(2, 0.99, -0.11), Day(3, 1.188, 0.198)];

        var m = StrategyMeasures.Of(days, 4);

        var arc = Math.Pow(1.188, 4.0 / 3) - 1;
        var sd = Math.Sqrt(((0.1 - (0.2 / 3)) * (0.1 - (0.2 / 3)) + ((-0.1 - (0.2 / 3)) * (-0.1 - (0.2 / 3))) + ((0.2 - (0.2 / 3)) * (0.2 - (0.2 / 3)))) / 2);
        m.Periods.ShouldBe(3);
        m.Arc.ShouldBe(arc, 1e-14);
        m.Asd.ShouldBe(2 * sd, 1e-14);
        m.MaxDrawdown.ShouldBe(0.1, 1e-14);
        m.Ir.ShouldBe(arc / (2 * sd), 1e-13);
        m.IrStarStar.ShouldBe(arc * arc / (2 * sd * 0.1), 1e-12);
        m.Sharpe.ShouldBe(0.2 / 3 / sd * 2, 1e-13);
        m.Sortino.ShouldBe(0.2 / 3 / Math.Sqrt(0.01 / 3) * 2, 1e-13);
        m.HitRate.ShouldBe(2.0 / 3, 1e-15);
    }

    private static PriceTable Prices() => new(["A", "B"], TestData.Days(10), [A, B]);

    private static Decision Order(int day, int asset, double weight) => new(asset, TestData.Day(day), TestData.Day(day), weight);

    private static LedgerDay Day(int day, double equity, double gain) => new(TestData.Day(day), equity, gain, 0, 0, 1);
}
