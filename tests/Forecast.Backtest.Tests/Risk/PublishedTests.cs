using System.Globalization;
using Forecast.Backtest.Risk;
using Forecast.Core.Distributions;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>
/// The tests that arXiv 2501.01278 published, to their 3 decimals, from its published daily series. Its p-values were taken of the rounded
/// statistics (0.975 beside 0.001), so they are met by our chi-square laws of those.
/// </summary>
public class PublishedTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "reference", "var_lstm_mdn");

    public static TheoryData<string, string, string> Rows()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var row in Table("tests.csv")) data.Add(row["index"], row["period"], row["model"]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_statistic_is_the_published_one(string index, string period, string model)
    {
        var published = Table("tests.csv").Single(r => r["index"] == index && r["period"] == period && r["model"] == model);
        var days = Table($"var99_{index}_{period}.csv").ToArray();
        double[] returns = [.. days.Select(d => -Number(d["loss"]))];
        var tests = RiskTests.Of(RiskSeries.Of(model, returns, [.. days.Select(d => Number(d[$"var_{model}"]))]), 0.01);
        ((double)tests.Exceedances / tests.Days).ShouldBe(Number(published["exceedance_share"]), 0.0000051);
        Rounded(tests.KupiecPof.Statistic, "lr_uc");
        Rounded(tests.Independence.Statistic, "lr_ind");
        Rounded(tests.ConditionalCoverage.Sum, "lr_cc");
        Rounded(2 * NormalDistribution.Cdf(-Math.Sqrt(Number(published["lr_uc"]))), "p_uc");
        Rounded(2 * NormalDistribution.Cdf(-Math.Sqrt(Number(published["lr_ind"]))), "p_ind");
        Rounded(Math.Exp(-0.5 * Number(published["lr_cc"])), "p_cc");
        tests.KupiecPof.PValue.ShouldBe(Number(published["p_uc"]), 0.005);
        tests.Independence.PValue.ShouldBe(Number(published["p_ind"]), 0.005);
        tests.ConditionalCoverage.PSum.ShouldBe(Number(published["p_cc"]), 0.0015);

        void Rounded(double value, string column) => value.ShouldBe(Number(published[column]), 0.0005001, column);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<Dictionary<string, string>> Table(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name));
        var head = lines[0].Split(',');
        return lines.Skip(1).Where(l => l.Length > 0).Select(l => head.Zip(l.Split(',')).ToDictionary(p => p.First, p => p.Second));
    }
}
