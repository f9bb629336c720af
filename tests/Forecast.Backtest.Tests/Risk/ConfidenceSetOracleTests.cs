using System.Text.Json;
using System.Text.Json.Nodes;
using Forecast.Backtest.Risk;
using Forecast.Backtest.Tests.Metrics;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>Every case of <c>mcs.json</c>: with the bootstrap samples given the answer is exact.</summary>
public class ConfidenceSetOracleTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(RiskCases.ConfidenceSets), MemberType = typeof(RiskCases))]
    public void The_elimination_is_the_published_one(string file, string id)
    {
        var (one, _) = RiskCases.Load(file, id);
        var input = one.GetProperty("input");
        double[][] losses = [.. input.GetProperty("losses_by_time").EnumerateArray().Select(r => r.Numbers())];
        int[][] indices = [.. input.GetProperty("bootstrap_indices_0based").EnumerateArray().Select(r => r.Numbers().Select(i => (int)i).ToArray())];
        foreach (var (name, kind) in new[] { ("T_R", ConfidenceSetStatistic.Range), ("T_max", ConfidenceSetStatistic.Max) })
        {
            var steps = ModelConfidenceSet.Of(losses, indices, kind);
            var computed = new JsonObject
            {
                ["elimination_order_0based"] = RiskCases.Json(steps.Select(s => s.Model)),
                ["mcs_p_values_in_that_order"] = RiskCases.Json(steps.Select(s => s.PValue)),
                ["statistics_in_that_order"] = RiskCases.Json(steps.Select(s => double.IsNaN(s.Statistic) ? (double?)null : s.Statistic)),
                ["in_set_at_10pct_0based"] = RiskCases.Json(steps.Where(s => s.PValue >= 0.1).Select(s => s.Model).Order()),
            };
            output.WriteLine($"{id} {name}: worst relative deviation {RiskCases.Compare(one.GetProperty("expected").GetProperty(name), computed, name, 1e-12):e2}");
            RandomBootstrap(one.GetProperty("expected"), losses, kind);
        }
    }

    /// <summary>With samples of our own the p-values are those of another package within Monte-Carlo error.</summary>
    private static void RandomBootstrap(JsonElement expected, double[][] losses, ConfidenceSetStatistic kind)
    {
        if (!expected.TryGetProperty(kind == ConfidenceSetStatistic.Range ? "arch_R_random_bootstrap_p_values" : "arch_max_random_bootstrap_p_values", out var theirs)) return;
        var steps = ModelConfidenceSet.Of(losses, ModelConfidenceSet.CircularBlocks(losses.Length, 2_000, losses.Length == 60 ? 5 : 8, 11), kind);
        double[][] byModel = [.. Enumerable.Range(0, losses[0].Length).Select(m => losses.Select(l => l[m]).ToArray())];
        var fast = ModelConfidenceSet.Of(byModel, 2_000, losses.Length == 60 ? 5 : 8, 11, kind);
        fast.Select(s => (s.Model, Math.Round(s.PValue, 9))).ShouldBe(steps.Select(s => (s.Model, Math.Round(s.PValue, 9))));
        foreach (var step in steps) step.PValue.ShouldBe(theirs.GetProperty($"{step.Model}").GetDouble(), 0.06);
    }
}
