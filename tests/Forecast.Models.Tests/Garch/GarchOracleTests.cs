using Forecast.Models.Garch;
using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Garch;

/// <summary>Every case of the reference files at the tolerances that their README states.</summary>
public sealed class GarchOracleTests
{
    /// <summary>
    /// Where the reference's differences over a tenth of each parameter miss the second derivatives by more than its tolerance: at
    /// the edge of stationarity they reach into explosive variances (DAX by 0.2 to 0.6 %, FTSE by 14 %, CAC by 40 %), and EGARCH's
    /// |z| has a kink at every observation that they cross (mu by 2 and 16 %). Its own steps on our likelihood give its numbers
    /// (<see cref="Standard_errors_by_the_steps_of_the_reference"/>), small ones the exact derivatives.
    /// </summary>
    private static readonly string[] CoarseReference = ["DAX_garch_std", "FTSE_gjr_norm", "CAC_garch_sstd", "dem2gbp_egarch_norm", "SMI_egarch_norm"];

    public static IEnumerable<TheoryDataRow<string>> Keys => GarchOracle.Cases.Where(c => c.IsSupported).Select(c => new TheoryDataRow<string>(c.Key));

    /// <summary>FIGARCH and APARCH likelihoods are flat along a ridge: their README allows 2e-2 of a coefficient.</summary>
    private static double CoefficientTolerance(GarchCase c) => c.Variance is "figarch" or "aparch" ? 2e-2 : c.Published is null ? 1e-3 : 1e-4;

