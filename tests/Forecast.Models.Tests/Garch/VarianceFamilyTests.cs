using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;
using NodaTime;

namespace Forecast.Models.Tests.Garch;

/// <summary>What every variance family must do, whatever its equation.</summary>
public sealed class VarianceFamilyTests
{
    public static TheoryData<string> Models => ["gjr-garch(1,1)", "gjr-garch(1,1)-skew-t", "egarch(1,1)", "aparch(1,1)", "igarch(1,1)-t", "figarch(1,d,1)", "garch(1,1)-skew-t", "egarch(1,1){ar: 1}"];

    [Theory]
    [InlineData("gjr", "norm")]
    [InlineData("gjr", "sstd")]
    [InlineData("egarch", "norm")]
    [InlineData("egarch", "ged")]
    [InlineData("aparch", "norm")]
    [InlineData("figarch", "norm")]
    public void Variance_forecasts_are_the_means_over_simulated_futures(string family, string dist)
    {
        var specification = new GarchSpecification(1, 1, InnovationKinds.Parse(dist), family: Enum.Parse<VarianceFamily>(family, ignoreCase: true));
        var theta = GarchSimulator.Parameters(specification);
        if (specification.HasShape) theta[specification.ShapeIndex] = dist == "ged" ? 1.6 : 9;
        var path = GarchRecursion.Filter(specification, new GarchSample(GarchSimulator.Draw(specification, theta, 200, 2)), theta);
        var projection = new GarchProjection(specification, theta, path, []);
        const int Count = 40_000;
        var draws = projection.Simulate(Count, 5, 9);
        var variance = projection.Variance(5);
        for (var k = 0; k < 5; k++)
        {
            double[] squares = [.. Enumerable.Range(0, Count).Select(i => Math.Pow(draws[i * 5 + k] - theta[0], 2))];
            var average = squares.Average();
            var error = Math.Sqrt(squares.Sum(s => (s - average) * (s - average))) / Count;
            variance[k].ShouldBe(average, 4.5 * error, $"step {k + 1}");
        }
    }

    [Fact]
    public void Higher_orders_of_EGARCH_have_the_closed_form_too()
    {
        var specification = new GarchSpecification(2, 2, family: VarianceFamily.Egarch);
        double[] theta = [0, -0.05, 0.15, 0.1, 0.5, 0.35, -0.1, -0.05];
        var path = GarchRecursion.Filter(specification, new GarchSample(GarchSimulator.Draw(specification, theta, 100, 2)), theta);
        var variance = new GarchProjection(specification, theta, path, []).Variance(6);
        const int Count = 60_000;
        var draws = new GarchProjection(specification, theta, path, []).Simulate(Count, 6, 9);
        for (var k = 0; k < 6; k++) Enumerable.Range(0, Count).Average(i => draws[i * 6 + k] * draws[i * 6 + k]).ShouldBe(variance[k], 0.03 * variance[k]);
    }

