using Forecast.Core.Numerics;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Innovations;

public sealed class SkewedStudentTTests
{
    public static TheoryData<double, double> Laws => new() { { 0.6, 5 }, { 0.98, 8.1 }, { 1, 5 }, { 1.5, 4.5 }, { 2.5, 40 } };

    [Theory]
    [MemberData(nameof(Laws))]
    public void Moments_and_scores_agree_with_integrals_of_the_density(double skew, double shape)
    {
        var z = new SkewedStudentTInnovation(skew, shape);
        // The curvature of the density jumps at its mode, which bounds what the rule can do.
        Integral(z, _ => 1).ShouldBe(1, 1e-6);
        Integral(z, x => x).ShouldBe(0, 1e-6);
        Integral(z, x => x * x).ShouldBe(1, 1e-5);
        Integral(z, Math.Abs).ShouldBe(z.AbsoluteMean, 1e-6);
        if (shape > 6) Integral(z, x => x * x * x * x).ShouldBe(z.FourthMoment, 1e-5 * z.FourthMoment);
        Integral(z, x => x < 0 ? x * x : 0).ShouldBe(VarianceMoments.NegativeShare(z), 1e-9);
        VarianceMoments.PowerMoment(z, 0.3, 1.4).ShouldBe(Integral(z, x => Math.Pow(Math.Abs(x) - 0.3 * x, 1.4)), 1e-10);

        // ½E|Z - Z'| = ∫ F (1 - F).
        var half = HalfLine.Integrate(x => z.Cdf(x) * (1 - z.Cdf(x)) + z.Cdf(-x) * (1 - z.Cdf(-x)));
        foreach (var y in (double[])[-2.5, 0, 0.7])
            z.Crps(y).ShouldBe(Integral(z, x => Math.Abs(x - y)) - half, 1e-3, $"{y}");
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Quantiles_invert_the_cdf_whose_slope_is_the_density(double skew, double shape)
    {
        var z = new SkewedStudentTInnovation(skew, shape);
        foreach (var p in (double[])[1e-9, 0.001, 0.05, 0.3, 0.5, 0.9, 0.999])
        {
            var q = z.Quantile(p);
            z.Cdf(q).ShouldBe(p, 1e-12 * p + 1e-15);
            ((z.Cdf(q + 1e-5) - z.Cdf(q - 1e-5)) / 2e-5).ShouldBe(z.Density(q), 1e-8);
            if (p is < 0.001 or > 0.95) continue;

            // The mean below q: ∫_0^∞ (q - x) f(q - x) dx / p.
            z.LowerTailMean(p).ShouldBe(HalfLine.Integrate(x => (q - x) * z.Density(q - x)) / p, 1e-4);
        }

        z.LowerTailMean(1).ShouldBe(0);
        z.Quantile(0).ShouldBe(double.NegativeInfinity);
        z.Quantile(1).ShouldBe(double.PositiveInfinity);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Derivatives_agree_with_differences(double skew, double shape)
    {
        const double Step = 1e-5;
        InnovationDerivatives At(double z, double dSkew, double dShape) => new SkewedStudentTInnovation(skew + dSkew, shape + dShape).Differentiate(z);
        foreach (var z in (double[])[-3.1, -0.4, 0.25, 1.7])
        {
            var d = At(z, 0, 0);
            d.Value.ShouldBe(new SkewedStudentTInnovation(skew, shape).LogDensity(z), 1e-13);
            InnovationDerivatives up = At(z + Step, 0, 0), down = At(z - Step, 0, 0);
            Same(d.Z, up.Value, down.Value);
            Same(d.ZZ, up.Z, down.Z);
            (up, down) = (At(z, Step, 0), At(z, -Step, 0));
            Same(d.Skew, up.Value, down.Value);
            Same(d.ZSkew, up.Z, down.Z);
            Same(d.SkewSkew, up.Skew, down.Skew);
            Same(d.SkewShape, up.Shape, down.Shape);
            (up, down) = (At(z, 0, Step), At(z, 0, -Step));
            Same(d.Shape, up.Value, down.Value);
            Same(d.ZShape, up.Z, down.Z);
            Same(d.ShapeShape, up.Shape, down.Shape);
        }

        static void Same(double derivative, double up, double down) => derivative.ShouldBe((up - down) / (2 * Step), 1e-6 * (1 + Math.Abs(derivative)));
    }

    [Theory]
    [InlineData("std", 1, 4.2)]
    [InlineData("ged", 1, 1.3)]
    [InlineData("sstd", 0.8, 6)]
    public void The_mean_absolute_value_has_its_derivatives(string dist, double skew, double shape)
    {
        var kind = InnovationKinds.Parse(dist);
        double Mean(double dSkew, double dShape) => kind.Create(shape + dShape, skew + dSkew).AbsoluteMean;
        const double Step = 1e-3;
        var d = kind.Create(shape, skew).DifferentiateAbsoluteMean();
        d.Value.ShouldBe(Mean(0, 0));
        d.Shape.ShouldBe((Mean(0, Step) - Mean(0, -Step)) / (2 * Step), 1e-6);
        d.ShapeShape.ShouldBe((Mean(0, Step) - 2 * Mean(0, 0) + Mean(0, -Step)) / (Step * Step), 1e-6);
        if (dist != "sstd") return;
        d.Skew.ShouldBe((Mean(Step, 0) - Mean(-Step, 0)) / (2 * Step), 1e-6);
        d.SkewSkew.ShouldBe((Mean(Step, 0) - 2 * Mean(0, 0) + Mean(-Step, 0)) / (Step * Step), 1e-5);
        d.SkewShape.ShouldBe((Mean(Step, Step) - Mean(Step, -Step) - Mean(-Step, Step) + Mean(-Step, -Step)) / (4 * Step * Step), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Draws_follow_the_cdf(double skew, double shape)
    {
        var law = new SkewedStudentTInnovation(skew, shape);
        var random = new RandomSource(11);
        double[] draws = [.. Enumerable.Range(0, 20_000).Select(_ => law.Sample(random)).Order()];
        double distance = 0;
        for (var i = 0; i < draws.Length; i++)
            distance = Math.Max(distance, Math.Max(law.Cdf(draws[i]) - (double)i / draws.Length, (i + 1.0) / draws.Length - law.Cdf(draws[i])));
        distance.ShouldBeLessThan(1.95 / Math.Sqrt(draws.Length));
    }

    [Fact]
    public void Without_skewness_it_is_the_t_and_mirrored_it_is_its_inverse()
    {
        var symmetric = new SkewedStudentTInnovation(1, 6);
        var t = new StudentTInnovation(6);
        SkewedStudentTInnovation left = new(0.7, 6), right = new(1 / 0.7, 6);
        foreach (var z in (double[])[-2, -0.1, 0.4, 3])
        {
            symmetric.LogDensity(z).ShouldBe(t.LogDensity(z), 1e-13);
            symmetric.Crps(z).ShouldBe(t.Crps(z), 1e-13);
            left.LogDensity(z).ShouldBe(right.LogDensity(-z), 1e-12);
        }

        left.Quantile(0.01).ShouldBeLessThan(t.Quantile(0.01));
        left.Name.ShouldBe("sstd(0.7, 6)");
        Should.Throw<ArgumentOutOfRangeException>(() => new SkewedStudentTInnovation(0, 6));
        Should.Throw<ArgumentOutOfRangeException>(() => new SkewedStudentTInnovation(1, 2));
    }

    private static double Integral(SkewedStudentTInnovation z, Func<double, double> f) => HalfLine.Integrate(x => f(x) * z.Density(x) + f(-x) * z.Density(-x));
}
