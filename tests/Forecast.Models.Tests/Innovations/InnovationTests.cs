using Forecast.Core;
using Forecast.Core.Numerics;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Innovations;

public sealed class InnovationTests
{
    public static TheoryData<string, double> Laws => new()
    {
        { "norm", double.NaN }, { "std", 2.3 }, { "std", 5 }, { "std", 80 }, { "ged", 0.8 }, { "ged", 1.3 }, { "ged", 2 }, { "ged", 4 },
    };

    [Theory]
    [MemberData(nameof(Laws))]
    public void Derivatives_agree_with_differences(string dist, double shape)
    {
        var kind = InnovationKinds.Parse(dist);
        var law = kind.Create(shape);
        const double Step = 1e-5;
        foreach (var z in (double[])[-3.1, -0.4, 0.2, 1.7])
        {
            var d = law.Differentiate(z);
            InnovationDerivatives up = law.Differentiate(z + Step), down = law.Differentiate(z - Step);
            d.Value.ShouldBe(law.LogDensity(z), 1e-13);
            d.Z.ShouldBe((up.Value - down.Value) / (2 * Step), 1e-7 * (1 + Math.Abs(d.Z)));
            d.ZZ.ShouldBe((up.Z - down.Z) / (2 * Step), 1e-7 * (1 + Math.Abs(d.ZZ)));
            if (!kind.HasShape()) continue;
            InnovationDerivatives more = kind.Create(shape + Step).Differentiate(z), less = kind.Create(shape - Step).Differentiate(z);
            d.Shape.ShouldBe((more.Value - less.Value) / (2 * Step), 1e-6 * (1 + Math.Abs(d.Shape)));
            d.ShapeShape.ShouldBe((more.Shape - less.Shape) / (2 * Step), 1e-6 * (1 + Math.Abs(d.ShapeShape)));
            d.ZShape.ShouldBe((more.Z - less.Z) / (2 * Step), 1e-6 * (1 + Math.Abs(d.ZShape)));
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Quantile_inverts_the_cdf_from_the_far_tail_to_the_centre(string dist, double shape)
    {
        var law = InnovationKinds.Parse(dist).Create(shape);
        foreach (var p in (double[])[1e-12, 1e-6, 0.001, 0.05, 0.25, 0.299, 0.301, 0.45, 0.499999, 0.5])
        {
            law.Cdf(law.Quantile(p)).ShouldBe(p, 1e-12 * p);
            if (p > 1e-4) law.Quantile(1 - p).ShouldBe(-law.Quantile(p), 1e-9 * (1 + Math.Abs(law.Quantile(p))));
        }

        law.Quantile(0).ShouldBe(double.NegativeInfinity);
        law.Quantile(1).ShouldBe(double.PositiveInfinity);
        Should.Throw<ArgumentOutOfRangeException>(() => law.Quantile(1.1));
        Should.Throw<ArgumentOutOfRangeException>(() => law.Quantile(double.NaN));
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Density_is_the_slope_of_the_cdf(string dist, double shape)
    {
        var law = InnovationKinds.Parse(dist).Create(shape);
        foreach (var z in (double[])[-4, -0.9, 0.3, 2.2])
            ((law.Cdf(z + 1e-5) - law.Cdf(z - 1e-5)) / 2e-5).ShouldBe(law.Density(z), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Draws_follow_the_cdf(string dist, double shape)
    {
        // Kolmogorov's statistic of 20000 draws: above 1.95 / sqrt(n) once in a thousand seeds.
        var law = InnovationKinds.Parse(dist).Create(shape);
        var random = new RandomSource(11);
        var draws = new double[20_000];
        for (var i = 0; i < draws.Length; i++) draws[i] = law.Sample(random);
        Array.Sort(draws);
        double distance = 0;
        for (var i = 0; i < draws.Length; i++)
        {
            var cdf = law.Cdf(draws[i]);
            distance = Math.Max(distance, Math.Max(cdf - (double)i / draws.Length, (i + 1.0) / draws.Length - cdf));
        }

        distance.ShouldBeLessThan(1.95 / Math.Sqrt(draws.Length));
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Variance_is_one(string dist, double shape)
    {
        // E Z² = ∫_0^1 Quantile(p)² dp, by the midpoint rule after p = s³ (10 - 15 s + 6 s²), which tames both ends.
        if (dist == "std" && shape < 4) return;
        var law = InnovationKinds.Parse(dist).Create(shape);
        const int N = 4000;
        double sum = 0;
        for (var i = 0; i < N / 2; i++)
        {
            var s = (i + 0.5) / N;
            var q = law.Quantile(s * s * s * (10 - 15 * s + 6 * s * s));
            sum += 2 * q * q * 30 * s * s * (1 - s) * (1 - s) / N;
        }

        sum.ShouldBe(1, 1e-4);
    }

    [Fact]
    public void Words_are_read_and_others_refused()
    {
        InnovationKinds.Parse("norm").ShouldBe(InnovationKind.Normal);
        InnovationKinds.Parse("normal").ShouldBe(InnovationKind.Normal);
        InnovationKinds.Parse("t").ShouldBe(InnovationKind.StudentT);
        InnovationKinds.Parse("ged").ShouldBe(InnovationKind.Ged);
        Should.Throw<ForecastException>(() => InnovationKinds.Parse("cauchy")).Field.ShouldBe("dist");
        Should.Throw<ArgumentOutOfRangeException>(() => new StudentTInnovation(2));
        Should.Throw<ArgumentOutOfRangeException>(() => new GedInnovation(0));
    }

    [Fact]
    public void Student_t_nears_the_normal_and_the_normal_is_the_ged_of_two()
    {
        var t = new StudentTInnovation(1e7);
        var ged = new GedInnovation(2);
        var normal = NormalInnovation.Instance;
        foreach (var z in (double[])[0.1, 1, 3])
        {
            t.LogDensity(z).ShouldBe(normal.LogDensity(z), 1e-5);
            t.Cdf(-z).ShouldBe(normal.Cdf(-z), 1e-6);
            ged.LogDensity(z).ShouldBe(normal.LogDensity(z), 1e-14);
        }

        new StudentTInnovation(5).FourthMoment.ShouldBe(9);
        new StudentTInnovation(4).FourthMoment.ShouldBe(double.PositiveInfinity);
        new GedInnovation(1).FourthMoment.ShouldBe(6, 1e-12);
    }
}
