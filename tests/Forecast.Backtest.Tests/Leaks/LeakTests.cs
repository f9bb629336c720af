using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using NodaTime;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Leaks;

public class LeakTests
{
    private const int Rows = 90;

    private static readonly RunSpec Run = Spec(new WalkForwardPlan { Horizon = 2, Step = 3, InitialRows = 30, RefitEvery = 2 });

    /// <summary>Two series with a covariate that is published three days after it is measured.</summary>
    private static readonly Panel Data = new([WithCovariate("a", 1), WithCovariate("b", 2)]);

    /// <summary>Each fault, and the change of data that must show it.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "scaler", "values" },
        { "box-cox", "scaled" },
        { "cache", "values" },
        { "covariate", "unpublished" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_planted_leak_is_caught(string fault, string mutation)
    {
        var leaks = LeakTest.Find(Data, Run, panel => Make(fault, panel, honest: false));

        leaks.Select(l => l.Mutation).ShouldContain(mutation);
        leaks.Where(l => string.Equals(l.Mutation, mutation, StringComparison.Ordinal)).Select(l => l.Cutoff).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_honest_version_passes(string fault, string mutation)
    {
        mutation.ShouldNotBeEmpty();
        LeakTest.Find(Data, Run, panel => Make(fault, panel, honest: true)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_mutation_changes_the_data_and_nothing_that_was_known()
    {
        foreach (var cutoff in new[] { Day(35), Day(60) })
        {
            foreach (var mutation in PanelMutation.All)
            {
                var changed = mutation.Apply(Data, cutoff);
                changed.DataHash.ShouldNotBe(Data.DataHash, mutation.Name);
                var (before, after) = (Data.AsOf(cutoff), changed.AsOf(cutoff));
                foreach (var series in before.Series)
                {
                    after[series.Id].Times.ToArray().ShouldBe(series.Times.ToArray(), mutation.Name);
                    after[series.Id].Target.ToArray().ShouldBe(series.Target.ToArray(), mutation.Name);
                    after[series.Id].Values("x").ToArray().ShouldBe(series.Values("x").ToArray(), mutation.Name);
                }

                after.Series.Where(s => s.Length > 0).Select(s => s.Id).ShouldBe(before.Series.Select(s => s.Id), mutation.Name);
            }
        }
    }

    [Theory]
    [InlineData(1, null, 0)]
    [InlineData(null, null, 0)]
    [InlineData(4, 25, 2)]
    public void Honest_models_pass_under_every_kind_of_plan(int? refit, int? window, int gap)
    {
        var spec = Spec(new WalkForwardPlan { Horizon = 2, Step = 2, InitialRows = 30, RefitEvery = refit, RollingRows = window, Gap = gap });

        LeakTest.Find(Data, spec, _ => new LastValue()).ShouldBeEmpty();
        LeakTest.Find(Data, spec, _ => new LastValue(FitScope.Global)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("seasonal-naive")]
    [InlineData("drift")]
    [InlineData("mean")]
    [InlineData("arima(1,0,1)")]
    public void Models_of_the_catalogue_pass(string model) =>
        LeakTest.Find(Data, Run with { Models = [model] }, _ => ModelCatalogue.Default.Create(model)).ShouldBeEmpty();

    [Fact]
    public void A_global_model_of_ragged_series_passes()
    {
        var panel = new Panel([WithCovariate("a", 1), TimeSeries.Univariate("c", Frequency.Daily, [.. Days(Rows).Where((_, i) => i % 3 != 0)], Walk(Rows - (Rows / 3), 5))]);

        LeakTest.Find(panel, Run, _ => new LastValue(FitScope.Global)).ShouldBeEmpty();
    }

    private static IForecaster Make(string fault, Panel panel, bool honest) => fault switch
    {
        "scaler" => new ScalerOnAllData(panel, honest),
        "box-cox" => new BoxCoxOnAllData(panel, honest),
        "cache" => new CacheWithoutCutoff(honest),
        _ => new LateCovariate(panel, honest),
    };

    private static TimeSeries WithCovariate(string id, ulong seed) => new(id, Frequency.Daily, Days(Rows),
    [
        new Column("y", ColumnRole.Target, Walk(Rows, seed)),
        new Column("x", ColumnRole.PastCovariate, Walk(Rows, seed + 10), [.. Days(Rows).Select(d => d + Duration.FromDays(3))]),
    ]);
}
