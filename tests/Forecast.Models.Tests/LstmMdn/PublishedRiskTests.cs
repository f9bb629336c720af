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
    /// On most days the VaR is the published one. On the others the likelihood has several hills of nearly the same height (differences of a few tenths at most), and the
    /// published search, from one start and with an exponent of the errors of at least 1, ended on another than ours: which is the higher is told.
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
            gains.Add(ProfileLikelihood.Fitted(sample) - ProfileLikelihood.AtRisk(sample, theirs[day], 0.01));
            if (off[day] > 0.05) output.WriteLine($"day {day}: VaR {own[day]:F6}, published {theirs[day]:F6}; {(gains[^1] > 0 ? "ours" : "theirs")} has the higher log-likelihood, by {Math.Abs(gains[^1]):F4}");
        }

        var (mine, expected) = (published.Exceedances(own), published.Exceedances(theirs));
        output.WriteLine($"{index} {period}: within 0.5 % on {near} of {off.Length} days, on the other {gains.Count} our log-likelihood is the higher on {gains.Count(g => g > 0)} (median difference {Median(gains):F4}), exceedances {mine}, published {expected}");
        gains.ShouldAllBe(g => Math.Abs(g) < 1);
        gains.Count(g => g > 0).ShouldBeGreaterThanOrEqualTo(gains.Count / 2);
        Math.Abs(mine - expected).ShouldBeLessThanOrEqualTo(1);
        near.ShouldBeGreaterThan((int)(0.7 * off.Length));
    }

    private static double Median(List<double> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}
