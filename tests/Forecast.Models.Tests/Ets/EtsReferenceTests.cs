using System.Text.Json.Nodes;
using Forecast.Core.Distributions;
using Forecast.Models.Ets;

namespace Forecast.Models.Tests.Ets;

/// <summary>Every ETS case of ets.json against R's forecast package, at the tolerances of the README beside the file.</summary>
public sealed class EtsReferenceTests
{
    public static TheoryData<string, string> Fixed => ClassicalCase.Of("ets*.json", "ets_fixed_form");

    public static TheoryData<string, string> Automatic => ClassicalCase.Of("ets*.json", "ets_auto");

    public static TheoryData<string, string> Both => [.. Fixed.Concat(Automatic)];

    [Fact]
    public void The_repository_has_71_cases() => Both.Count.ShouldBeGreaterThanOrEqualTo(71);

    [Theory]
    [MemberData(nameof(Both))]
    public void Filtering_with_R_s_parameters_gives_R_s_numbers(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        Near(fit.LogLikelihood, c.Number("loglik"), "loglik");
        Near(fit.Aic, c.Number("aic"), "aic");
        Near(fit.Aicc, c.Number("aicc"), "aicc");
        Near(fit.Bic, c.Number("bic"), "bic");
        Near(fit.Sigma2, c.Number("sigma2"), "sigma2");
        Near(fit.Mse, c.Number("mse"), "mse");
        fit.ParameterCount.ShouldBe((int)c.Expected["n_params"]!);
        Near(fit.FinalStates, c.Vector("final_states"), "final state");
        Near([.. fit.Fitted.TakeLast(5)], c.Vector("fitted_last5"), "fitted");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Point_forecasts_at_R_s_parameters_are_those_of_the_recursion(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        var expected = c.Vector("mean_recursion");
        Near(EtsProjection.Of(fit.Origin, fit.Sigma2, expected.Length).Point, expected, "point forecast");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Closed_form_intervals_are_R_s(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        if (c.Expected["analytic_intervals"] is not { } intervals)
        {
            fit.Form.HasClosedForms.ShouldBeFalse();
            return;
        }

        if (!fit.Form.HasClosedForms)
        {
            // R carries these on with a simulation of its own; nothing closed to compare.
            return;
        }

        // Two forms where R's matrices say something else than the model; what they say must agree with ours, said the same way.
        var origin = fit.Origin;
        if (fit.Form is { Damped: true, Season: EtsPart.Multiplicative })
        {
            // Class 3 moves the level by b instead of phi b: the recursion of a model with b / phi and beta / phi.
            origin = origin with { Point = origin.Point with { Slope = origin.Point.Slope / fit.Phi, Beta = fit.Beta / fit.Phi } };
        }

        if (fit.Form is { Trend: EtsPart.None, Season: EtsPart.Additive })
        {
            // gamma stands in the third row of G, where the trend would make it the newest season; without one that is the season
            // before, whose return is felt a row early.
            RowEarly(fit, intervals);
            return;
        }

        var horizon = ClassicalCase.Numbers(intervals["lower80"]).Length;
        var ahead = EtsProjection.Of(origin, fit.Sigma2, horizon);
        foreach (var (key, level) in new[] { ("lower80", 0.1), ("upper80", 0.9), ("lower95", 0.025), ("upper95", 0.975) })
        {
            var z = NormalDistribution.Quantile(level);
            double[] bounds = [.. ahead.Mean!.Zip(ahead.Variance!, (mean, variance) => mean + (z * Math.Sqrt(variance)))];
            Near(bounds, ClassicalCase.Numbers(intervals[key]), key);
        }
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public void Own_optimum_is_not_worse_than_R_s(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var form = EtsForm.Parse((string)c.Expected["method"]!);
        var fit = EtsFit.Estimate(id, c.Values, form, c.Period, cancellation: TestContext.Current.CancellationToken);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.LogLikelihood.ShouldBeGreaterThanOrEqualTo(c.Number("loglik") - 0.05);
        if (fit.LogLikelihood > c.Number("loglik") + 0.05)
            return; // R's search stopped short: its parameters, and so its forecasts, are elsewhere

        var expected = c.Vector("mean_recursion");
        var point = EtsProjection.Of(fit.Origin, fit.Sigma2, expected.Length).Point;
        var level = expected.Average();
        for (var h = 0; h < expected.Length; h++)
            point[h].ShouldBe(expected[h], 0.01 * level, $"step {h + 1}");
    }

    [Theory]
    [MemberData(nameof(Automatic))]
    public void Automatic_choice_is_not_worse_than_R_s_nor_statsforecast_s(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var options = new EtsOptions { Damped = (bool?)c.Input!["damped"] };
        var choice = EtsSelection.Choose(id, c.Values, options, c.Period, c.Vector("mean_recursion").Length, TestContext.Current.CancellationToken);
        var bar = c.Number("aicc");
        if (c.Node["check"]?["statsforecast"]?["aicc"] is { } other) bar = Math.Min(bar, (double)other);
        choice.Fit.Aicc.ShouldBeLessThanOrEqualTo(bar + 1);
        choice.Fit.Form.IsUnstable.ShouldBeFalse();
        choice.Fit.Form.Trend.ShouldNotBe(EtsPart.Multiplicative);
        if (options.Damped == true) choice.Fit.Form.Damped.ShouldBeTrue();
        choice.Fit.Aicc.ShouldBeLessThanOrEqualTo(choice.Tried[choice.Fit.Form] + 1e-6);
    }

    private static void RowEarly(EtsFit fit, JsonNode intervals)
    {
        var upper = ClassicalCase.Numbers(intervals["upper80"]);
        var lower = ClassicalCase.Numbers(intervals["lower80"]);
        var ahead = EtsProjection.Of(fit.Origin, fit.Sigma2, upper.Length);
        double[] response = [.. Enumerable.Range(0, upper.Length).Select(j => j == 0 ? 0 : fit.Alpha + (j % fit.Period == fit.Period - 1 ? fit.Gamma : 0))];
        var theta = new double[upper.Length];
        for (var h = 0; h < upper.Length; h++)
        {
            var sum = Enumerable.Range(1, h).Sum(j => response[j] * response[j] * (fit.Form.Error == EtsPart.Multiplicative ? theta[h - j] : 1));
            theta[h] = (ahead.Mean![h] * ahead.Mean[h]) + (fit.Sigma2 * sum);
            var variance = fit.Sigma2 * (fit.Form.Error == EtsPart.Multiplicative ? theta[h] + sum : 1 + sum);
            Near((upper[h] - lower[h]) / (2 * NormalDistribution.Quantile(0.9)), Math.Sqrt(variance), $"R's deviation of step {h + 1}");
            if (h < fit.Period - 1) Near(ahead.Variance![h], variance, $"variance of step {h + 1}");
        }
    }

    private static (ClassicalCase Case, EtsFit Fit) AtReference(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var form = EtsForm.Parse((string)c.Expected["method"]!);
        return (c, EtsFit.At(id, c.Values, form, c.Period, ClassicalCase.Named(c.Expected["par"]!)));
    }

    private static void Near(double actual, double expected, string what) => actual.ShouldBe(expected, 1e-8 * Math.Abs(expected), what);

    private static void Near(IReadOnlyList<double> actual, double[] expected, string what)
    {
        actual.Count.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            Near(actual[i], expected[i], $"{what} {i + 1}");
    }
}
