using Forecast.Models.Arima;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Garch;

public sealed class GarchDerivativesTests
{
    public static TheoryData<string, string, int, int, int, int, bool, bool> Structures => new()
    {
        { "garch", "norm", 1, 1, 0, 0, true, false },
        { "garch", "std", 1, 1, 1, 1, true, false },
        { "garch", "ged", 2, 2, 0, 0, true, false },
        { "garch", "std", 2, 1, 2, 1, true, true },
        { "garch", "norm", 3, 0, 0, 2, true, true },
        { "garch", "norm", 1, 2, 1, 0, false, true },
        { "garch", "ged", 1, 1, 1, 1, true, true },
        { "garch", "sstd", 1, 1, 1, 0, true, true },
        { "gjr", "norm", 1, 1, 0, 0, true, false },
        { "gjr", "sstd", 2, 1, 1, 1, true, true },
        { "gjr", "ged", 1, 2, 0, 0, false, true },
        { "egarch", "norm", 1, 1, 0, 0, true, false },
        { "egarch", "std", 2, 2, 1, 0, true, true },
        { "egarch", "ged", 1, 1, 0, 0, false, false },
        { "egarch", "sstd", 1, 1, 0, 1, true, true },
        { "aparch", "norm", 1, 1, 0, 0, true, false },
        { "aparch", "std", 2, 1, 1, 1, true, true },
        { "aparch", "sstd", 1, 2, 0, 0, false, true },
        { "igarch", "norm", 1, 1, 0, 0, true, false },
        { "igarch", "sstd", 2, 2, 1, 0, true, true },
        { "figarch", "norm", 1, 1, 0, 0, true, false },
        { "figarch", "std", 1, 1, 1, 1, true, true },
        { "figarch", "sstd", 0, 1, 0, 0, true, true },
        { "figarch", "ged", 1, 0, 0, 0, false, false },
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void Agree_with_differences_of_the_filter(string family, string dist, int arch, int garch, int ar, int ma, bool mean, bool gaps)
    {
        var (specification, theta, sample) = Setup(family, dist, arch, garch, ar, ma, mean, gaps);
        var k = specification.Count;
        double[] gradient = new double[k], hessian = new double[k * k], outer = new double[k * k], scratch = new double[k * k];
        var derivatives = new GarchDerivatives(specification, sample);
        var value = derivatives.Evaluate(theta, gradient, hessian, outer);
        value.ShouldBe(GarchRecursion.LogLikelihood(specification, sample, theta), 1e-11 * Math.Abs(value));

        var numeric = new double[k];
        for (var i = 0; i < k; i++)
        {
            var h = 1e-5 * Math.Abs(theta[i]);
            double[] up = (double[])theta.Clone(), down = (double[])theta.Clone();
            up[i] += h;
            down[i] -= h;
            numeric[i] = (GarchRecursion.LogLikelihood(specification, sample, up) - GarchRecursion.LogLikelihood(specification, sample, down)) / (up[i] - down[i]);
            gradient[i].ShouldBe(numeric[i], 1e-6 * (1 + Math.Abs(numeric[i])) + 1e-8 / h * 1e-5, specification.Names[i]);

            double[] gUp = new double[k], gDown = new double[k];
            derivatives.Evaluate(up, gUp, scratch, []);
            derivatives.Evaluate(down, gDown, scratch, []);
            for (var j = 0; j < k; j++)
            {
                var expected = (gUp[j] - gDown[j]) / (up[i] - down[i]);
                var scale = Math.Sqrt(Math.Abs(hessian[i * k + i] * hessian[j * k + j]));
                hessian[i * k + j].ShouldBe(expected, 1e-5 * (scale + Math.Abs(expected)), $"{specification.Names[i]},{specification.Names[j]}");
                hessian[i * k + j].ShouldBe(hessian[j * k + i], 1e-12 * scale);
            }
        }
    }

    public static TheoryData<string, string, bool> Fast
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var family in (string[])["garch", "gjr", "egarch", "aparch", "igarch"])
                foreach (var dist in (string[])["norm", "std", "ged"])
                    foreach (var mean in (bool[])[true, false]) data.Add(family, dist, mean);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Fast))]
    public void Fast_kernel_equals_the_plain_recursion(string family, string dist, bool mean)
    {
        var specification = new GarchSpecification(1, 1, InnovationKinds.Parse(dist), mean, family: Enum.Parse<VarianceFamily>(family, ignoreCase: true));
        var sample = GarchOracle.Find("fcp_benchmark").Sample;
        var k = specification.Count;
        FastLikelihood.For(specification, sample).ShouldNotBeNull();
        var fast = new GarchLikelihood(specification, sample);
        var plain = new GarchDerivatives(specification, sample);
        double[] g1 = new double[k], h1 = new double[k * k], g2 = new double[k], h2 = new double[k * k];
        foreach (var (omega, alpha, beta, shape) in ((double, double, double, double)[])[(0.01, 0.15, 0.8, 4.1), (0.05, 0.3, 0.1, 9), (0.002, 0.12, 0.89, 1.2), (0.2, 0, 0, 1.6)])
        {
            if (dist == "std" && shape < 2) continue;
            var theta = new double[k];
            if (mean) theta[0] = 0.01;
            theta[specification.OmegaIndex] = omega;
            theta[specification.AlphaIndex] = alpha;
            if (specification.BetaCount > 0) theta[specification.BetaIndex] = beta;
            if (specification.IsAsymmetric) theta[specification.GammaIndex] = 0.3 * alpha;
            if (specification.Family == VarianceFamily.Aparch) theta[specification.DeltaIndex] = 1 + beta;
            if (specification.HasShape) theta[specification.ShapeIndex] = shape;
            var value = fast.Differentiate(theta, g1, h1);
            var expected = plain.Evaluate(theta, g2, h2, []);
            value.ShouldBe(expected, 1e-12 * Math.Abs(expected));
            fast.Value(theta).ShouldBe(expected, 1e-12 * Math.Abs(expected));
            GarchRecursion.LogLikelihood(specification, sample, theta).ShouldBe(expected, 1e-12 * Math.Abs(expected));
            var norm = g2.Max(Math.Abs);
            for (var i = 0; i < k; i++)
            {
                g1[i].ShouldBe(g2[i], 1e-12 * norm);
                for (var j = 0; j < k; j++)
                {
                    var scale = Math.Sqrt(Math.Abs(h2[i * k + i] * h2[j * k + j]));
                    h1[i * k + j].ShouldBe(h2[i * k + j], 1e-11 * (scale + Math.Abs(h2[i * k + j])) + 1e-12, $"{i},{j}");
                }
            }
        }
    }

    [Fact]
    public void An_explosive_variance_is_not_a_number_in_both_implementations()
    {
        var specification = new GarchSpecification(1, 1);
        var sample = GarchOracle.Find("fcp_benchmark").Sample;
        double[] theta = [0, 0.1, 2, 3], g = new double[4], h = new double[16];
        double.IsFinite(new GarchLikelihood(specification, sample).Value(theta)).ShouldBeFalse();
        double.IsFinite(new GarchDerivatives(specification, sample).Evaluate(theta, g, h, [])).ShouldBeFalse();
    }

    [Fact]
    public void Partial_autocorrelations_map_to_coefficients_with_their_Jacobian()
    {
        double[] r = [0.6, -0.3, 0.2, 0.9], phi = new double[4], jacobian = new double[16], plain = new double[4], moved = new double[4];
        ArmaStability.ToCoefficients(r, phi, jacobian);
        PartialAutocorrelation.ToCoefficients(r, plain);
        for (var i = 0; i < 4; i++) phi[i].ShouldBe(plain[i], 1e-15);
        for (var j = 0; j < 4; j++)
        {
            var shifted = (double[])r.Clone();
            shifted[j] += 1e-6;
            ArmaStability.ToCoefficients(shifted, moved, new double[16]);
            for (var i = 0; i < 4; i++) ((moved[i] - phi[i]) / 1e-6).ShouldBe(jacobian[i * 4 + j], 1e-5);
        }
    }

    private static (GarchSpecification Specification, double[] Theta, GarchSample Sample) Setup(
        string family, string dist, int arch, int garch, int ar, int ma, bool mean, bool gaps)
    {
        var specification = new GarchSpecification(arch, garch, InnovationKinds.Parse(dist), mean, ar, ma, Enum.Parse<VarianceFamily>(family, ignoreCase: true));
        var theta = GarchSimulator.Parameters(specification);
        var values = GarchSimulator.Draw(specification, theta, 150, 3);
        return (specification, theta, new GarchSample(gaps ? GarchSimulator.WithGaps(values, 12, 5) : values));
    }
}
