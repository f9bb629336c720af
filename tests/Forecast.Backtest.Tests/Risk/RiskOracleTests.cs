using System.Text.Json;
using System.Text.Json.Nodes;
using Forecast.Backtest.Risk;
using Forecast.Backtest.Tests.Metrics;
using Forecast.Core.Distributions;
using Forecast.Models.Innovations;

namespace Forecast.Backtest.Tests.Risk;

/// <summary>Every number of every case of <c>var_backtests.json</c> at 1e-8 relative, by the names that results have in JSON.</summary>
public class RiskOracleTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-8;

    [Theory]
    [MemberData(nameof(RiskCases.Backtests), MemberType = typeof(RiskCases))]
    public void Every_expected_number_is_met(string file, string id)
    {
        var (one, series) = RiskCases.Load(file, id);
        var input = one.TryGetProperty("input", out var given) ? given : default;
        var expected = one.GetProperty("expected");
        var computed = one.GetProperty("kind").GetString() switch
        {
            "hit_sequence" => Hits(input),
            "traffic_light" => Lights(expected),
            "closed_form" => ClosedForm(input, expected),
            "index_backtest" when input.TryGetProperty("window", out _) => HistoricalSimulation(Values(one, series), input),
            "index_backtest" => Garch(Values(one, series), input),
            "var_point" => Point(Values(one, series), input, expected),
            var kind => throw new InvalidOperationException($"there is no computation for cases of kind '{kind}'"),
        };
        output.WriteLine($"{id}: worst relative deviation {RiskCases.Compare(expected, computed, "", Tolerance):e2}");
    }

    private static double[] Values(JsonElement one, JsonElement series) => series.GetProperty(one.GetProperty("series").GetString()!).GetProperty("values").Numbers();

    private static JsonObject Hits(JsonElement input)
    {
        var p = input.GetProperty("p").GetDouble();
        var hits = new bool[input.GetProperty("T").GetInt32()];
        foreach (var at in input.GetProperty("hit_positions_1based").Numbers()) hits[(int)at - 1] = true;
        var pof = KupiecPof.Of(hits.Length, hits.Count(h => h), p);
        var independence = ChristoffersenIndependence.Of(hits);
        return new JsonObject
        {
            ["kupiec_pof"] = RiskCases.Json(pof),
            ["kupiec_tuff"] = RiskCases.Json(KupiecTuff.Of(hits, p)),
            ["christoffersen_independence"] = RiskCases.Json(independence),
            ["christoffersen_cc"] = RiskCases.Json(ChristoffersenCoverage.Of(pof, independence, p)),
            ["dq_hits_only_lags4"] = RiskCases.Json(DynamicQuantile.Of(hits, p)),
            ["dq_hits_only_lag1"] = RiskCases.Json(DynamicQuantile.Of(hits, p, 1)),
        };
    }

    private static JsonObject Lights(JsonElement expected) => new()
    {
        ["table"] = new JsonArray([.. expected.GetProperty("table").EnumerateArray().Select(row => RiskCases.Json(
            TrafficLight.Of(row.GetProperty("exceptions").GetInt32(), row.GetProperty("T").GetInt32(), row.GetProperty("p").GetDouble())))]),
    };

    private static JsonObject ClosedForm(JsonElement input, JsonElement expected)
    {
        var alphas = expected.GetProperty("alpha").Numbers();
        if (input.TryGetProperty("skewness", out var skewness))
        {
            double Value(string name) => input.GetProperty(name).GetDouble();
            return Tails(alphas, a => (TailFormulas.CornishFisher(Value("mean"), Value("sd"), skewness.GetDouble(), Value("excess_kurtosis"), a), double.NaN));
        }

        if (input.TryGetProperty("weights", out var weights))
            return Tails(alphas, a => TailFormulas.NormalMixture(weights.Numbers(), input.GetProperty("means").Numbers(), input.GetProperty("sds").Numbers(), a));
        IStandardDistribution law = input.TryGetProperty("shape", out var shape) ? new StudentTInnovation(shape.GetDouble()) : NormalDistribution.Standard;
        return Tails(alphas, a => TailFormulas.LocationScale(input.GetProperty("mu").GetDouble(), input.GetProperty("sigma").GetDouble(), law, a));
    }

    private static JsonObject Tails(double[] alphas, Func<double, (double ValueAtRisk, double Shortfall)> tail)
    {
        var tails = Array.ConvertAll(alphas, a => tail(a));
        return new JsonObject
        {
            ["alpha"] = RiskCases.Json(alphas),
            ["VaR"] = RiskCases.Json(tails.Select(t => t.ValueAtRisk)),
            ["ES"] = RiskCases.Json(tails.Select(t => double.IsNaN(t.Shortfall) ? (double?)null : t.Shortfall)),
        };
    }

    private static JsonObject HistoricalSimulation(double[] x, JsonElement input)
    {
        var (window, alpha) = (input.GetProperty("window").GetInt32(), input.GetProperty("alpha").GetDouble());
        var days = Enumerable.Range(window, x.Length - window).ToArray();
        var sample = Array.ConvertAll(days, t => TailFormulas.Sample(x.AsSpan(t - window, window), alpha));
        var order = Array.ConvertAll(days, t => TailFormulas.OrderStatistic(x.AsSpan(t - window, window), alpha));
        var tests = RiskTests.Of(RiskSeries.Of("hs", x.AsSpan(window), [.. sample.Select(s => s.ValueAtRisk)], [.. sample.Select(s => s.Shortfall)]), alpha);
        return new JsonObject
        {
            ["first_forecast_for_1based"] = window + 1,
            ["VaR"] = RiskCases.Json(sample.Select(s => s.ValueAtRisk)),
            ["ES"] = RiskCases.Json(sample.Select(s => s.Shortfall)),
            ["VaR_order_ceil_first5"] = RiskCases.Json(order.Take(5).Select(s => s.ValueAtRisk)),
            ["VaR_order_ceil_last5"] = RiskCases.Json(order.TakeLast(5).Select(s => s.ValueAtRisk)),
            ["ES_order_ceil_last5"] = RiskCases.Json(order.TakeLast(5).Select(s => s.Shortfall)),
            ["backtest"] = RiskCases.Json(tests),
            ["backtest_order_ceil"] = RiskCases.Json(RiskTests.Of(RiskSeries.Of("hs", x.AsSpan(window), [.. order.Select(s => s.ValueAtRisk)]), alpha)),
            ["es"] = RiskCases.Json(tests.Shortfall),
        };
    }

    private static JsonObject Garch(double[] x, JsonElement input)
    {
        var alpha = input.GetProperty("alpha").GetDouble();
        var parameters = input.GetProperty("parameters");
        IStandardDistribution law = parameters.TryGetProperty("shape", out var shape) ? new StudentTInnovation(shape.GetDouble()) : NormalDistribution.Standard;
        var (mu, sigma) = (parameters.GetProperty("mu").GetDouble(), Filter(x, parameters)[..^1]);
        var tails = Array.ConvertAll(sigma, s => TailFormulas.LocationScale(mu, s, law, alpha));
        double[] pit = [.. x.Select((r, t) => law.Cdf((r - mu) / sigma[t]))];
        double[] shortfall = [.. tails.Select(t => t.Shortfall)];
        var tests = RiskTests.Of(RiskSeries.Of("garch", x, [.. tails.Select(t => t.ValueAtRisk)], shortfall, sigma, pit), alpha);
        var du = RiskCases.Json(tests.DuEscanciano)!;
        du["pit_last5"] = RiskCases.Json(pit.TakeLast(5));
        return new JsonObject
        {
            ["sigma_first5"] = RiskCases.Json(sigma.Take(5)),
            ["sigma_last5"] = RiskCases.Json(sigma.TakeLast(5)),
            ["VaR"] = RiskCases.Json(tails.Select(t => t.ValueAtRisk)),
            ["ES_first5"] = RiskCases.Json(shortfall.Take(5)),
            ["ES_last5"] = RiskCases.Json(shortfall.TakeLast(5)),
            ["ES_over_sigma"] = -law.LowerTailMean(alpha),
            ["backtest"] = RiskCases.Json(tests),
            ["es"] = RiskCases.Json(tests.Shortfall),
            ["du_escanciano"] = du,
        };
    }

    private static JsonObject Point(double[] x, JsonElement input, JsonElement expected)
    {
        var alphas = expected.GetProperty("alpha").Numbers();
        if (input.TryGetProperty("lambda", out var lambda))
            return Tails(alphas, a => (TailFormulas.AgeWeighted(x.AsSpan(x.Length - input.GetProperty("window").GetInt32()), lambda.GetDouble(), a), double.NaN));
        var parameters = input.GetProperty("parameters");
        var (mu, sigma) = (parameters.GetProperty("mu").GetDouble(), Filter(x, parameters));
        double[] residuals = [.. x.Select((r, t) => (r - mu) / sigma[t])];
        var next = sigma[^1];
        var tails = Tails(alphas, a => (-mu + (next * TailFormulas.Sample(residuals, a).ValueAtRisk), -mu + (next * TailFormulas.Sample(residuals, a).Shortfall)));
        tails["h_next"] = next * next;
        return tails;
    }

    /// <summary>Volatilities of days 1..T+1; before the sample e^2 = h = mean(e^2).</summary>
    private static double[] Filter(double[] x, JsonElement parameters)
    {
        var (mu, omega) = (parameters.GetProperty("mu").GetDouble(), parameters.GetProperty("omega").GetDouble());
        var (alpha, beta) = (parameters.GetProperty("alpha").GetDouble(), parameters.GetProperty("beta").GetDouble());
        var square = x.Average(r => (r - mu) * (r - mu));
        var h = square;
        var sigma = new double[x.Length + 1];
        for (var t = 0; t <= x.Length; t++)
        {
            h = omega + (alpha * square) + (beta * h);
            sigma[t] = Math.Sqrt(h);
            if (t < x.Length) square = (x[t] - mu) * (x[t] - mu);
        }

        return sigma;
    }
}
