using System.Text.Json.Nodes;
using Forecast.Core.Distributions;
using Forecast.Models.Arima;
using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Arima;

/// <summary>Every case of arima.json against R and statsmodels, at the tolerances of the README beside the file.</summary>
public class ArimaReferenceTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var (file, id) in ArimaReferenceCase.All())
            data.Add(file, id);
        return data;
    }

    [Fact]
    public void The_repository_has_twenty_five_cases() => ArimaReferenceCase.All().Count().ShouldBeGreaterThanOrEqualTo(25);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Likelihood_and_criteria_at_R_s_coefficients(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        var e = c.Expected;
        fit.Names.ShouldBe(c.Names);
        fit.EffectiveObservations.ShouldBe((int)e["n_star"]!);
        fit.ParameterCount.ShouldBe((int)e["n_params"]!);
        Close(fit.LogLikelihood, c.Statsmodels?["loglik_at_r_estimates"], 1e-5, "exact log-likelihood");
        Close(fit.LogLikelihood, e["loglik"], 5e-3, "R's log-likelihood");

        // R's criteria carry the error of its log-likelihood, so what they add to -2 l is what can be held tight.
        var difference = -2 * (ArimaReferenceCase.Number(e["loglik"]) - fit.LogLikelihood);
        Close(fit.Aic + difference, e["aic"], 1e-8, "aic");
        Close(fit.Aicc + difference, e["aicc"], 1e-8, "aicc");
        Close(fit.Bic + difference, e["bic"], 1e-8, "bic");
        Near(fit.Sigma2Ml, e["sigma2_ml"], 1e-4, "sigma2_ml");
        Near(fit.Sigma2Df, e["sigma2_df"], 1e-4, "sigma2_df");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Residuals_at_R_s_coefficients(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        var sigma = Math.Sqrt(fit.Sigma2Ml);
        var expected = ArimaReferenceCase.Numbers(c.Expected["residuals_last5"]);
        var actual = fit.Residuals.TakeLast(expected.Length).ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            double.IsNaN(actual[i]).ShouldBe(double.IsNaN(expected[i]));
            if (!double.IsNaN(expected[i]))
                actual[i].ShouldBe(expected[i], 1e-4 * sigma);
        }

        if (c.Expected["ljung_box_12"] is not { } box)
            return;
        var test = LjungBox.Test([.. fit.Residuals], 12);
        Near(test.Statistic, box["stat"], 1e-3, "Ljung-Box statistic");
        Close(test.PValue, box["p_value_df12"], 1e-3, "Ljung-Box p-value");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forecasts_at_R_s_coefficients(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        var mean = ArimaReferenceCase.Numbers(c.Expected["mean"]);
        var error = ArimaReferenceCase.Numbers(c.Expected["se_ml"]);
        var ahead = fit.Project(mean.Length, c.FutureRegressors);
        for (var h = 0; h < mean.Length; h++)
        {
            ahead.Mean[h].ShouldBe(mean[h], 1e-5 * Math.Abs(mean[h]), $"mean of step {h + 1}");
            Math.Sqrt(ahead.UnitVariance[h] * fit.Sigma2Ml).ShouldBe(error[h], 1e-4 * error[h], $"standard error of step {h + 1}");
        }

        CheckIntervals(ahead, fit.Sigma2Ml, c.Expected["interval_ml"]);
        CheckIntervals(ahead, fit.Sigma2Df, c.Expected["interval_df"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Standard_errors_at_R_s_coefficients(string file, string id)
    {
        var (c, fit) = AtReference(file, id);
        var errors = fit.StandardErrors();
        var expected = ArimaReferenceCase.Numbers(c.Expected["se"]);
        errors.Length.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!double.IsNaN(expected[i]))
                errors[i].ShouldBe(expected[i], 0.05 * expected[i], c.Names[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_optimum_is_found(string file, string id)
    {
        var c = ArimaReferenceCase.Load(file, id);
        var fit = ArimaFit.Estimate(id, c.Values, c.Options, c.Regressors, TestContext.Current.CancellationToken);
        fit.Converged.ShouldBeTrue(fit.Reason);
        var own = c.Statsmodels?["loglik_own_optimum"] ?? c.Statsmodels?["loglik_at_r_estimates"] ?? c.Expected["loglik"];
        var floor = ArimaReferenceCase.Number(own);
        fit.LogLikelihood.ShouldBeGreaterThanOrEqualTo(floor - 1e-3);
        if (fit.LogLikelihood > floor + 1e-3)
            return; // a better optimum than the reference's: its coefficients are elsewhere

        // Flat likelihoods: the two reference packages differ by this much themselves.
        var flat = c.Statsmodels?["max_abs_param_difference_at_own_optimum"] is { } known ? (double)known : 0;
        for (var i = 0; i < c.Coefficients.Length; i++)
        {
            var isArma = i < c.Coefficients.Length - c.Regressors.Names.Count - (c.Options.HasMean ? 1 : 0) - (c.Options.IncludeDrift ? 1 : 0);
            var tolerance = isArma ? 2e-3 : Math.Max(2e-3, Math.Max(flat, 2e-3 * Math.Abs(c.Coefficients[i])));
            fit.Coefficients[i].ShouldBe(c.Coefficients[i], tolerance, c.Names[i]);
        }

        // A mean near zero is held against its own uncertainty: 1e-3 of the larger of the two. Where R's optimum is that far
        // from statsmodels' (sunspot.year's mean by 0.087), its forecasts are as far off.
        var mean = ArimaReferenceCase.Numbers(c.Expected["mean"]);
        var error = ArimaReferenceCase.Numbers(c.Expected["se_ml"]);
        var ahead = fit.Project(mean.Length, c.FutureRegressors);
        for (var h = 0; h < mean.Length; h++)
            ahead.Mean[h].ShouldBe(mean[h], Math.Max(flat, 1e-3 * Math.Max(Math.Abs(mean[h]), error[h])), $"mean of step {h + 1}");
    }

    private static (ArimaReferenceCase Case, ArimaFit Fit) AtReference(string file, string id)
    {
        var c = ArimaReferenceCase.Load(file, id);
        return (c, ArimaFit.At(id, c.Values, c.Options, c.Coefficients, c.Regressors));
    }

    private static void CheckIntervals(ArimaProjection ahead, double sigma2, JsonNode? expected)
    {
        if (expected is null)
            return;
        foreach (var (key, values) in expected.AsObject())
        {
            var level = key switch { "lower80" => 0.1, "upper80" => 0.9, "lower95" => 0.025, "upper95" => 0.975, _ => double.NaN };
            level.ShouldNotBe(double.NaN, key);
            var z = NormalDistribution.Quantile(level);
            var bounds = ArimaReferenceCase.Numbers(values);
            for (var h = 0; h < bounds.Length; h++)
            {
                var half = z * Math.Sqrt(ahead.UnitVariance[h] * sigma2);
                (ahead.Mean[h] + half).ShouldBe(bounds[h], (1e-4 * Math.Abs(half)) + (1e-5 * Math.Abs(ahead.Mean[h])), $"{key} of step {h + 1}");
            }
        }
    }

    private static void Close(double actual, JsonNode? expected, double tolerance, string what)
    {
        if (expected is not null)
            actual.ShouldBe((double)expected, tolerance, what);
    }

    private static void Near(double actual, JsonNode? expected, double relative, string what)
    {
        if (expected is not null)
            actual.ShouldBe((double)expected, relative * Math.Abs((double)expected), what);
    }
}
