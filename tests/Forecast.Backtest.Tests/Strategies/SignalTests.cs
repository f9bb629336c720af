using Forecast.Backtest.Plan;
using Forecast.Backtest.Strategies;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using Forecast.Core.Time;

namespace Forecast.Backtest.Tests.Strategies;

/// <summary>What chance earns, what a look ahead earns, and strategies on a whole back-test.</summary>
public sealed class SignalTests
{
    [Fact]
    public void A_thousand_random_signals_earn_minus_turnover_times_cost_within_the_standard_error()
    {
        const int Rows = 250, Signals = 1000;
        var options = new StrategyOptions { Cost = 0.001, Rebalance = true };
        var prices = new PriceTable(["A"], TestData.Days(Rows), [TestData.Walk(Rows, 9)]);
        var random = new RandomSource(77);
        var surplus = new double[Signals];
        for (var s = 0; s < Signals; s++)
        {
            Decision[] orders = [.. Enumerable.Range(0, Rows).Select(t => new Decision(0, TestData.Day(t), TestData.Day(t), random.NextDouble() < 0.5 ? 1 : -1))];
            var days = Ledger.Keep(prices, orders, options);
            var turnover = days.Sum(d => d.Traded / (d.Equity + d.Costs));
            // The last day's trade is paid for but never held.
            surplus[s] = days.Zip(days.Skip(1), (before, day) => ((day.Gain - day.Costs) / before.Equity) + (options.Cost * day.Traded / before.Equity)).Sum();
            turnover.ShouldBeGreaterThan(0.5 * Rows);
        }

        var mean = surplus.Average();
        var error = Math.Sqrt(surplus.Sum(x => (x - mean) * (x - mean)) / (Signals - 1) / Signals);
        Math.Abs(mean).ShouldBeLessThan(3 * error);
    }

    [Theory]
    [InlineData(true, "peeking")]
    [InlineData(false, "implausible")]
    public void A_signal_that_sees_the_next_day_earns_absurdly_and_is_flagged_whether_it_admits_it_or_not(bool admits, string verdict)
    {
        const int Rows = 250;
        var walk = TestData.Walk(Rows, 3);
        var prices = new PriceTable(["A"], TestData.Days(Rows), [walk]);
        Decision[] orders = [.. Enumerable.Range(0, Rows - 1).Select(t => new Decision(0, TestData.Day(t), TestData.Day(admits ? t + 1 : t), walk[t + 1] > walk[t] ? 1 : -1))];

        var days = Ledger.Keep(prices, orders, new StrategyOptions());
        var certificate = StrategyCertificate.Check(prices, orders, days, 252);

        StrategyMeasures.Of(days, 252).Sharpe.ShouldBeGreaterThan(10);
        certificate.Verdict.ShouldBe(verdict);
        certificate.Violations.ShouldNotBeEmpty();
    }

    [Fact]
    public void Holding_an_asset_that_nearly_always_rises_is_not_flagged()
    {
        const int Rows = 400;
        var random = new RandomSource(5);
        var level = 1.0;
        double[] walk = [.. Enumerable.Range(0, Rows).Select(_ => level *= 1 + 0.001 + (0.0005 * random.NextNormal()))];
        var prices = new PriceTable(["A"], TestData.Days(Rows), [walk]);
        Decision[] orders = [new(0, TestData.Day(0), TestData.Day(0), 1)];

        var days = Ledger.Keep(prices, orders, new StrategyOptions());

        StrategyMeasures.Of(days, 252).Sharpe.ShouldBeGreaterThan(StrategyCertificate.AbsurdSharpe);
        StrategyCertificate.Check(prices, orders, days, 252).Verdict.ShouldBe("clean");
    }

