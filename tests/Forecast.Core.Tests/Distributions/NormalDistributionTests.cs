using Forecast.Core.Distributions;
using FsCheck;
using FsCheck.Fluent;

namespace Forecast.Core.Tests.Distributions;

public class NormalDistributionTests
{
    // 20 digits by arbitrary-precision arithmetic at exactly these doubles.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.69146246127401310364)]
    [InlineData(-0.5, 0.30853753872598689636)]
    [InlineData(1, 0.84134474606854294859)]
    [InlineData(-1, 0.15865525393145705141)]
    [InlineData(1.959963984540054, 0.97499999999999998912)]
    [InlineData(-2.3263478740408408, 0.010000000000000009153)]
    [InlineData(3, 0.99865010196836990547)]
    [InlineData(-3, 0.0013498980316300945267)]
    [InlineData(-5, 2.8665157187919391167e-7)]
    [InlineData(-8.25, 7.919726314642477341e-17)]
    [InlineData(-10, 7.619853024160526066e-24)]
    [InlineData(-15.5, 1.7344607917938700513e-54)]
    [InlineData(-20, 2.7536241186062336951e-89)]
    [InlineData(-30, 4.9067139271481870595e-198)]
    [InlineData(-37.5, 4.6053530095819548438e-308)]
    [InlineData(8, 0.9999999999999993779)]
    public void Cdf_has_full_relative_accuracy_in_the_tail(double z, double expected) =>
        NormalDistribution.Cdf(z).ShouldBe(expected, 1e-15 * expected);

    [Theory]
    [InlineData(1e-300, -37.047096299361199237)]
    [InlineData(1e-100, -21.273453560965324294)]
    [InlineData(1e-20, -9.2623400897984075796)]
    [InlineData(1e-10, -6.3613409024040561991)]
    [InlineData(1e-6, -4.7534243088228989573)]
    [InlineData(0.001, -3.0902323061678135354)]
    [InlineData(0.01, -2.3263478740408410931)]
    [InlineData(0.025, -1.9599639845400542118)]
    [InlineData(0.05, -1.644853626951472688)]
    [InlineData(0.075, -1.4395314709384559349)]
    [InlineData(0.1, -1.2815515655446004353)]
    [InlineData(0.25, -0.6744897501960817432)]
    [InlineData(0.4, -0.25334710313579974132)]
    [InlineData(0.975, 1.9599639845400538556)]
    [InlineData(0.99, 2.3263478740408407676)]
    [InlineData(0.999999, 4.7534243088170877657)]
    public void Quantile_has_full_relative_accuracy(double p, double expected) =>
        NormalDistribution.Quantile(p).ShouldBe(expected, 1e-15 * Math.Abs(expected));

    [Fact]
    public void The_limits_are_0_and_1_and_not_a_number_stays_so()
    {
        NormalDistribution.Cdf(double.NegativeInfinity).ShouldBe(0);
        NormalDistribution.Cdf(double.PositiveInfinity).ShouldBe(1);
        NormalDistribution.Cdf(-40).ShouldBe(0);
        NormalDistribution.Cdf(double.NaN).ShouldBe(double.NaN);
        NormalDistribution.Density(double.PositiveInfinity).ShouldBe(0);
        NormalDistribution.Density(1e200).ShouldBe(0);
        NormalDistribution.Quantile(0.5).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_level_outside_the_open_interval_is_refused(double p) =>
        Should.Throw<ArgumentOutOfRangeException>(() => NormalDistribution.Quantile(p));

    [Fact]
    public void Quantile_and_cdf_undo_each_other_and_never_turn_back()
    {
        Prop.ForAll(Gen.Choose(1, 999_999).ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (numerator, power) =>
        {
            var p = numerator / 1e6 * Math.Pow(2, -power);
            var z = NormalDistribution.Quantile(p);
            var again = NormalDistribution.Cdf(z);
            return Math.Abs(again - p) <= 4e-15 * p * Math.Max(1, z * z) && NormalDistribution.Cdf(z + 1e-6) > again;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Lower_tail_mean_is_the_average_quantile_of_the_tail(double p)
    {
        // Midpoints in s of p s^2: the substitution tames the singularity at 0.
        const int n = 200_000;
        double sum = 0;
        for (var i = 0; i < n; i++)
        {
            var s = (i + 0.5) / n;
            sum += NormalDistribution.Quantile(p * s * s) * 2 * s;
        }

        NormalDistribution.Standard.LowerTailMean(p).ShouldBe(sum / n, 1e-8);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(-1.3)]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(4)]
    public void Crps_is_the_integral_of_the_squared_distance_of_distribution_functions(double y)
    {
        var integral = Simpson(-40, y, x => Square(NormalDistribution.Cdf(x))) + Simpson(y, 40, x => Square(1 - NormalDistribution.Cdf(x)));
        NormalDistribution.Standard.Crps(y).ShouldBe(integral, 1e-10);
    }

    internal static double Simpson(double a, double b, Func<double, double> f)
    {
        const int n = 20_000;
        var h = (b - a) / n;
        var sum = f(a) + f(b);
        for (var i = 1; i < n; i++) sum += f(a + (i * h)) * (i % 2 == 0 ? 2 : 4);
        return sum * h / 3;
    }

    private static double Square(double x) => x * x;
}