    [Fact]
    public void EGARCH_with_Students_t_has_no_variance_beyond_the_first_step_and_says_so()
    {
        var prediction = Fit("egarch(1,1)-t", Returns).Predict(KnownFuture.None, 3, 1)["s"];
        prediction.Marginal(1).Variance.ShouldBeGreaterThan(0);
        prediction.Marginal(2).Variance.ShouldBe(double.NaN);
        prediction.TryQuantile(3, 0.01, out var q).ShouldBeTrue();
        q.ShouldBeLessThan(-0.3);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Conditioned_saved_and_loaded_it_predicts_the_same_bits(string model)
    {
        var fitted = Fit(model, Returns[..800]);
        var before = Numbers(fitted);
        Numbers(fitted.Condition(View(Returns))).ShouldNotBe(before);
        Numbers(fitted.Condition(View(Returns)).Condition(View(Returns[..800]))).ShouldBe(before);
        var archive = new ModelArchive();
        fitted.Save(archive);
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        Numbers(ModelCatalogue.Default.Create(model).Load(ModelArchive.Open(stream)).Condition(View(Returns[..800]))).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Units_do_not_matter(string model)
    {
        var percent = Fit(model, Returns).Summaries["s"];
        var plain = Fit(model, [.. Returns.Select(r => r / 100)]).Summaries["s"];
        plain.Converged.ShouldBeTrue(string.Join("; ", plain.Notes));
        plain.Criteria["loglik"].ShouldBe(percent.Criteria["loglik"] + Returns.Length * Math.Log(100), 1e-5);
        foreach (var name in percent.Parameters.Keys.Where(n => n is not ("mu" or "omega")))
            plain.Parameters[name].ShouldBe(percent.Parameters[name], 1e-4 * (1 + Math.Abs(percent.Parameters[name])), name);
        plain.Paths["sigma"][300].ShouldBe(percent.Paths["sigma"][300] / 100, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_gap_at_the_end_is_forecast_over(string model)
    {
        double[] gaps = [.. Returns[..600], double.NaN, double.NaN];
        gaps[100] = gaps[350] = double.NaN;
        var fitted = Fit(model, gaps);
        var whole = Variances(fitted.Condition(View(gaps[..600])), 4);
        Variances(fitted, 2).ShouldBe(whole[2..]);
        fitted.Summaries["s"].Observations.ShouldBe(598);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Estimates_are_near_the_truth(string model)
    {
        if (model.Contains("skew", StringComparison.Ordinal) || model.Contains("ar:", StringComparison.Ordinal)) return;
        var family = ModelCatalogue.Default.Create(model).Name.Split('(')[0].Replace("-garch", "", StringComparison.Ordinal);
        var specification = new GarchSpecification(
            1, 1, model.EndsWith("-t", StringComparison.Ordinal) ? InnovationKind.StudentT : InnovationKind.Normal, family: Enum.Parse<VarianceFamily>(family, ignoreCase: true));
        var truth = GarchSimulator.Parameters(specification);
        var sample = new GarchSample(GarchSimulator.Draw(specification, truth, 3000, 17));
        var fit = GarchEstimator.Fit(specification, sample, "s", TestContext.Current.CancellationToken);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.LogLikelihood.ShouldBeGreaterThan(GarchRecursion.LogLikelihood(specification, sample, truth));
        var errors = GarchStandardErrors.Compute(specification, sample, fit.Parameters, fit.OnBound);
        for (var i = 0; i < truth.Length; i++)
        {
            // What the thousand squares before the sample were FIGARCH cannot know, and its constant takes the difference.
            if (specification.Family == VarianceFamily.Figarch && i == specification.OmegaIndex) continue;
            fit.Parameters[i].ShouldBe(truth[i], 4 * errors.Robust[i], specification.Names[i]);
        }
    }

    [Fact]
    public void Historical_draws_are_the_standardised_residuals()
    {
        var fitted = Fit("garch(1,1){draws: historical}", Returns);
        var summary = fitted.Summaries["s"];
        double[] z = [.. summary.Paths["residuals"].Zip(summary.Paths["sigma"], (e, s) => e / s)];
        var mean = z.Average();
        var sd = Math.Sqrt(z.Average(v => (v - mean) * (v - mean)));
        double[] sorted = [.. z.Select(v => (v - mean) / sd).Order()];
        var prediction = fitted.Predict(KnownFuture.None, 5, 3)["s"];
        var first = prediction.Marginal(1);
        prediction.TryQuantile(1, 0.01, out var q).ShouldBeTrue();
        var at = 0.01 * (sorted.Length - 1);
        var expected = sorted[(int)at] + (at - (int)at) * (sorted[(int)at + 1] - sorted[(int)at]);
        q.ShouldBe(first.Mean + Math.Sqrt(first.Variance) * expected, 1e-12);

        // The closed-form variance holds for these draws as well.
        prediction.TryPaths(40_000, out var paths).ShouldBeTrue();
        paths.Step(5).Average(x => Math.Pow(x - prediction.Mean(5), 2)).ShouldBe(prediction.Marginal(5).Variance, 0.04 * prediction.Marginal(5).Variance);
        var one = paths.Step(1)[0];
        sorted.Min(v => Math.Abs(first.Mean + Math.Sqrt(first.Variance) * v - one)).ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void Historical_draws_need_residuals_to_draw_from()
    {
        var fitted = Fit("gjr-garch(1,1){draws: historical}", Returns);
        var failed = fitted.Condition(View(Returns[..6])).Predict(KnownFuture.None, 1, 1).Failures["s"];
        failed.Code.ShouldBe("series-too-short");
        failed.Message.ShouldContain("at least 10");
    }

    [Fact]
    public void The_summary_of_each_family_has_the_names_of_the_reference_and_says_what_is_implied()
    {
        Fit("gjr-garch(1,1)", Returns).Summaries["s"].Parameters.Keys.ShouldBe(["mu", "omega", "alpha1", "beta1", "gamma1"]);
        Fit("aparch(1,1)", Returns).Summaries["s"].Parameters.Keys.ShouldBe(["mu", "omega", "alpha1", "beta1", "gamma1", "delta"]);
        Fit("figarch(1,d,1)", Returns).Summaries["s"].Parameters.Keys.ShouldBe(["mu", "omega", "phi", "d", "beta1"]);
        Fit("garch(1,1)-skew-t", Returns).Summaries["s"].Parameters.Keys.ShouldBe(["mu", "omega", "alpha1", "beta1", "skew", "shape"]);
        var integrated = Fit("igarch(1,1)", Returns).Summaries["s"];
        integrated.Parameters.Keys.ShouldBe(["mu", "omega", "alpha1"]);
        integrated.Notes.ShouldContain(n => n.StartsWith("beta1 = 0.", StringComparison.Ordinal));
        integrated.Criteria["persistence"].ShouldBe(1);
        integrated.Criteria.ContainsKey("unconditional_variance").ShouldBeFalse();
    }

    private static double[] Returns { get; } = GarchOracle.Find("fcp_benchmark").Sample.Values[^1000..].ToArray();

    /// <summary>Mean, variance and quantiles of a few steps, as bits that any change would move.</summary>
    private static double[] Numbers(IFittedForecaster fitted)
    {
        var prediction = fitted.Predict(KnownFuture.None, 3, 5)["s"];
        var numbers = new List<double>();
        for (var h = 1; h <= 3; h++)
        {
            prediction.TryQuantile(h, 0.05, out var q).ShouldBeTrue();
            numbers.AddRange([prediction.Mean(h), prediction.Marginal(h).Variance, q]);
        }

        return [.. numbers];
    }

    private static double[] Variances(IFittedForecaster fitted, int horizon)
    {
        var prediction = fitted.Predict(KnownFuture.None, horizon, 1)["s"];
        return [.. Enumerable.Range(1, horizon).Select(h => prediction.Marginal(h).Variance)];
    }

    private static IFittedForecaster Fit(string model, double[] values) =>
        ModelCatalogue.Default.Create(model).Fit(View(values), new ForecastTask(1, ForecastTask.DefaultLevels), new FitContext(1));

    private static PanelView View(double[] values)
    {
        var start = Instant.FromUtc(2020, 1, 1, 0, 0);
        var times = Enumerable.Range(0, values.Length).Select(i => start + Duration.FromDays(i)).ToArray();
        return new Panel([TimeSeries.Univariate("s", Frequency.Daily, times, values)]).AsOf(times[^1]);
    }
}