    [Fact]
    public void No_case_is_left_out()
    {
        GarchOracle.CasesOfRepository.ShouldAllBe(c => c.IsSupported);
        GarchOracle.CasesOfRepository.Count.ShouldBe(16);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Likelihood_paths_and_forecasts_at_the_given_coefficients(string key)
    {
        var c = GarchOracle.Find(key);
        var path = GarchRecursion.Filter(c.Specification, c.Sample, c.Coefficients);
        Close(path.LogLikelihood, c.Number("loglik"), 1e-8);
        var sigma = path.Variance.Select(Math.Sqrt).ToArray();
        Close(sigma[..10], c.Series("sigma_first10"), 1e-8);
        Close(sigma[^10..], c.Series("sigma_last10"), 1e-8);
        Close(path.Residual[^5..], c.Series("residual_last5"), 1e-8);
        var expected = c.Series("variance_forecast");
        Close(Projection(c, path).InnovationVariance(expected.Length), expected, 1e-8);
        CheckCriteria(c, path.LogLikelihood, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Standard_errors_at_the_given_coefficients(string key)
    {
        var c = GarchOracle.Find(key);
        var onBound = OnBound(c);
        onBound.Contains(true).ShouldBe(!c.Expected.GetProperty("interior").GetBoolean());
        var errors = GarchStandardErrors.Compute(c.Specification, c.Sample, c.Coefficients, onBound);
        Close(errors.OuterProduct, c.Vector("se_opg"), 1e-3);
        if (CoarseReference.Contains(c.Id))
        {
            // Small steps instead: from the gradient, a millionth of the parameter, which no observation's kink lies within.
            double[] gradient = new double[c.Coefficients.Length], outer = new double[gradient.Length * gradient.Length];
            var derivatives = new GarchDerivatives(c.Specification, c.Sample);
            derivatives.Evaluate(c.Coefficients, gradient, new double[outer.Length], outer);
            var fine = NumericalDerivatives.HessianFromGradient((x, g) => derivatives.Evaluate(x, g, new double[outer.Length], []), c.Coefficients, 1e-6, new double[gradient.Length]);
            var expected = GarchStandardErrors.From(fine, outer, gradient.Length, onBound);
            Close(errors.Hessian, expected.Hessian, 1e-4);
            Close(errors.Robust, expected.Robust, 1e-4);
            return;
        }

        Close(errors.Hessian, c.Vector("se_hessian"), 1e-3);
        Close(errors.Robust, c.Vector("se_robust"), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Standard_errors_by_the_steps_of_the_reference(string key)
    {
        var c = GarchOracle.Find(key);
        if (!c.Expected.GetProperty("interior").GetBoolean()) return;
        var k = c.Specification.Count;
        double[] gradient = new double[k], hessian = new double[k * k], outer = new double[k * k];
        new GarchDerivatives(c.Specification, c.Sample).Evaluate(c.Coefficients, gradient, hessian, outer);
        var errors = GarchStandardErrors.From(ExtrapolatedHessian.Of(x => GarchRecursion.LogLikelihood(c.Specification, c.Sample, x), c.Coefficients), outer, k, []);
        Close(errors.Hessian, c.Vector("se_hessian"), 1e-5);
        Close(errors.Robust, c.Vector("se_robust"), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Own_optimum(string key)
    {
        var c = GarchOracle.Find(key);
        var fit = GarchEstimator.Fit(c.Specification, c.Sample, c.Id, TestContext.Current.CancellationToken);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.LogLikelihood.ShouldBeGreaterThan(c.Number("loglik") - 1e-3);
        fit.Interior.ShouldBe(c.Expected.GetProperty("interior").GetBoolean());
        Close(fit.Parameters, c.Coefficients, CoefficientTolerance(c));
        CheckCriteria(c, fit.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Published_digits_of_Fiorentini_Calzolari_and_Panattoni()
    {
        var c = GarchOracle.Find("fcp_benchmark");
        var published = c.Published.ShouldNotBeNull();
        var fit = GarchEstimator.Fit(c.Specification, c.Sample, c.Id, TestContext.Current.CancellationToken);
        var errors = GarchStandardErrors.Compute(c.Specification, c.Sample, fit.Parameters, fit.OnBound);
        Close(fit.Parameters, GarchCase.ReadVector(published.GetProperty("coef"), c.Specification.Names), 1e-5);
        Close(errors.Hessian, GarchCase.ReadVector(published.GetProperty("se_hessian"), c.Specification.Names), 1e-5);
        Close(errors.OuterProduct, GarchCase.ReadVector(published.GetProperty("se_opg"), c.Specification.Names), 1e-5);
        Close(errors.Robust, GarchCase.ReadVector(published.GetProperty("se_robust"), c.Specification.Names), 1e-5);
    }

    [Fact]
    public void Standard_errors_of_DAX_garch_std_agree_with_40_digit_arithmetic()
    {
        // Second differences of the likelihood in mpmath, 40 digits, relative steps 1e-10.
        var c = GarchOracle.Find("DAX_garch_std");
        var errors = GarchStandardErrors.Compute(c.Specification, c.Sample, c.Coefficients, []);
        Close(errors.Hessian, [0.018886319412236, 0.00872465807283722, 0.016328656861086, 0.0203697773040794, 0.814190098864326], 1e-10);
    }

    [Fact]
    public void A_second_ARCH_term_that_is_not_there_ends_on_its_bound()
    {
        var c = GarchOracle.Find("fcp_benchmark");
        var specification = new GarchSpecification(2, 1);
        var fit = GarchEstimator.Fit(specification, c.Sample, "dem2gbp", TestContext.Current.CancellationToken);
        fit.Converged.ShouldBeTrue(fit.Reason);
        fit.Interior.ShouldBeFalse();
        fit.OnBound.ShouldBe([false, false, false, true, false]);
        fit.Parameters[3].ShouldBe(0);
        double[] others = [.. fit.Parameters[..3], fit.Parameters[4]];
        Close(others, c.Coefficients, 1e-6);
        fit.LogLikelihood.ShouldBe(c.Number("loglik"), 1e-6);
        var errors = GarchStandardErrors.Compute(specification, c.Sample, fit.Parameters, fit.OnBound);
        errors.Robust[3].ShouldBe(double.NaN);
        double[] robust = [.. errors.Robust[..3], errors.Robust[4]];
        Close(robust, c.Vector("se_robust"), 1e-3);
    }

    /// <summary>IGARCH forecasts as the GARCH that it is.</summary>
    private static GarchProjection Projection(GarchCase c, GarchPath path) => new(c.Specification.Unrestricted, c.Specification.Expand(c.Coefficients), path, []);

    private static bool[] OnBound(GarchCase c) => [.. c.Vector("se_hessian").Select(double.IsNaN)];

    private static void CheckCriteria(GarchCase c, double logLikelihood, double tolerance)
    {
        var n = c.Sample.Observed;
        var criteria = GarchCriteria.Of(logLikelihood, c.Specification.Count, n);
        var checks = 0;
        foreach (var (key, value) in ((string, double)[])[
            ("aic", criteria.Aic), ("bic", criteria.Bic), ("hqic", criteria.Hqic),
            ("aic_per_obs", criteria.Aic / n), ("bic_per_obs", criteria.Bic / n), ("hqic_per_obs", criteria.Hqic / n)])
        {
            if (!c.Has(key)) continue;
            Close(value, c.Number(key), tolerance);
            checks++;
        }

        checks.ShouldBeGreaterThanOrEqualTo(3);
    }

    private static void Close(double[] actual, double[] expected, double relative)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++) Close(actual[i], expected[i], relative);
    }

    private static void Close(double actual, double expected, double relative)
    {
        if (double.IsNaN(expected)) actual.ShouldBe(double.NaN);
        else actual.ShouldBe(expected, Math.Max(relative * Math.Abs(expected), 1e-300));
    }
}
