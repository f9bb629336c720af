using Forecast.Core.Numerics;

namespace Forecast.Core.Tests.Numerics;

public class RandomSourceTests
{
    [Fact]
    public void Gives_the_test_vector_of_xoshiro256_plus_plus()
    {
        var random = new RandomSource(1, 2, 3, 4);
        ulong[] expected = [41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162, 14011001112246962877, 12406186145184390807, 15849039046786891736, 10450023813501588000];
        foreach (var number in expected) random.NextUInt64().ShouldBe(number);
    }

    [Fact]
    public void Fills_its_state_by_SplitMix64()
    {
        ulong seed = 1234567;
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        foreach (var number in expected) RandomSource.SplitMix(ref seed).ShouldBe(number);
        var random = new RandomSource(1);
        ulong[] first = [14971601782005023387, 13781649495232077965, 1847458086238483744, 13765271635752736470];
        foreach (var number in first) random.NextUInt64().ShouldBe(number);
    }

    [Fact]
    public void Uniform_draws_are_open_and_uniform()
    {
        var random = new RandomSource(3);
        var bins = new int[20];
        const int n = 200_000;
        for (var i = 0; i < n; i++)
        {
            var u = random.NextDouble();
            u.ShouldBeInRange(double.Epsilon, 1 - 1e-17);
            bins[(int)(u * bins.Length)]++;
        }

        var chi2 = bins.Sum(b => (b - (n / 20.0)) * (b - (n / 20.0)) / (n / 20.0));
        chi2.ShouldBeLessThan(50.8);  // 0.9999 quantile with 19 degrees of freedom
    }

    [Fact]
    public void Normal_draws_have_the_moments_of_the_normal_law()
    {
        var random = new RandomSource(4);
        const int n = 200_000;
        double s1 = 0, s2 = 0, s3 = 0, s4 = 0;
        for (var i = 0; i < n; i++)
        {
            var z = random.NextNormal();
            s1 += z;
            s2 += z * z;
            s3 += z * z * z;
            s4 += z * z * z * z;
        }

        // Four standard errors: sqrt of 1, 2, 15, 96 over n.
        (s1 / n).ShouldBe(0, 4 * Math.Sqrt(1.0 / n));
        (s2 / n).ShouldBe(1, 4 * Math.Sqrt(2.0 / n));
        (s3 / n).ShouldBe(0, 4 * Math.Sqrt(15.0 / n));
        (s4 / n).ShouldBe(3, 4 * Math.Sqrt(96.0 / n));
    }

    [Fact]
    public void Whole_draws_reach_every_number_below_the_limit_and_no_other()
    {
        var random = new RandomSource(5);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.NextInt(7)]++;
        counts.ShouldAllBe(c => Math.Abs(c - 10_000) < 400);
        random.NextInt(1).ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => random.NextInt(0));
    }

    [Fact]
    public void Equal_seeds_draw_alike_and_neighbours_do_not()
    {
        new RandomSource(9).NextUInt64().ShouldBe(new RandomSource(9).NextUInt64());
        var firsts = Enumerable.Range(0, 10_000).Select(s => new RandomSource((ulong)s).NextUInt64()).ToHashSet();
        firsts.Count.ShouldBe(10_000);
    }
}
