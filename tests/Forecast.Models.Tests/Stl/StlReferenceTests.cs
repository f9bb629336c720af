using Forecast.Models.Stl;

namespace Forecast.Models.Tests.Stl;

/// <summary>
/// STL and MSTL against ets.json: 1e-6 of the series' standard deviation for the plain form (R), 1e-8 for the robust form
/// (the exact median).
/// </summary>
public class StlReferenceTests
{
    public static TheoryData<string, string> StlCases() => OracleFile.Cases("ets*.json", c => (string?)c["kind"] == "stl");

    public static TheoryData<string, string> MstlCases() => OracleFile.Cases("ets*.json", c => (string?)c["kind"] == "mstl");

    [Fact]
    public void The_repository_has_fourteen_stl_and_seven_mstl_cases()
    {
        StlCases().Count.ShouldBeGreaterThanOrEqualTo(14);
        MstlCases().Count.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Theory]
    [MemberData(nameof(StlCases))]
    public void Stl_components(string file, string id)
    {
        var c = OracleFile.Load(file, id);
        var (y, robust) = (c.Values, (bool)c.Case["input"]!["robust"]!);
        var settings = new StlSettings { Period = c.Period, SeasonalWindow = (int?)c.Case["input"]!["s_window"], Robust = robust };
        var stl = StlDecomposition.Of(y, settings, id);
        var sd = Sd(y);
        var exact = c.Expected["seasonal_exact_median"] is not null;
        var tolerance = (exact ? 1e-8 : 1e-6) * sd;
        Close(stl.Seasonal, OracleFile.Numbers(c.Expected[exact ? "seasonal_exact_median" : "seasonal"]), tolerance);
        Close(stl.Trend, OracleFile.Numbers(c.Expected[exact ? "trend_exact_median" : "trend"]), tolerance);
        if (robust)
            return; // remainder, strength and weights of the file carry R's median

        Close(stl.Remainder, OracleFile.Numbers(c.Expected["remainder_first12"]), 2 * tolerance);
        stl.SeasonalStrength.ShouldBe((double)c.Expected["strength"]!["seasonal"]!, 1e-6);
        stl.TrendStrength.ShouldBe((double)c.Expected["strength"]!["trend"]!, 1e-6);
        stl.Weights.ShouldAllBe(w => w == 1);
    }

    [Theory]
    [MemberData(nameof(MstlCases))]
    public void Mstl_components(string file, string id)
    {
        var c = OracleFile.Load(file, id);
        var mstl = MstlDecomposition.Of(c.Values, [c.Period], series: id);
        var tolerance = 1e-6 * Sd(c.Values);
        Close(mstl.Trend, OracleFile.Numbers(c.Expected["trend_first12"]), tolerance);
        Close(mstl.Seasonals.ShouldHaveSingleItem(), OracleFile.Numbers(c.Expected["seasonal_first12"]), tolerance);
        Close(mstl.Remainder, OracleFile.Numbers(c.Expected["remainder_first12"]), tolerance);
    }

    private static void Close(double[] actual, double[] expected, double tolerance)
    {
        expected.Length.ShouldBeGreaterThan(0);
        for (var t = 0; t < expected.Length; t++)
            actual[t].ShouldBe(expected[t], tolerance, $"row {t}");
    }

    private static double Sd(double[] y)
    {
        var mean = y.Average();
        return Math.Sqrt(y.Sum(v => (v - mean) * (v - mean)) / (y.Length - 1));
    }
}
