using System.Globalization;
using Forecast.Platform.Tests.Support;

namespace Forecast.Platform.Tests.Chaos;

/// <summary>Workers, RabbitMQ, Postgres and the server are killed in the middle of a back-test: its numbers are those of an undisturbed one.</summary>
public sealed class ChaosTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_hundred_items_survive_two_kills_of_each() => SurviveAsync(ChaosPlan.Short);

    /// <summary><c>tests/chaos/run</c> runs this and keeps its log.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public Task Two_thousand_items_survive_a_dozen_kills_of_each() => SurviveAsync(ChaosPlan.Long(seed: 20));

    private static async Task SurviveAsync(ChaosPlan plan)
    {
        var calm = Embedded.HashAsync(plan.Request, Cancel);
        string expected;
        ChaosResult result;
        await using (var cluster = await Cluster.StartAsync(plan.Workers, Cancel))
        {
            expected = await calm;
            Say($"{plan.Items} items on {plan.Workers} workers, seed {plan.Seed}; undisturbed: {expected}");
            result = await new ChaosRun(plan, cluster, Say).RunAsync(Cancel);
        }

        Say($"disturbed:   {result.Hash}");
        Say($"items {result.Items}, begun {result.Attempts} times, given up {result.Failed}, messages left {result.Waiting}");
        foreach (var kind in result.Recoveries.GroupBy(r => r.Blow).OrderBy(g => g.Key))
            Say(string.Create(CultureInfo.InvariantCulture, $"{kind.Key,-22} x {kind.Count(),2}: next result after {kind.Average(r => r.Time.TotalSeconds):0.0} s on average, {kind.Max(r => r.Time.TotalSeconds):0.0} s at most"));
        result.Hash.ShouldBe(expected);
        result.Items.ShouldBe(plan.Items);
        result.Failed.ShouldBe(0);
        result.Waiting.ShouldBe(0);
        result.Recoveries.Count.ShouldBe(plan.Blows.Sum(b => b.Times));
        result.Attempts.ShouldBeLessThanOrEqualTo(plan.Items + (result.Recoveries.Count * plan.Workers), "work repeated is bounded by one item a worker and blow");
    }

    private static void Say(string line)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(line);
        if (Environment.GetEnvironmentVariable("FORECAST_CHAOS_LOG") is { Length: > 0 } log) File.AppendAllText(log, line + "\n");
    }
}
