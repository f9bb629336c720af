using Forecast.Core;
using Forecast.Core.Numerics;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Garch;

public sealed class GarchEstimatorTests
{
    [Theory]
    [InlineData("fcp_benchmark", 1e-4)]
    [InlineData("fcp_benchmark", 100)]
    [InlineData("fcp_benchmark", 1e6)]
    [InlineData("dem2gbp_garch_std", 1e-4)]
    [InlineData("dem2gbp_garch_std", 1e6)]
    [InlineData("SMI_garch_std_ar1", 1e-4)]
    [InlineData("dem2gbp_garch_ged", 1e6)]
    public void Units_do_not_matter(string id, double factor)
    {
        var c = GarchOracle.Find(id);
        var specification = c.Specification;
        var fit = Fit(specification, c.Sample);
        var scaled = Fit(specification, c.Sample.Scaled(1 / factor));
        scaled.Converged.ShouldBeTrue();
        scaled.LogLikelihood.ShouldBe(fit.LogLikelihood - c.Sample.Observed * Math.Log(factor), 1e-8 * c.Sample.Observed);
        for (var i = 0; i < specification.Count; i++)
        {
            var unit = specification.Names[i] switch { "mu" => factor, "omega" => factor * factor, _ => 1 };
            scaled.Parameters[i].ShouldBe(unit * fit.Parameters[i], 1e-6 * Math.Abs(unit * fit.Parameters[i]), specification.Names[i]);
        }

        var errors = GarchStandardErrors.Compute(specification, c.Sample, fit.Parameters, []);
        var scaledErrors = GarchStandardErrors.Compute(specification, c.Sample.Scaled(1 / factor), scaled.Parameters, []);
        scaledErrors.Robust[specification.AlphaIndex].ShouldBe(errors.Robust[specification.AlphaIndex], 1e-6);
    }

