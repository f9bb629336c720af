using Forecast.Models.Decomposition;

namespace Forecast.Models.Tests.Decomposition;

public sealed class ClassicalDecompositionTests
{
    public static TheoryData<string, string> Cases => ClassicalCase.Of("ets*.json", "classical_decomposition");

    [Fact]
    public void The_repository_has_seven_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(7);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Figure_and_trend_are_R_s(string file, string id)
    {
        var c = ClassicalCase.Load(file, id);
        var multiplicative = string.Equals((string?)c.Input!["type"], "multiplicative", StringComparison.Ordinal);
        var parts = ClassicalDecomposition.Of(c.Values, c.Period, multiplicative);
        Near(parts.Figure, c.Vector("figure"));
        Near(parts.Trend, c.Vector("trend"));
    }

    [Fact]
    public void Additive_seasons_sum_to_zero_and_an_odd_period_takes_a_plain_average()
    {
        double[] y = [.. Enumerable.Range(0, 21).Select(t => t + new[] { -1.0, 0, 1 }[t % 3])];
        var parts = ClassicalDecomposition.Of(y, 3, multiplicative: false);
        Near(parts.Figure, [-1, 0, 1]);
        parts.Trend[10].ShouldBe(10, 1e-12);
        double.IsNaN(parts.Trend[0]).ShouldBeTrue();
    }

    [Fact]
    public void Less_than_two_periods_are_refused() =>
        Should.Throw<ArgumentException>(() => ClassicalDecomposition.Of(new double[7], 4, multiplicative: false));

    private static void Near(double[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            double.IsNaN(actual[i]).ShouldBe(double.IsNaN(expected[i]), $"row {i}");
            if (!double.IsNaN(expected[i])) actual[i].ShouldBe(expected[i], 1e-10 * Math.Max(1, Math.Abs(expected[i])), $"row {i}");
        }
    }
}
