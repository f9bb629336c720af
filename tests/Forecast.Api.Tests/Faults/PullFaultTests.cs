using System.Net;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Faults;

/// <summary>What a request may not ask for: other servers, folders of this one.</summary>
public sealed class PullFaultTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly Server _server = shared.Server;

    [Theory]
    [InlineData("""{"source":"/etc"}""", "model-name", "/source")]
    [InlineData("""{"source":"http://127.0.0.1:1/x"}""", "model-name", "/source")]
    [InlineData("""{"source":"a/b","revision":"../.."}""", "revision-invalid", "/revision")]
    [InlineData("""{"source":"a/b","update":1}""", "type-invalid", "/update")]
    [InlineData("""{"source":"a/b","mirror":"http://127.0.0.1:1"}""", "member-unknown", "/mirror")]
    [InlineData("{}", "member-missing", "/source")]
    public async Task What_is_no_name_of_the_hub_is_refused_at_once(string body, string code, string pointer)
    {
        using var answer = await _server.PostAsync("/v1/pulls", body);
        var problem = await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
        (problem["code"]!.GetValue<string>(), problem["errors"]![0]!["pointer"]!.GetValue<string>()).ShouldBe((code, pointer));
    }

    [Theory]
    [InlineData("tirex{weights: /etc}")]
    [InlineData("ttm{weights: .}")]
    [InlineData("ttm{weights: models}")]
    [InlineData("tirex{weights: ../home}")]
    [InlineData("conformal(tirex{weights: /etc})")]
    [InlineData("stl(tirex{weights: /etc})[7]")]
    [InlineData("tirex{weights: cache:/etc}")]
    public async Task Weights_of_a_request_are_no_folder_of_the_server(string model)
    {
        using var forecast = await _server.PostAsync("/v1/forecasts", Bodies.Forecast(model, Bodies.Values(150)));
        var problem = await Server.JsonAsync(forecast, HttpStatusCode.UnprocessableEntity);
        (problem["code"]!.GetValue<string>(), problem["errors"]![0]!["pointer"]!.GetValue<string>()).ShouldBe(("weights-not-published", "/model"));
        using var backtest = await _server.PostAsync("/v1/backtests", Bodies.QuickBacktest.Replace("\"naive\"", $"\"{model}\"", StringComparison.Ordinal));
        (await Server.JsonAsync(backtest, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().ShouldBe("weights-not-published");
    }
}
