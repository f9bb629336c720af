using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary><c>/v1/risk</c> against a server process.</summary>
public sealed class RiskTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly Server _server = shared.Server;

    [Fact]
    public async Task Tests_answer_for_each_model_and_compare_them()
    {
        var days = 300;
        var returns = Enumerable.Range(0, days).Select(t => t % 50 == 7 ? -0.03 : 0.001 * (t % 7)).ToArray();
        var answer = await PostAsync("/v1/risk/tests", $$"""
            {"alpha":0.01,"returns":[{{Join(returns)}}],
             "models":[{"name":"tight","var":[{{Join(Flat(days, 0.02))}}],"es":[{{Join(Flat(days, 0.025))}}]},{"name":"wide","var":[{{Join(Flat(days, 0.04))}}]}]}
            """);
        var tight = answer["models"]![0]!;
        tight["kupiec_pof"]!["x"]!.GetValue<int>().ShouldBe(6);
        tight["kupiec_pof"]!["T"]!.GetValue<int>().ShouldBe(days);
        tight["traffic_light_last250"]!["zone"]!.GetValue<string>().ShouldBe("yellow");
        tight["es"]!["Z1"]!.GetValue<double>().ShouldBe(1 - (0.03 / 0.025), 1e-12);
        var wide = answer["models"]![1]!;
        wide["exceedances"]!.GetValue<int>().ShouldBe(0);
        wide["es"].ShouldBeNull();
        wide["christoffersen_independence"]!["p_value"]!.GetValue<double>().ShouldBe(1);
        answer["comparison"]!["ranking"]!.AsArray().Count.ShouldBe(2);
        answer["comparison"]!["diebold_mariano"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"returns":[0.1],"models":[]}""", "array-empty", "/models")]
    [InlineData("""{"returns":[0.1],"models":[{"name":"m","var":[0.1,0.2]}]}""", "risk-lengths", "/models/0/var")]
    [InlineData("""{"returns":[0.1,0.2],"models":[{"name":"m","var":[0.1,0.1],"es":[0.2,0.05]}]}""", "es-below-var", "/models/0/es/1")]
    [InlineData("""{"returns":[0.1,1e40],"models":[{"name":"m","var":[0.1,0.1]}]}""", "value-too-large", "/returns/1")]
    [InlineData("""{"returns":[0.1],"alpha":0.9,"models":[{"name":"m","var":[0.1]}]}""", "alpha-invalid", "/alpha")]
    [InlineData("""{"returns":[null],"models":[{"name":"m","var":[0.1]}]}""", "risk-empty", "/models/0/var")]
    [InlineData("""{"returns":[0.1],"models":[{"name":"m","var":[0.1]},{"name":"m","var":[0.1]}]}""", "model-duplicate", "/models/1/name")]
    [InlineData("""{"returns":[0.1],"models":[{"name":"m","var":[0.1],"vra":[1]}]}""", "member-unknown", "/models/0/vra")]
    public async Task A_faulty_request_for_tests_points_at_its_fault(string body, string code, string pointer) => await RefusedAsync("/v1/risk/tests", body, code, pointer);

    [Theory]
    [InlineData("\"weights\":[0.5]", "weights-length", "/weights")]
    [InlineData("\"weights\":[0,0]", "weights-zero", "/weights")]
    [InlineData("\"alphas\":[0.01,0.01]", "alpha-order", "/alphas/1")]
    [InlineData("\"alphas\":[0.7]", "alpha-invalid", "/alphas/0")]
    [InlineData("\"dependence\":\"strong\"", "dependence-unknown", "/dependence")]
    [InlineData("\"returns\":\"prices\"", "returns-unknown", "/returns")]
    [InlineData("\"paths\":5", "paths-invalid", "/paths")]
    public async Task A_faulty_request_for_risk_points_at_its_fault(string member, string code, string pointer) =>
        await RefusedAsync("/v1/risk/forecasts", Body("mean", 1, [Bodies.Values(80, seed: 1), Bodies.Values(80, seed: 2)], member), code, pointer);

    [Fact]
    public async Task A_portfolio_of_one_and_the_same_series_has_the_risk_of_that_series()
    {
        var values = Returns(300, seed: 4);
        var answer = await PostAsync("/v1/risk/forecasts", Body("mean", 1, [values, values], "\"weights\":[0.25,0.75],\"alphas\":[0.01,0.025]"));
        var one = answer["series"]![0]!;
        var portfolio = answer["portfolio"]!["total"]!;
        foreach (var tail in new[] { "0.01", "0.025" })
        {
            var alone = one["total"]!["var"]![tail]!.GetValue<double>();
            portfolio["var"]![tail]!.GetValue<double>().ShouldBe(alone, 0.02 * alone);
            alone.ShouldBe(one["var"]![tail]![0]!.GetValue<double>(), 0.001 * alone);
            one["total"]!["es"]![tail]!.GetValue<double>().ShouldBe(one["es"]![tail]![0]!.GetValue<double>(), 0.01 * alone);
        }

        answer["portfolio"]!["commonRows"]!.GetValue<int>().ShouldBe(300);
    }

    [Fact]
    public async Task Opposite_series_cancel_and_independent_ones_lie_between()
    {
        var values = Returns(400, seed: 4);
        double[] mirrored = [.. values.Select(v => -v)];
        var hedged = await PortfolioAsync("copula");
        var independent = await PortfolioAsync("independent");
        var together = await PortfolioAsync("comonotone");
        hedged.ShouldBeLessThan(0.2 * together);
        independent.ShouldBeInRange(0.6 * together, 0.8 * together);

        async Task<double> PortfolioAsync(string dependence)
        {
            var answer = await PostAsync("/v1/risk/forecasts", Body("mean", 1, [values, mirrored], $"\"weights\":[0.5,0.5],\"dependence\":\"{dependence}\""));
            return answer["portfolio"]!["total"]!["var"]!["0.01"]!.GetValue<double>();
        }
    }

    [Fact]
    public async Task Weights_need_not_sum_to_one_since_the_rest_is_cash_and_may_be_short()
    {
        double[] first = Returns(300, seed: 4), second = Returns(300, seed: 5);
        var whole = await TenDaysAsync("0.6,0.4");
        var half = await TenDaysAsync("0.3,0.2");
        var doubled = await TenDaysAsync("1.2,0.8");
        var spread = await TenDaysAsync("1,-1");
        half.Var.ShouldBe(0.5 * whole.Var, 1e-9);
        half.Es.ShouldBe(0.5 * whole.Es, 1e-9);
        doubled.Var.ShouldBe(2 * whole.Var, 1e-9);
        spread.Var.ShouldBeGreaterThan(0);
        foreach (var (var, es) in new[] { whole, half, doubled, spread }) es.ShouldBeGreaterThan(var);

        async Task<(double Var, double Es)> TenDaysAsync(string weights)
        {
            var answer = await PostAsync("/v1/risk/forecasts", Body("garch(1,1)", 10, [first, second], $"\"weights\":[{weights}],\"returns\":\"log\",\"alphas\":[0.025]"));
            answer["portfolio"]!["error"].ShouldBeNull();
            var total = answer["portfolio"]!["total"]!;
            return (total["var"]!["0.025"]!.GetValue<double>(), total["es"]!["0.025"]!.GetValue<double>());
        }
    }

    [Fact]
    public async Task Ten_days_come_from_paths()
    {
        var values = Returns(500, seed: 6);
        var garch = (await PostAsync("/v1/risk/forecasts", Body("garch(1,1)", 10, [values], "\"returns\":\"log\"")))["series"]![0]!;
        garch["var"]!["0.01"]!.AsArray().Count.ShouldBe(10);
        var ten = garch["total"]!["var"]!["0.01"]!.GetValue<double>();
        ten.ShouldBeGreaterThan(1.5 * garch["var"]!["0.01"]![0]!.GetValue<double>());
        garch["total"]!["es"]!["0.01"]!.GetValue<double>().ShouldBeGreaterThan(ten);
    }

    [Fact]
    public async Task A_backtest_with_tails_records_shortfalls_and_reports_them()
    {
        using var started = await _server.PostAsync("/v1/backtests", """{"data":"brent_spot","models":["mean","garch(1,1)"],"returns":"log","horizon":1,"from":"2024-10-01","to":"2024-12-31","refit":"never","risk":[0.01,0.025]}""");
        var job = await Server.JsonAsync(started, HttpStatusCode.Accepted);
        var run = (await _server.EndOfAsync(job["id"]!.GetValue<string>()))["result"]!["runId"]!.GetValue<string>();
        (await _server.GetAsync($"/v1/runs/{run}"))["risk"]!.AsArray().Select(t => t!.GetValue<double>()).ShouldBe([0.01, 0.025]);
        var first = (await _server.GetAsync($"/v1/runs/{run}/predictions?limit=1"))["items"]![0]!;
        first["shortfalls"]!["0.01"]![0]!.GetValue<double>().ShouldBeGreaterThan(-first["quantiles"]!["0.01"]![0]!.GetValue<double>());
        var report = await _server.Http.GetStringAsync($"/v1/runs/{run}/report", Cancel);
        report.ShouldContain("Ranking by tick loss");
        report.ShouldContain("Traffic light");
    }

    private async Task<JsonNode> PostAsync(string path, string body)
    {
        using var answer = await _server.PostAsync(path, body);
        return await Server.JsonAsync(answer, HttpStatusCode.OK);
    }

    private async Task RefusedAsync(string path, string body, string code, string pointer)
    {
        using var answer = await _server.PostAsync(path, body);
        var problem = await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem["errors"]!.AsArray().Select(e => (e!["code"]!.GetValue<string>(), e["pointer"]!.GetValue<string>())).ShouldContain((code, pointer));
    }

    private static string Body(string model, int horizon, double[][] series, string member)
    {
        var entries = series.Select((v, i) => $$"""{"id":"s{{i}}","start":"2023-01-01","values":[{{Join(v)}}]}""");
        return $$"""{"model":"{{model}}","frequency":"P1D","horizon":{{horizon}},"series":[{{string.Join(',', entries)}}],{{member}}}""";
    }

    private static double[] Returns(int rows, int seed)
    {
        var values = Bodies.Values(rows, seed: seed);
        return [.. values.Select(v => 0.01 * (v - values.Average()))];
    }

    private static IEnumerable<double> Flat(int days, double value) => Enumerable.Repeat(value, days);

    private static string Join(IEnumerable<double> values) => string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
