using Forecast.Core.Numerics;
using Forecast.Models.Ets;

namespace Forecast.Models.Tests.Ets;

public sealed class EtsContradictionTests
{
    [Theory]
    [InlineData("ETS(A,A,N)", 3, "its errors undo its trend")]
    [InlineData("ETS(M,A,N)", 3, "its errors undo its trend")]
    [InlineData("ETS(A,A,N)", -3, "its errors undo its trend")]
    [InlineData("ETS(A,A,N)", 0.02, null)]
    [InlineData("ETS(A,Ad,N)", 3, null)]
    public void A_slope_that_a_level_series_takes_back_at_every_step_is_no_trend(string form, double slope, string? contradiction)
    {
        double[] level = [.. Noise(60).Select(e => 100 + e)];
        var parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["alpha"] = 0.9, ["beta"] = 1e-4, ["phi"] = 0.95, ["l"] = 100, ["b"] = slope };
        var fit = EtsFit.At("s", level, EtsForm.Parse(form), 1, parameters);
        EtsContradiction.Of(fit, isPositive: true, horizon: 2).ShouldBe(contradiction);
    }

    [Fact]
    public void A_true_trend_is_left_alone()
    {
        double[] rising = [.. Noise(60).Select((e, t) => 100 + (3 * t) + e)];
        var choice = EtsSelection.Choose("s", rising, new EtsOptions(), 1, 40, TestContext.Current.CancellationToken);
        choice.Fit.Form.Trend.ShouldBe(EtsPart.Additive);
        choice.Contradictions.ShouldBeEmpty();
    }

    [Fact]
    public void A_falling_positive_series_is_not_forecast_to_zero_while_another_form_stays_above()
    {
        double[] falling = [.. Noise(40).Select((e, t) => 100 - (2 * t) + e)];
        var near = EtsSelection.Choose("s", falling, new EtsOptions(), 1, 3, TestContext.Current.CancellationToken);
        near.Contradictions.ShouldBeEmpty();
        var far = EtsSelection.Choose("s", falling, new EtsOptions(), 1, 30, TestContext.Current.CancellationToken);
        far.Contradictions[near.Fit.Form].ShouldBe("its forecast of a positive series falls to zero");
        EtsProjection.Of(far.Fit.Origin, far.Fit.Sigma2, 30).Point.Min().ShouldBeGreaterThan(0);
        far.Fit.Aicc.ShouldBe(far.Tried.Where(t => !far.Contradictions.ContainsKey(t.Key)).Min(t => t.Value), 1e-6);

        // Without the sign there is nothing to deny.
        double[] lower = [.. falling.Select(v => v - 90)];
        EtsSelection.Choose("s", lower, new EtsOptions(), 1, 30, TestContext.Current.CancellationToken).Contradictions.ShouldBeEmpty();
    }

    [Fact]
    public void Where_every_form_falls_to_zero_the_least_criterion_stands_and_the_contradiction_is_told()
    {
        double[] falling = [.. Noise(40).Select((e, t) => 100 - (2 * t) + e)];
        var choice = EtsSelection.Choose("s", falling, new EtsOptions { Error = EtsPart.Additive, Trend = EtsPart.Additive, Damped = false }, 1, 30, TestContext.Current.CancellationToken);
        choice.Fit.Form.ShouldBe(EtsForm.Parse("ETS(A,A,N)"));
        choice.Contradictions.ContainsKey(choice.Fit.Form).ShouldBeTrue();
    }

    private static IEnumerable<double> Noise(int count)
    {
        var random = new RandomSource(5);
        return Enumerable.Range(0, count).Select(_ => random.NextNormal());
    }
}
