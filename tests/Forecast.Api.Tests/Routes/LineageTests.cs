using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>From a forecast's id to all that it was made from, over HTTP.</summary>
public sealed class LineageTests
{
    [Fact]
    public async Task A_forecast_is_traced_at_once_and_after_a_restart_and_a_kill()
    {
        await using var server = await Server.StartAsync();
        var values = Bodies.Values(120);
        var old = await ForecastAsync(server, Bodies.Forecast("arima(1,0,0)", values[..119]));
        var now = await ForecastAsync(server, Bodies.Forecast("arima(1,0,0)", values));
        var id = now["forecastId"]!.GetValue<string>();
        id.ShouldNotBe(old["forecastId"]!.GetValue<string>());
        var trace = await server.GetAsync($"/v1/forecasts/{id}");
        trace["id"]!.GetValue<string>().ShouldBe(id);
        trace["model"]!.GetValue<string>().ShouldBe("arima(1,0,0)");
        trace["cutoff"]!.GetValue<string>().ShouldBe("2024-04-29T00:00:00Z");
        trace["fitCutoff"]!.GetValue<string>().ShouldBe("2024-04-28T00:00:00Z");
        trace["seed"]!.GetValue<ulong>().ShouldBe(7UL);
        trace["device"]!.GetValue<string>().ShouldBe("cpu");
        trace["engine"]!.GetValue<string>().ShouldNotBeEmpty();
        trace["modelVersion"]!["dataHash"]!.GetValue<string>().ShouldBe(old["fit"]!["dataHash"]!.GetValue<string>());
        trace["dataHash"]!.GetValue<string>().ShouldNotBe(old["fit"]!["dataHash"]!.GetValue<string>());

        // A server that is stopped writes what it has just given out; one that is killed has written it a moment later.
        var last = (await ForecastAsync(server, Bodies.Forecast("naive", values)))["forecastId"]!.GetValue<string>();
        (await server.TerminateAsync()).ShouldBe(0);
        await server.RestartAsync();
        (await server.GetAsync($"/v1/forecasts/{id}")).ToJsonString().ShouldBe(trace.ToJsonString());
        (await server.GetAsync($"/v1/forecasts/{last}"))["model"]!.GetValue<string>().ShouldBe("naive");
    }

    [Fact]
    public async Task A_run_tells_its_job_its_certificate_and_what_failed_and_its_predictions_are_traced()
    {
        await using var server = await Server.StartAsync();

        // Six rows are enough for naive and too few for garch: each of its forecasts fails.
        using var created = await server.PostAsync("/v1/backtests", Bodies.QuickBacktest.Replace("\"seasonal-naive\"", "\"garch(1,1)\"", StringComparison.Ordinal).Replace("\"seed\":3", "\"seed\":3,\"window\":\"rolling:6\"", StringComparison.Ordinal));
        var job = (await Server.JsonAsync(created, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        (await server.EndOfAsync(job))["state"]!.GetValue<string>().ShouldBe("succeeded");
        var run = await server.GetAsync($"/v1/runs/{job}");
        run["jobId"]!.GetValue<string>().ShouldBe(job);
        run["certificate"]!["verdict"]!.GetValue<string>().ShouldBe("clean");
        run["certificate"]!["exposure"]!.AsObject().Select(m => m.Key).ShouldContain("naive");
        run["certificate"]!["violationCount"]!.GetValue<int>().ShouldBe(0);
        run["certificate"]!["folds"]!.GetValue<int>().ShouldBeGreaterThan(50);
        string.CompareOrdinal(run["certificate"]!["latestAvailableAt"]!.GetValue<string>(), "2018-12-31T00:00:00Z").ShouldBeLessThan(0);
        var count = run["failures"]!["count"]!.GetValue<int>();
        count.ShouldBeGreaterThan(50);
        run["failures"]!["items"]!.AsArray().Count.ShouldBe(Math.Min(count, 100));
        run["failures"]!["items"]!.AsArray().ShouldAllBe(f => f!["model"]!.GetValue<string>() == "garch(1,1)" && f["code"]!.GetValue<string>() == "series-too-short");
        var listed = (await server.GetAsync("/v1/runs"))["items"]![0]!;
        listed["jobId"]!.GetValue<string>().ShouldBe(job);
        listed["certificate"]!["verdict"]!.GetValue<string>().ShouldBe("clean");

        var prediction = (await server.GetAsync($"/v1/runs/{job}/predictions?limit=1"))["items"]![0]!;
        var trace = await server.GetAsync($"/v1/forecasts/{Uri.EscapeDataString(prediction["forecastId"]!.GetValue<string>())}");
        trace["runId"]!.GetValue<string>().ShouldBe(job);
        trace["dataHash"]!.GetValue<string>().ShouldBe(run["dataHash"]!.GetValue<string>());
        trace["model"]!.GetValue<string>().ShouldBe("naive");
    }

    [Fact]
    public async Task An_unknown_id_is_404()
    {
        await using var server = await Server.StartAsync();
        using var answer = await server.Http.GetAsync("/v1/forecasts/nothing", Cancel);
        (await Server.JsonAsync(answer, HttpStatusCode.NotFound))["code"]!.GetValue<string>().ShouldBe("forecast-unknown");
    }

    private static async Task<JsonNode> ForecastAsync(Server server, string body)
    {
        using var answer = await server.PostAsync("/v1/forecasts", body);
        return (await Server.JsonAsync(answer, HttpStatusCode.OK))["series"]![0].ShouldNotBeNull();
    }
}
