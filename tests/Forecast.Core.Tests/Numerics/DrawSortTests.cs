using Forecast.Core.Numerics;

namespace Forecast.Core.Tests.Numerics;

public sealed class DrawSortTests
{
    public static TheoryData<string> Shapes => [.. Makers.Keys];

    private static Dictionary<string, Func<RandomSource, int, double>> Makers { get; } = new(StringComparer.Ordinal)
    {
        ["normal"] = (r, _) => r.NextNormal(),
        ["uniform of one sign"] = (r, _) => 1 + r.NextDouble(),
        ["heavy tails"] = (r, _) => Math.Tan(Math.PI * (r.NextDouble() - 0.5)),
        ["a wide range"] = (r, _) => Math.Exp(600 * r.NextNormal() / 4),
        ["large and hardly different"] = (r, _) => 1e9 + (1e-3 * r.NextNormal()),
        ["many equal"] = (r, _) => r.NextInt(5),
        ["all equal"] = (_, _) => 3.5,
        ["an outlier hides the rest"] = (r, i) => i == 77 ? -1e300 : 5 + (1e-12 * r.NextDouble()),
        ["falling"] = (_, i) => -i,
        ["smallest numbers"] = (r, _) => r.NextInt(1000) * double.Epsilon * (r.NextInt(2) == 0 ? 1 : -1),
        ["infinite ends"] = (r, i) => i switch { 5 => double.PositiveInfinity, 9 => double.NegativeInfinity, _ => r.NextNormal() },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_gives_what_the_library_gives(string shape)
    {
        foreach (var count in (int[])[1, 2, 1023, 1024, 1025, 10_000])
        {
            var random = new RandomSource(3);
            double[] values = [.. Enumerable.Range(0, count).Select(i => Makers[shape](random, i))];
            var expected = (double[])values.Clone();
            Array.Sort(expected);
            DrawSort.Ascending(values);
            values.ShouldBe(expected);
        }
    }

    [Fact]
    public void Numbers_that_are_none_come_to_an_end()
    {
        var random = new RandomSource(3);
        double[] values = [.. Enumerable.Range(0, 2000).Select(_ => random.NextNormal())];
        values[1234] = double.NaN;
        DrawSort.Ascending(values);
        (double.IsNaN(values[0]) || double.IsNaN(values[^1])).ShouldBeTrue();
    }

    [Fact]
    public void Many_normal_draws_are_the_single_ones()
    {
        foreach (var count in (int[])[0, 1, 3, 255, 256, 257, 100_000])
        {
            RandomSource one = new(5), many = new(5);
            var draws = new double[count];
            many.FillNormal(draws);
            draws.ShouldBe([.. Enumerable.Range(0, count).Select(_ => one.NextNormal())]);
            many.NextUInt64().ShouldBe(one.NextUInt64());
        }

        // Levels that uniform draws hardly ever reach, and a run without a central one.
        double[] levels = [.. Enumerable.Range(0, 300).Select(i => Math.Pow(10, -1 - (i / 3.0))), .. Enumerable.Range(1, 40).Select(i => 1 - Math.Pow(2, -i - 3))];
        double[] expected = [.. levels.Select(Core.Distributions.NormalDistribution.Quantile)];
        Core.Distributions.NormalQuantile.Replace(levels);
        levels.ShouldBe(expected);
    }
}
