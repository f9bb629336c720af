using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>A back-test that trades, over HTTP.</summary>
public sealed class StrategyTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_strategy_that_was_asked_for_is_in_the_report_and_one_that_was_not_is_not()
    {
        var with = await ReportAsync(Bodies.QuickBacktest.Replace("\"seed\":3", "\"seed\":3,\"strategy\":{\"direction\":\"long-short\",\"cost\":0.001,\"momentum\":[10]}", StringComparison.Ordinal));
        var without = await ReportAsync(Bodies.QuickBacktest);

        with.ShouldContain("buy-and-hold");
        with.ShouldContain("momentum(10)");
        without.ShouldContain("no strategy was asked for");
        without.ShouldNotContain("momentum(10)");
    }

    [Fact]
    public async Task Values_that_cannot_be_traded_are_refused_at_once()
    {
        using var answer = await shared.Server.PostAsync("/v1/backtests", """{"data":"brent_spot","returns":"log","models":["naive"],"horizon":1,"gap":2,"strategy":{"direction":"long-only"}}""");

        var problem = await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/gap");
    }

    [Fact]
    public async Task The_kept_request_of_a_run_that_trades_can_be_sent_again()
    {
        using var first = await shared.Server.PostAsync("/v1/backtests", """{"data":"brent_spot","returns":"log","models":["naive"],"horizon":1,"from":"2018-12-03","to":"2018-12-31","strategy":{"direction":"long-short","momentum":[10]}}""");
        var job = (await Server.JsonAsync(first, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        (await shared.Server.EndOfAsync(job))["state"]!.GetValue<string>().ShouldBe("succeeded");
        var command = (await shared.Server.GetAsync($"/v1/runs/{job}"))["command"]!.GetValue<string>();
        var request = JsonNode.Parse(command[command.IndexOf('{', StringComparison.Ordinal)..])!.AsObject();
        foreach (var name in request.Where(m => m.Value is null).Select(m => m.Key).ToArray()) request.Remove(name);
        using var second = await shared.Server.PostAsync("/v1/backtests", request.ToJsonString());
        await Server.JsonAsync(second, HttpStatusCode.Accepted);
    }

    private async Task<string> ReportAsync(string body)
    {
        using var answer = await shared.Server.PostAsync("/v1/backtests", body);
        var job = (await Server.JsonAsync(answer, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        (await shared.Server.EndOfAsync(job))["state"]!.GetValue<string>().ShouldBe("succeeded");
        return await shared.Server.Http.GetStringAsync($"/v1/runs/{job}/report", Cancel);
    }
}
