using Forecast.Backtest.Engine;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Tests;

/// <summary>Small panels, and a whole back-test in one call.</summary>
internal static class TestData
{
    public static Instant Day(int n) => Instant.FromUtc(2020, 1, 1, 0, 0) + Duration.FromDays(n);

    public static Instant[] Days(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(Day)];

    /// <summary>A positive random walk, the same for the same seed.</summary>
    public static double[] Walk(int count, ulong seed)
    {
        var random = new RandomSource(seed);
        var log = 3.0;
        return [.. Enumerable.Range(0, count).Select(_ => Math.Exp(log += 0.05 * random.NextNormal()))];
    }

    public static TimeSeries Series(string id, int rows, ulong seed = 1, int first = 0) =>
        TimeSeries.Univariate(id, Frequency.Daily, Days(rows, first), Walk(rows, seed));

    public static RunSpec Spec(WalkForwardPlan plan, params string[] models) => new()
    {
        Data = "test",
        Models = models.Length == 0 ? ["m"] : models,
        Plan = plan,
        Levels = [0.05, 0.5, 0.95],
    };

    public static Lineage Origin { get; } = new()
    {
        RunId = "r1",
        CreatedAt = Day(0),
        Engine = "test",
        Device = "cpu",
        Threads = 1,
        Seed = 1,
    };

    public static BacktestResult Run(Panel panel, RunSpec spec, params IForecaster[] models) =>
        ResultAssembler.Assemble(panel, spec, Blocks(panel, spec, models), Origin);

    public static IReadOnlyList<BlockResult> Blocks(Panel panel, RunSpec spec, params IForecaster[] models) =>
        [.. FoldSchedule.Build(panel, spec, models).Select(i => Work(panel, spec, i, models[spec.Models.ToList().IndexOf(i.Model)]))];

    public static BlockResult Work(Panel panel, RunSpec spec, WorkItem item, IForecaster model) =>
        BlockRunner.Run(panel, spec, item, model, TestContext.Current.CancellationToken);
}
