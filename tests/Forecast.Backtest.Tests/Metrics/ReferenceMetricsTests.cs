using System.Text.Json;
using Forecast.Backtest.Metrics;

namespace Forecast.Backtest.Tests.Metrics;

/// <summary>
/// Every number of every oracle case at 1e-10 relative. An expected key that no computation answers fails the test, so that a new
/// case can't pass unread.
/// </summary>
public class ReferenceMetricsTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-10;

    private readonly Dictionary<string, double[]> _computed = new(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(ReferenceCases.All), MemberType = typeof(ReferenceCases))]
    public void Every_expected_number_is_met(string file, string id)
    {
        var (one, series) = ReferenceCases.Load(file, id);
        Compute(one, series);
        var worst = Compare(one.GetProperty("expected"), "");
        output.WriteLine($"{id}: worst relative deviation {worst:e2}");
    }

    private void Compute(JsonElement one, JsonElement series)
    {
        var input = one.GetProperty("input");
        switch (one.GetProperty("kind").GetString())
        {
            case "point" when one.TryGetProperty("series", out var name):
                PointOfSeries(series.GetProperty(name.GetString()!).GetProperty("values").Numbers(), input, one.GetProperty("expected"));
                break;
            case "point":
                Point("", input.GetProperty("train").Numbers(), input.GetProperty("actual").Numbers(), input.GetProperty("forecast").Numbers(), input.GetProperty("period").GetInt32());
                break;
            case "owa":
                OverallOfSet(one.GetProperty("series"), series, input.GetProperty("note").GetString()!);
                break;
            case "pinball":
                Put("/loss_by_level", [.. input.GetProperty("levels").Numbers().SelectMany(p => input.GetProperty("actual").Numbers()
                    .Zip(input.GetProperty("quantile_forecast").Numbers(), (y, q) => QuantileMetrics.Pinball(y, q, p)))]);
                break;
            case "interval":
                Put("/each", Winkler(input.GetProperty("actual").Numbers(), input.GetProperty("lower").Numbers(), input.GetProperty("upper").Numbers(), input.GetProperty("alpha").GetDouble()));
                break;
            case "quantiles":
                Quantiles(input);
                break;
            case "crps_sample":
                Put("/crps_sample", Crps.Sample(input.GetProperty("actual").GetDouble(), input.GetProperty("samples").Numbers()));
                Put("/scoringRules_crps_sample", _computed["/crps_sample"]);
                Put("/crps_fair", Crps.FairSample(input.GetProperty("actual").GetDouble(), input.GetProperty("samples").Numbers()));
                break;
            case "crps_closed":
                ClosedForm(input);
                break;
            case "diebold_mariano":
                Comparison(input);
                break;
            case "package_table":
                PackageTable(series.GetProperty(one.GetProperty("series").GetString()!), input, one.GetProperty("expected").GetProperty("columns"));
                break;
            case "diagnostics":
                Diagnostics(series.GetProperty(one.GetProperty("series").GetString()!).GetProperty("values").Numbers());
                break;
            default:
                Assert.Fail($"no check for cases of kind '{one.GetProperty("kind").GetString()}'");
                break;
        }
    }

    private void PointOfSeries(double[] values, JsonElement input, JsonElement expected)
    {
        int h = input.GetProperty("h").GetInt32(), period = input.GetProperty("period").GetInt32();
        double[] train = values[..^h], actual = values[^h..];
        double[] seasonalNaive = SeasonalNaive(train, period, h), naive2 = Naive2.Forecast(train, period, h), mean = [.. Enumerable.Repeat(train.Average(), h)];
        Put("/seasonal_naive/forecast", seasonalNaive);
        Put("/naive2/forecast", naive2);
        Put("/naive2/seasonal", Naive2.IsSeasonal(train, period) ? 1 : 0);
        Put("/train_mean/forecast_value", mean[0]);
        foreach (var (name, forecast) in new[] { ("seasonal_naive", seasonalNaive), ("naive2", naive2), ("train_mean", mean) })
        {
            Point($"/{name}/metrics", train, actual, forecast, period);
            var scale = SeasonalScale.Absolute(train, period);
            Put($"/{name}/owa", OverallWeightedAverage.Of(
                PointMetrics.SymmetricMape(actual, forecast), PointMetrics.MeanAbsoluteScaledError(actual, forecast, scale),
                PointMetrics.SymmetricMape(actual, naive2), PointMetrics.MeanAbsoluteScaledError(actual, naive2, scale)));
        }

        var interval = expected.GetProperty("interval");
        double[] lower = interval.GetProperty("lower").Numbers(), upper = interval.GetProperty("upper").Numbers();
        var alpha = interval.GetProperty("alpha").GetDouble();
        Put("/interval/lower", lower);
        Put("/interval/upper", upper);
        Put("/interval/alpha", alpha);
        Put("/interval/winkler_each", Winkler(actual, lower, upper, alpha));
        Put("/interval/winkler_mean", IntervalMetrics.MeanWinkler(actual, lower, upper, alpha));
        Put("/interval/msis", IntervalMetrics.MeanScaledIntervalScore(actual, lower, upper, alpha, SeasonalScale.Absolute(train, period)));
        Put("/interval/coverage", IntervalMetrics.Coverage(actual, lower, upper));
        Put("/interval/mean_width", IntervalMetrics.MeanWidth(actual, lower, upper));
    }

    private void Point(string at, double[] train, double[] actual, double[] forecast, int period)
    {
        double absolute = SeasonalScale.Absolute(train, period), squared = SeasonalScale.Squared(train, period);
        Put($"{at}/mae", PointMetrics.MeanAbsoluteError(actual, forecast));
        Put($"{at}/mse", PointMetrics.MeanSquaredError(actual, forecast));
        Put($"{at}/rmse", PointMetrics.RootMeanSquaredError(actual, forecast));
        Put($"{at}/bias_me", PointMetrics.MeanError(actual, forecast));
        Put($"{at}/mape_percent", PointMetrics.MeanAbsolutePercentageError(actual, forecast));
        Put($"{at}/smape_percent_200", PointMetrics.SymmetricMape(actual, forecast));
        Put($"{at}/wape", PointMetrics.WeightedAbsolutePercentageError(actual, forecast));
        Put($"{at}/nrmse_mean", PointMetrics.NormalizedRmse(actual, forecast));
        Put($"{at}/mase", PointMetrics.MeanAbsoluteScaledError(actual, forecast, absolute));
        Put($"{at}/rmsse", PointMetrics.RootMeanSquaredScaledError(actual, forecast, squared));
        Put($"{at}/mase_scale", absolute);
        Put($"{at}/rmsse_scale2", squared);
    }

    private void OverallOfSet(JsonElement names, JsonElement series, string note)
    {
        // "horizons as in the point_* cases: 12, 8, ...", in the order of the series.
        int[] horizons = [.. note[(note.LastIndexOf(':') + 1)..].Split(',').Select(int.Parse)];
        var scores = names.EnumerateArray().Select((name, i) =>
        {
            var one = series.GetProperty(name.GetString()!);
            var (values, period) = (one.GetProperty("values").Numbers(), one.GetProperty("frequency").GetInt32());
            double[] train = values[..^horizons[i]], actual = values[^horizons[i]..];
            double[] forecast = SeasonalNaive(train, period, horizons[i]), yardstick = Naive2.Forecast(train, period, horizons[i]);
            var scale = SeasonalScale.Absolute(train, period);
            return (
                Smape: PointMetrics.SymmetricMape(actual, forecast), Mase: PointMetrics.MeanAbsoluteScaledError(actual, forecast, scale),
                Smape2: PointMetrics.SymmetricMape(actual, yardstick), Mase2: PointMetrics.MeanAbsoluteScaledError(actual, yardstick, scale));
        }).ToArray();
        var (smape, mase, smape2, mase2) = (scores.Average(s => s.Smape), scores.Average(s => s.Mase), scores.Average(s => s.Smape2), scores.Average(s => s.Mase2));
        Put("/mean_smape", smape);
        Put("/mean_mase", mase);
        Put("/naive2_mean_smape", smape2);
        Put("/naive2_mean_mase", mase2);
        Put("/owa", OverallWeightedAverage.Of(smape, mase, smape2, mase2));
    }

    private void Quantiles(JsonElement input)
    {
        double[] actual = input.GetProperty("actual").Numbers(), levels = input.GetProperty("levels").Numbers();
        double[][] quantiles = [.. input.GetProperty("quantile_forecasts_by_level").EnumerateArray().Select(q => q.Numbers())];
        double[] pinball = [.. levels.Select((p, k) => QuantileMetrics.MeanPinball(actual, quantiles[k], p))];
        double[] weighted = [.. levels.Select((p, k) => QuantileMetrics.WeightedQuantileLoss(actual, quantiles[k], p))];
        Put("/wql_by_level", weighted);
        Put("/mean_weighted_quantile_loss", weighted.Average());
        Put("/mean_pinball", pinball.Average());
        Put("/crps_from_quantiles_2x_mean_pinball", QuantileMetrics.CrpsFromQuantiles(pinball));
        Put("/coverage_by_level", [.. quantiles.Select(q => QuantileMetrics.LevelCoverage(actual, q))]);
        Put("/msis_like_winkler80", IntervalMetrics.MeanWinkler(actual, quantiles[0], quantiles[^1], 2 * levels[0]));

        // The same through the table that back-tests and `score` use.
        var rows = actual.Select((y, t) => new ScoreRow("x", $"{t}", y, quantiles[levels.Length / 2][t], [.. quantiles.Select(q => q[t])])).ToArray();
        var table = ScoreTable.Score(rows, levels).Where(m => string.Equals(m.Series, "x", StringComparison.Ordinal)).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        Close(table[MetricNames.Wql], weighted.Average(), "WQL of the table");
        Close(table[MetricNames.MeanPinball], pinball.Average(), "pinball of the table");
        Close(table[MetricNames.Winkler(Math.Round(1 - (2 * levels[0]), 12))], _computed["/msis_like_winkler80"][0], "Winkler of the table");
        for (var k = 0; k < levels.Length; k++) Close(table[MetricNames.Below(levels[k])], _computed["/coverage_by_level"][k], "coverage of the table");
    }

    private void ClosedForm(JsonElement input)
    {
        var actual = input.GetProperty("actual").Numbers();
        if (input.TryGetProperty("weights", out var weights))
        {
            double[] w = weights.Numbers(), m = input.GetProperty("means").Numbers(), s = input.GetProperty("sds").Numbers();
            Put("/crps", [.. actual.Select(y => Crps.NormalMixture(y, w, m, s))]);
        }
        else
        {
            double mu = input.GetProperty("mu").GetDouble(), sigma = input.GetProperty("sigma").GetDouble();
            Put("/crps", [.. actual.Select(y => Crps.Normal(y, mu, sigma))]);
            Put("/logs", [.. actual.Select(y => Crps.NormalLogScore(y, mu, sigma))]);
        }

        Put("/scoringRules", _computed["/crps"]);
    }

    private void Comparison(JsonElement input)
    {
        double[] first = input.GetProperty("e1").Numbers(), second = input.GetProperty("e2").Numbers();
        var h = input.GetProperty("h").GetInt32();
        foreach (var power in new[] { 1, 2 })
        {
            foreach (var kernel in Enum.GetValues<LongRunKernel>())
            {
                var test = DieboldMariano.OfErrors(first, second, h, power, kernel);
                var at = $"/power{power}_{kernel.ToString().ToLowerInvariant()}";
                Put($"{at}/dbar", test.MeanDifference);
                Put($"{at}/dm", test.Statistic);
                Put($"{at}/hln", test.Corrected);
                Put($"{at}/p_two_sided_t", test.PValue);
                Put($"{at}/p_greater", test.PGreater);
                Put($"{at}/p_less", test.PLess);
                Put($"{at}/p_normal_uncorrected", test.PNormal);
            }

            Put($"/power{power}_forecast_package/stat", _computed[$"/power{power}_rectangular/hln"]);
            Put($"/power{power}_forecast_package/p_value", _computed[$"/power{power}_rectangular/p_two_sided_t"]);
        }
    }

    private void PackageTable(JsonElement series, JsonElement input, JsonElement columns)
    {
        var (values, period, h) = (series.GetProperty("values").Numbers(), series.GetProperty("frequency").GetInt32(), input.GetProperty("h").GetInt32());
        double[] train = values[..^h], actual = values[^h..], forecast = SeasonalNaive(train, period, h);
        var scale = SeasonalScale.Absolute(train, period);
        Put("/training", [.. Row(train[period..], train[..^period], double.NaN)]);
        Put("/test", [.. Row(actual, forecast, PointMetrics.TheilU(actual, forecast))]);

        IEnumerable<double> Row(double[] y, double[] f, double theil) => columns.EnumerateArray().Select(c => c.GetString() switch
        {
            "ME" => PointMetrics.MeanError(y, f),
            "RMSE" => PointMetrics.RootMeanSquaredError(y, f),
            "MAE" => PointMetrics.MeanAbsoluteError(y, f),
            "MPE" => PointMetrics.MeanPercentageError(y, f),
            "MAPE" => PointMetrics.MeanAbsolutePercentageError(y, f),
            "MASE" => PointMetrics.MeanAbsoluteScaledError(y, f, scale),
            "ACF1" => ResidualDiagnostics.Autocorrelations([.. y.Zip(f, (a, b) => a - b)], 1)[0],
            "Theil's U" => theil,
            var other => throw new InvalidOperationException($"no column '{other}'"),
        });
    }

    private void Diagnostics(double[] x)
    {
        Put("/acf_1_10", ResidualDiagnostics.Autocorrelations(x, 10));
        Put("/pacf_1_10", ResidualDiagnostics.PartialAutocorrelations(x, 10));
        Test("ljung_box_10", ResidualDiagnostics.LjungBox(x, 10));
        Test("box_pierce_10", ResidualDiagnostics.BoxPierce(x, 10));
        Test("jarque_bera", ResidualDiagnostics.JarqueBera(x));
        Test("arch_lm_5", ResidualDiagnostics.ArchLm(x, 5));

        void Test(string name, TestOutcome test)
        {
            Put($"/{name}/stat", test.Statistic);
            Put($"/{name}/p", test.PValue);
        }
    }

    private static double[] SeasonalNaive(double[] train, int period, int horizon) =>
        [.. Enumerable.Range(0, horizon).Select(h => train[train.Length - period + (h % period)])];

    private static double[] Winkler(double[] actual, double[] lower, double[] upper, double alpha) =>
        [.. actual.Select((y, i) => IntervalMetrics.Winkler(y, lower[i], upper[i], alpha))];

    private void Put(string path, params double[] values) => _computed[path] = values;

    private double Compare(JsonElement expected, string path)
    {
        if (expected.ValueKind == JsonValueKind.Object)
            return expected.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null && p.Name is not ("columns" or "note")).Max(p => Compare(p.Value, $"{path}/{p.Name}"));
        _computed.ShouldContainKey(path, $"nothing is computed for {path}");
        double[] wanted = [.. Flat(expected)];
        _computed[path].Length.ShouldBe(wanted.Length, path);
        double worst = 0;
        for (var i = 0; i < wanted.Length; i++) worst = Math.Max(worst, Close(_computed[path][i], wanted[i], $"{path}[{i}]"));
        return worst;
    }

    private static IEnumerable<double> Flat(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flat) : [element.Number()];

    /// <summary>
    /// R's tests compute a tail as 1 - P, which rounds small probabilities to multiples of 1.1e-16 (exp(-44.77/2) is 1.894574248e-10,
    /// the file says 1.894574497e-10): a probability may meet the file after the same rounding.
    /// </summary>
    private static double Close(double actual, double expected, string what)
    {
        var deviation = Deviation(actual, expected);
        if (what.Contains("/p[", StringComparison.Ordinal)) deviation = Math.Min(deviation, Deviation(1 - (1 - actual), expected));
        (deviation <= Tolerance).ShouldBeTrue($"{what}: {actual:r} for {expected:r}");  // false for NaN
        return deviation;
    }

    private static double Deviation(double actual, double expected) =>
        actual == expected || (double.IsNaN(actual) && double.IsNaN(expected)) ? 0 : Math.Abs((actual - expected) / expected);
}
