using System.Collections.Concurrent;
using Forecast.Backtest.Engine;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Engine;

/// <summary>A panel in shards: the same numbers at any degree, one error a series, an end when nobody wants it any more.</summary>
public sealed class PanelBatchTests
{
    private static readonly ForecastTask Task = new(4, [0.1, 0.9]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Panel Twelve { get; } = new([.. Enumerable.Range(0, 12).Select(i => Series($"s{i}", 60 + i, (ulong)i + 1))]);

    public static TheoryData<string> Local => [.. new[] { "auto-ets", "theta", "ets(M,Ad,N)", "arima(1,0,1){log: true}", "garch(1,1)", "mean", "stl(drift)[7]" }];

    [Theory]
    [MemberData(nameof(Local))]
    public void Neither_degree_nor_shards_move_a_number(string model)
    {
        var forecaster = ModelCatalogue.Default.Create(model);
        var cutoff = Twelve.Series.Max(s => s.Times[^1]);
        var whole = forecaster.Fit(Twelve.AsOf(cutoff), Task, new FitContext(5)).Predict(KnownFuture.None, Task.Horizon, 6);
        var expected = Twelve.Series.Select(s => Numbers(whole[s.Id])).ToArray();
        foreach (var degree in (int[])[1, 2, 5])
        {
            var outcome = PanelForecasts.Predict(Twelve, cutoff, forecaster, Task, new FitContext(5), 6, new BatchOptions { Degree = degree, Cancellation = Cancel }, (_, law, _) => Numbers(law));
            outcome.Values.Select(v => v.Series).ShouldBe(Twelve.Series.Select(s => s.Id));
            outcome.Values.Select(v => v.Value).ShouldBe(expected);
        }
    }

    [Fact]
    public void A_series_that_fails_has_its_error_and_the_others_go_on()
    {
        var panel = new Panel([Series("a", 60), Series("tiny", 2), Series("b", 60)]);
        var outcome = PanelForecasts.Fit(panel, Day(59), ModelCatalogue.Default.Create("arima(2,0,1)"), Task, new FitContext(1), new BatchOptions { Degree = 2, Cancellation = Cancel });

        outcome.Values.Select(v => v.Series).ShouldBe(["a", "b"]);
        var (series, failure) = outcome.Failures.ShouldHaveSingleItem();
        (series, failure.Code, failure.Series).ShouldBe(("tiny", "series-too-short", "tiny"));
        outcome.Require().ShouldBe(outcome);
    }

    [Fact]
    public void When_nothing_is_left_the_first_error_is_thrown()
    {
        var panel = new Panel([Series("tiny", 2), Series("small", 3)]);
        var outcome = PanelForecasts.Fit(panel, Day(9), ModelCatalogue.Default.Create("arima(2,0,1)"), Task, new FitContext(1), new BatchOptions { Degree = 2, Cancellation = Cancel });

        Should.Throw<ForecastException>(outcome.Require).Series.ShouldBe("tiny");
    }

    [Fact]
    public void A_global_model_gets_the_panel_in_one()
    {
        var model = new LastValue(FitScope.Global);
        PanelForecasts.Fit(Twelve, Day(59), model, Task, new FitContext(1), new BatchOptions { Degree = 4, Cancellation = Cancel }).Values.Count().ShouldBe(12);

        model.Log.Single().Series.Count.ShouldBe(12);
    }

    [Fact]
    public void A_defect_surfaces_as_it_is_and_the_first_in_the_panels_order_wins()
    {
        using var both = new Barrier(2);
        var defect = Should.Throw<InvalidOperationException>(() => PanelBatch.Run<int>(new Panel([Series("a", 5), Series("b", 5)]), new LastValue(), new BatchOptions { Degree = 2, Cancellation = Cancel }, shard =>
        {
            both.SignalAndWait(TimeSpan.FromSeconds(20), Cancel).ShouldBeTrue();
            throw new InvalidOperationException(shard.Series[0].Id);
        }));

        defect.Message.ShouldBe("a");
    }

    [Fact]
    public void Cancelling_ends_the_batch_between_series_and_within_one()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var begun = new ConcurrentBag<string>();
        Should.Throw<OperationCanceledException>(() => PanelBatch.Run<int>(Twelve, new LastValue(), new BatchOptions { Degree = 2, Cancellation = stop.Token }, shard =>
        {
            begun.Add(shard.Series[0].Id);
            if (begun.Count >= 3) stop.Cancel();
            if (begun.Count >= 3) stop.Token.ThrowIfCancellationRequested();
            return [SeriesOutcome<int>.Of(shard.Series[0].Id, 1)];
        }));

        begun.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public void Progress_counts_up_to_all_series()
    {
        var told = new List<int>();
        PanelForecasts.Fit(Twelve, Day(59), new LastValue(), Task, new FitContext(1), new BatchOptions { Degree = 3, SeriesDone = new Listener(told), Cancellation = Cancel });

        told.ShouldBe(Enumerable.Range(1, 12));
    }

    [Fact]
    public void A_degree_below_one_is_refused() => Should.Throw<ForecastException>(() => new BatchOptions { Degree = 0 }).Code.ShouldBe("workers-invalid");

    private static double[] Numbers(Core.Distributions.PredictiveDistribution law) =>
        [.. Enumerable.Range(1, law.Horizon).SelectMany(h => (double[])[law.Mean(h), law.Quantile(h, 0.1, "m"), law.Quantile(h, 0.9, "m")])];

    private sealed class Listener(List<int> told) : IProgress<int>
    {
        public void Report(int value) => told.Add(value);
    }
}
