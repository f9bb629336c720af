using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.LstmMdn;

/// <summary>The rivals of the LSTM-MDN paper against its published VaR, day by day.</summary>
public sealed class PublishedRiskTests(ITestOutputHelper output)
{
    private const int Window = 251;

    public static TheoryData<string, string> Cells => PublishedRisk.Cells;

    [Theory]
    [MemberData(nameof(Cells))]
    public void Historical_simulation_and_the_current_market_model_equal_the_published_on_every_day(string index, string period)
    {
        var published = PublishedRisk.Load(index, period);
        foreach (var (model, column) in new[] { ("historical-simulation(251)", "hs"), ("cmm(251)", "cmm") })
        {
            var own = published.Walk(ModelCatalogue.Default.Create(model), Window);
            own.Zip(published.Var[column], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-9, model);
            published.Exceedances(own).ShouldBe(published.Exceedances(published.Var[column]), model);
        }
    }

    /// <summary>
    /// The publishers' search stops on the first hill it meets. On the days on which that is another than ours, ours is higher, or
    /// theirs is one that ours refuses, a variance that drifts without news. FTSE 100 in 2017-18 has 47 such days, in the other cells they are fewer than one in twenty.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void Garch_with_generalised_errors_is_the_published_on_most_days_and_elsewhere_it_is_told_which_optimum_is_higher(string index, string period)
    {
        var published = PublishedRisk.Load(index, period);
        var theirs = published.Var["garch"];
        var own = published.Walk(ModelCatalogue.Default.Create("garch(1,1){dist: ged, mean: zero}"), Window);
        double[] off = [.. own.Zip(theirs, (a, b) => Math.Abs((a / b) - 1))];
        var near = off.Count(o => o <= 0.005);
        List<double> gains = [];
        for (var day = 0; day < off.Length; day++)
        {
            if (off[day] <= 0.005) continue;
            var sample = published.Before(day, Window);
            var hill = LikelihoodHills.At(sample, theirs[day], 0.01);
            hill.ShouldNotBeNull($"day {day}: the published VaR is that of no optimum");
            var gain = LikelihoodHills.Fitted(sample) - hill.Value.LogLikelihood;
            gain.ShouldBeGreaterThan(hill.Value.Drifts ? -1.92 : 0, $"day {day}");
            gains.Add(gain);
            output.WriteLine($"day {day}: VaR {own[day]:F6}, published {theirs[day]:F6}, {off[day]:P1} off; {(gain > 0 ? "ours" : "theirs")} has the higher log-likelihood, by {Math.Abs(gain):F4}{(hill.Value.Drifts ? "; the published variance drifts" : "")}");
        }

        var (mine, expected) = (published.Exceedances(own), published.Exceedances(theirs));
        output.WriteLine($"{index} {period}: within 0.5 % on {near} of {off.Length} days, on {off.Count(o => o > 0.05)} more than 5 % off; on the {gains.Count} days our log-likelihood is higher by {gains.DefaultIfEmpty().Min():F4} (least) and {Median(gains):F4} (median); exceedances {mine}, published {expected}");
        gains.Count(g => g < 0).ShouldBeLessThanOrEqualTo(1);
        Math.Abs(mine - expected).ShouldBeLessThanOrEqualTo(1);
        near.ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling((index == "ftse100" ? 0.9 : 0.95) * off.Length));
    }

    private static double Median(List<double> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}