    [Theory]
    [InlineData(1, 1, 0, 0, "norm")]
    [InlineData(1, 1, 0, 0, "std")]
    [InlineData(1, 1, 2, 1, "ged")]
    [InlineData(2, 0, 0, 1, "norm")]
    [InlineData(1, 1, 1, 2, "std")]
    public void Estimates_lie_within_four_standard_errors_of_the_truth_and_the_score_is_0(int arch, int garch, int ar, int ma, string dist)
    {
        var specification = new GarchSpecification(arch, garch, InnovationKinds.Parse(dist), true, ar, ma);
        var truth = new double[specification.Count];
        truth[0] = 2;
        for (var i = 0; i < ar; i++) truth[specification.ArIndex + i] = i == 0 ? 0.7 : -0.3;
        for (var i = 0; i < ma; i++) truth[specification.MaIndex + i] = i == 0 ? 0.4 : 0.25;
        truth[specification.OmegaIndex] = 0.3;
        for (var i = 0; i < arch; i++) truth[specification.AlphaIndex + i] = 0.25 / (i + 1);
        for (var i = 0; i < garch; i++) truth[specification.BetaIndex + i] = 0.6;
        if (specification.HasShape) truth[^1] = dist == "std" ? 6 : 1.4;
        var sample = new GarchSample(GarchSimulator.WithGaps(GarchSimulator.Draw(specification, truth, 3000, 17), 20, 4));
        var fit = Fit(specification, sample);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.Interior.ShouldBeTrue();
        fit.LogLikelihood.ShouldBeGreaterThan(GarchRecursion.LogLikelihood(specification, sample, truth));
        var errors = GarchStandardErrors.Compute(specification, sample, fit.Parameters, fit.OnBound);
        for (var i = 0; i < truth.Length; i++)
            fit.Parameters[i].ShouldBe(truth[i], 4 * errors.Robust[i], specification.Names[i]);

        double[] gradient = new double[truth.Length], hessian = new double[truth.Length * truth.Length];
        new GarchDerivatives(specification, sample).Evaluate(fit.Parameters, gradient, hessian, []);
        for (var i = 0; i < truth.Length; i++) (gradient[i] * errors.Hessian[i]).ShouldBe(0, 1e-5, specification.Names[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void White_noise_ends_on_the_bound_of_alpha_and_says_so(int order)
    {
        var specification = new GarchSpecification(order, order);
        var random = new RandomSource(4);
        var sample = new GarchSample([.. Enumerable.Range(0, 1000).Select(_ => random.NextNormal())]);
        var fit = Fit(specification, sample);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.Interior.ShouldBeFalse();
        for (var i = 1; i <= order; i++)
        {
            fit.Parameters[specification.AlphaIndex + i - 1].ShouldBe(0);
            fit.OnBound[specification.AlphaIndex + i - 1].ShouldBeTrue();
        }

        // Two betas without an alpha cannot be told apart: flat, and no standard errors from a singular Hessian.
        if (order == 2) fit.Reason.ShouldContain("flat");
        var errors = GarchStandardErrors.Compute(specification, sample, fit.Parameters, fit.OnBound);
        errors.Hessian[specification.AlphaIndex].ShouldBe(double.NaN);
        fit.LogLikelihood.ShouldBeGreaterThan(GarchRecursion.LogLikelihood(specification, sample, [0, 1, .. new double[2 * order]]));
    }

    [Fact]
    public void A_variance_that_only_drifts_yields_to_one_that_hears_the_news_and_the_fit_tells_which_is_higher()
    {
        var specification = new GarchSpecification(1, 1, InnovationKind.Ged, hasMean: false);
        var sample = new GarchSample(LstmMdn.PublishedRisk.Load("sp500", "2017_2018").Before(200, 251));
        var fit = Fit(specification, sample);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.Parameters[specification.AlphaIndex].ShouldBeGreaterThan(0.01);
        fit.Reason.ShouldContain("higher by 0.388 and not taken");
        var variance = sample.RootMeanSquare(0) * sample.RootMeanSquare(0);
        double[] drifting = [1e-9 * variance, 0, 0.9988, fit.Parameters[^1]];
        GarchRecursion.LogLikelihood(specification, sample, drifting).ShouldBeGreaterThan(fit.LogLikelihood);
    }

    [Fact]
    public void A_peaked_GED_puts_mu_on_the_observation_at_its_kink()
    {
        var random = new RandomSource(4);
        var sample = new GarchSample([.. Enumerable.Range(0, 600).Select(_ => random.NextDouble() < 0.15 ? 0.0 : random.NextNormal())]);
        var specification = new GarchSpecification(1, 1, InnovationKind.Ged);
        var fit = Fit(specification, sample);
        fit.Parameters[^1].ShouldBe(1);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.Parameters[0].ShouldBe(0);
        fit.OnBound[0].ShouldBeTrue();
        fit.Reason.ShouldContain("mu held");
        foreach (var aside in (double[])[-1e-3, 1e-3])
        {
            var moved = (double[])fit.Parameters.Clone();
            moved[0] = aside;
            GarchRecursion.LogLikelihood(specification, sample, moved).ShouldBeLessThan(fit.LogLikelihood);
        }

        GarchStandardErrors.Compute(specification, sample, fit.Parameters, fit.OnBound).Robust[0].ShouldBe(double.NaN);
    }

    [Fact]
    public void A_random_walk_keeps_its_autoregression_inside_the_unit_circle()
    {
        var walk = new double[300];
        var steps = GarchSimulator.Draw(new GarchSpecification(1, 1), [0, 0.1, 0.1, 0.8], 300, 21);
        for (var t = 1; t < walk.Length; t++) walk[t] = walk[t - 1] + steps[t];
        var fit = Fit(new GarchSpecification(1, 1, arOrder: 1), new GarchSample(walk));
        Math.Abs(fit.Parameters[1]).ShouldBeLessThanOrEqualTo(0.9999);
        fit.Parameters[1].ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void Unusable_samples_are_refused_by_name()
    {
        var specification = new GarchSpecification(1, 1);
        var shortOne = Should.Throw<ForecastException>(() => Fit(specification, new GarchSample([1, 2, 3])));
        shortOne.Code.ShouldBe("series-too-short");
        shortOne.Message.ShouldContain("14");
        shortOne.Series.ShouldBe("s");
        Should.Throw<ForecastException>(() => Fit(specification, new GarchSample([.. Enumerable.Repeat(0.1, 50)]))).Code.ShouldBe("series-constant");
        Should.Throw<ForecastException>(() => Fit(new GarchSpecification(1, 1, hasMean: false), new GarchSample(new double[50]))).Code.ShouldBe("series-constant");
        Should.Throw<ArgumentException>(() => new GarchSample([1, double.PositiveInfinity]));
        Should.Throw<ArgumentOutOfRangeException>(() => new GarchSpecification(0, 1));
    }

    [Fact]
    public void A_cancelled_fit_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => GarchEstimator.Fit(new GarchSpecification(1, 1), GarchOracle.Find("fcp_benchmark").Sample, "s", source.Token));
    }

    private static GarchFit Fit(GarchSpecification specification, GarchSample sample) =>
        GarchEstimator.Fit(specification, sample, "s", TestContext.Current.CancellationToken);
}