    [Fact]
    public void A_back_test_gives_each_model_the_rules_the_ensemble_and_the_portfolio_beside_buy_and_hold()
    {
        var panel = new Panel([TestData.Series("a", 120, 1), TestData.Series("b", 120, 2)]);
        var spec = TestData.Spec(new WalkForwardPlan { Horizon = 1, Step = 1, InitialRows = 60 }, "up", "down") with { Strategy = new StrategyOptions { Cost = 0 } };

        var outcomes = StrategyRunner.Run(TestData.Run(panel, spec, new ScaledForecaster(1.5), new ScaledForecaster(0.5)));

        outcomes.Select(o => o.Asset).Distinct().ShouldBe(["a", "b", StrategyRunner.Portfolio]);
        var a = outcomes.Where(o => o.Asset == "a").ToDictionary(o => o.Name);
        a.Keys.ShouldBe(["buy-and-hold", "up", "down", "ensemble", "momentum(20)", "contrarian(5)"]);
        var values = panel.Series[0].Targets[0].Values;
        a["buy-and-hold"].Days[^1].Equity.ShouldBe(values[119] / values[59], 1e-12);
        a["up"].Days[^1].Equity.ShouldBe(values[119] / values[59], 1e-12); // always long
        a["down"].Days.Skip(1).Select(d => Math.Sign(d.Exposure)).ShouldAllBe(s => s == -1);
        a["ensemble"].Days.Select(d => d.Equity).ShouldAllBe(e => e == 1); // they cancel
        a["momentum(20)"].Days[0].Exposure.ShouldBe(Math.Sign(values[59] - values[39]), 1e-12);
        a["contrarian(5)"].Days[0].Exposure.ShouldBe(-Math.Sign(values[59] - values[54]), 1e-12);
        var both = outcomes.Single(o => o.Asset == StrategyRunner.Portfolio && o.Kind == StrategyKind.BuyAndHold);
        var other = panel.Series[1].Targets[0].Values;
        both.Days[^1].Equity.ShouldBe(((values[119] / values[59]) + (other[119] / other[59])) / 2, 1e-12);
        outcomes.ShouldAllBe(o => o.Certificate.Verdict == "clean");
    }

    [Fact]
    public void Returns_trade_as_the_prices_they_came_from()
    {
        var walk = TestData.Walk(80, 4);
        double[] log = [.. walk.Zip(walk.Skip(1), (p, q) => Math.Log(q / p))];
        var prices = new Panel([TimeSeries.Univariate("p", Frequency.Daily, TestData.Days(79, 1), walk.AsSpan(1).ToArray())]);
        var returns = new Panel([TimeSeries.Univariate("p", Frequency.Daily, TestData.Days(79, 1), log, unit: "log_return")]);
        var spec = TestData.Spec(new WalkForwardPlan { Horizon = 1, Step = 1, InitialRows = 30 }) with { Strategy = new StrategyOptions { Momentum = [3], Contrarian = [] } };

        var ofPrices = Momentum(prices);
        var ofReturns = Momentum(returns);

        ofReturns.Days.Zip(ofPrices.Days).ShouldAllBe(d => Math.Abs(d.First.Equity - d.Second.Equity) < 1e-12);

        StrategyOutcome Momentum(Panel panel) => StrategyRunner.Run(TestData.Run(panel, spec, new ScaledForecaster(1.5))).Single(o => o.Kind == StrategyKind.Momentum);
    }

    [Fact]
    public void What_cannot_be_traded_is_refused_before_the_work()
    {
        var panel = new Panel([TimeSeries.Univariate("x", Frequency.Daily, TestData.Days(4), [1, 2, -1, 3])]);
        var spec = TestData.Spec(new WalkForwardPlan { Horizon = 1 }) with { Strategy = new StrategyOptions() };

        var price = Should.Throw<ForecastException>(() => StrategyRunner.Require(panel, spec));
        (price.Code, price.Series, price.Index).ShouldBe(("strategy-price", "x", 2));
        Should.Throw<ForecastException>(() => StrategyRunner.Require(panel, spec with { Plan = spec.Plan with { Gap = 2 } })).Code.ShouldBe("strategy-gap");
        Should.Throw<ForecastException>(() => StrategyRunner.Require(panel, spec with { Strategy = new StrategyOptions { Cost = double.NaN } })).Code.ShouldBe("strategy-cost");
        Should.Throw<ForecastException>(() => StrategyRunner.Require(panel, spec with { Strategy = new StrategyOptions { Momentum = [5, 0] } })).Index.ShouldBe(1);
    }
}

/// <summary>Sees the last value times a factor coming: always a rise or always a fall.</summary>
internal sealed class ScaledForecaster(double factor) : LastValue
{
    protected override IMarginal Law(string series, double mean, double sd, int h) => LocationScaleMarginal.Normal(factor * mean, sd);
}
