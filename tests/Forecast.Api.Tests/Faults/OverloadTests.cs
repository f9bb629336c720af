using System.Net;
using System.Text.Json;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Faults;

/// <summary>A server that cannot keep up says so, and when to come back.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task More_forecasts_than_may_wait_are_answered_503_with_Retry_After()
    {
        await using var server = await Server.StartAsync(null, "--forecasts-at-once", "1", "--forecasts-waiting", "1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.PostAsync("/v1/forecasts", Slow(series: 2, rows: 300))));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeInRange(2, 11);
        var refused = answers.Where(a => a.StatusCode != HttpStatusCode.OK).ToArray();
        refused.ShouldNotBeEmpty();
        foreach (var answer in refused)
        {
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            var problem = await Server.JsonAsync(answer, HttpStatusCode.ServiceUnavailable);
            problem["type"]!.GetValue<string>().ShouldBe("urn:forecast:problem:overloaded");
        }

        foreach (var answer in answers) answer.Dispose();
        using var later = await server.PostAsync("/v1/forecasts", Bodies.Forecast("naive", [1, 2, 3]));
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_ends_with_its_own_problem()
    {
        await using var server = await Server.StartAsync(null, "--forecast-seconds", "0.001");
        (await server.GetAsync("/v1/limits"))["forecastSeconds"]!.GetValue<double>().ShouldBe(0.001);
        using var answer = await server.PostAsync("/v1/forecasts", Slow(series: 3, rows: 2_000));
        var problem = await Server.JsonAsync(answer, HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        problem["type"]!.GetValue<string>().ShouldBe("urn:forecast:problem:time-limit");
        problem["errors"]!.AsArray().Select(e => e!["pointer"]!.GetValue<string>()).ShouldBe(["/series/0", "/series/1", "/series/2"]);
    }

    private static string Slow(int series, int rows) => JsonSerializer.Serialize(new
    {
        model = "arima(2,0,2)(1,0,1)[7]",
        frequency = "P1D",
        horizon = 1,
        refit = "always",
        series = Enumerable.Range(0, series).Select(i => new { id = $"s{i}", start = "2010-01-01", values = Bodies.Values(rows, seed: i + 1) }),
    });
}
