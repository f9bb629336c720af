using System.Text.Json.Nodes;
using Forecast.Models.UnitRoots;

namespace Forecast.Models.Tests.UnitRoots;

/// <summary>Every case of unitroot.json (R's urca, tseries and forecast), statistics to 1e-6 relative.</summary>
public class UnitRootReferenceTests
{
    public static TheoryData<string, string> Cases() => OracleFile.Cases("unitroot*.json");

    [Fact]
    public void The_repository_has_twenty_eight_cases() => Cases().Count.ShouldBeGreaterThanOrEqualTo(28);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kpss(string file, string id)
    {
        var (c, x) = Load(file, id);
        var n = x.Length;
        foreach (var (key, trend, lags) in new[]
        {
            ("urca_kpss_mu_short", false, default(int?)), ("urca_kpss_tau_short", true, null), ("urca_kpss_mu_long", false, (int)(12 * Math.Pow(n / 100.0, 0.25))),
            ("urca_kpss_mu_forecast_lag", false, (int)(3 * Math.Sqrt(n) / 13)), ("tseries_kpss_level", false, null), ("tseries_kpss_trend", true, null),
        })
        {
            if (c.Expected[key] is not { } expected)
                continue;
            var test = KpssTest.Of(x, trend, lags).ShouldNotBeNull(key);
            test.Lags.ShouldBe((int)(expected["lags"] ?? expected["lag"])!, key);
            Near(test.Statistic, expected["stat"], key);
            if (expected["p_value"] is { } p)
                test.PValue.ShouldBe((double)p, 1e-6, key);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Dickey_Fuller(string file, string id)
    {
        var (c, x) = Load(file, id);
        foreach (var (key, terms, choice) in new[]
        {
            ("urca_adf_none_1", Deterministic.None, LagChoice.Fixed), ("urca_adf_drift_1", Deterministic.Constant, LagChoice.Fixed),
            ("urca_adf_trend_1", Deterministic.Trend, LagChoice.Fixed), ("urca_adf_drift_aic", Deterministic.Constant, LagChoice.Aic),
            ("urca_adf_trend_bic", Deterministic.Trend, LagChoice.Bic),
        })
        {
            if (c.Expected[key] is not { } expected)
                continue;

            // urca reports the largest lag even where it chose a smaller one; the statistic shows the choice.
            var test = DickeyFullerTest.Of(x, terms, (int)expected["lags"]!, choice).ShouldNotBeNull(key);
            var statistics = OracleFile.Numbers(expected["stat"]);
            Near(test.Statistic, statistics[0], key);
            test.JointStatistics.Count.ShouldBe(statistics.Length - 1);
            for (var i = 1; i < statistics.Length; i++)
                Near(test.JointStatistics[i - 1], statistics[i], key);
            if (expected["cval_tau"] is { } critical)
                DickeyFullerTest.Critical(terms, x.Length - 1).ShouldBe(OracleFile.Numbers(critical));
        }

        if (c.Expected["tseries_adf_trend"] is { } whole)
        {
            var test = DickeyFullerTest.Of(x, Deterministic.Trend, (int)whole["lag"]!).ShouldNotBeNull();
            Near(test.Statistic, whole["stat"], "tseries");
            test.TrendPValue.ShouldBe((double)whole["p_value"]!, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Phillips_Perron(string file, string id)
    {
        var (c, x) = Load(file, id);
        var expected = c.Expected["tseries_pp"].ShouldNotBeNull();
        var test = PhillipsPerronTest.Of(x, withTrend: true).ShouldNotBeNull();
        test.Lags.ShouldBe((int)expected["lag"]!);
        Near(test.ZAlpha, expected["stat"], "Z(alpha)");
        test.AlphaPValue.ShouldBe((double)expected["p_value"]!, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Differences(string file, string id)
    {
        var c = OracleFile.Load(file, id);
        var x = c.Values;
        DifferencingOrder.Plain(x).ShouldBe((int)c.Expected["ndiffs_kpss"]!, "kpss");
        DifferencingOrder.Plain(x, UnitRootTest.Adf).ShouldBe((int)c.Expected["ndiffs_adf"]!, "adf");
        DifferencingOrder.Plain(x, UnitRootTest.Pp).ShouldBe((int)c.Expected["ndiffs_pp"]!, "pp");
        DifferencingOrder.Plain(x, aroundTrend: true).ShouldBe((int)c.Expected["ndiffs_kpss_trend"]!, "kpss with trend");
        if (c.Expected["nsdiffs_seas"] is { } strength)
            DifferencingOrder.Seasonal(x, c.Period).ShouldBe((int)strength, "seasonal strength");
        if (c.Expected["nsdiffs_ocsb"] is { } ocsb)
            DifferencingOrder.Seasonal(x, c.Period, SeasonalRootTest.Ocsb).ShouldBe((int)ocsb, "ocsb");
    }

    private static (OracleFile Case, double[] Values) Load(string file, string id)
    {
        var c = OracleFile.Load(file, id);
        return (c, [.. c.Values.Where(v => !double.IsNaN(v))]);
    }

    private static void Near(double actual, JsonNode? expected, string what) => Near(actual, (double)expected!, what);

    private static void Near(double actual, double expected, string what) => actual.ShouldBe(expected, 1e-6 * Math.Abs(expected), what);
}
