using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Jobs;

/// <summary><c>POST /v1/trainings</c>: a job fits a model on a dataset and registers it; the version forecasts what a forecast on the same data gives.</summary>
public sealed class TrainingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly double[] Values = Bodies.Values(90);

    private Server Server => shared.Server;

    [Fact]
    public async Task A_training_registers_the_fit_that_a_forecast_on_the_same_data_makes()
    {
        await UploadAsync("trained");
        var ended = await EndOfAsync("""{"data":"trained","model":"arima(1,0,1)","name":"demand","horizon":3,"seed":5,"reason":"a test"}""", "monday");
        ended["state"]!.GetValue<string>().ShouldBe("succeeded", ended.ToString());
        (ended["result"]!["name"]!.GetValue<string>(), ended["result"]!["version"]!.GetValue<int>(), ended["result"]!["series"]!.GetValue<int>()).ShouldBe(("demand", 1, 1));
        (await EndOfAsync("""{"data":"trained","model":"arima(1,0,1)","name":"demand","horizon":3,"seed":5,"reason":"a test"}""", "monday"))["id"]!.GetValue<string>().ShouldBe(ended["id"]!.GetValue<string>());

        var version = await Server.GetAsync("/v1/models/demand/versions/1");
        version["stage"]!.GetValue<string>().ShouldBe("candidate");
        version["dataHash"]!.GetValue<string>().ShouldBe(ended["result"]!["dataHash"]!.GetValue<string>());
        var series = (await Server.GetAsync("/v1/datasets/trained"))["series"]![0]!["id"]!.GetValue<string>();
        var fitted = await ForecastAsync("arima(1,0,1)", series);
        var registered = await ForecastAsync("demand@1", series);
        registered["origin"]!.GetValue<string>().ShouldBe("registered");
        registered["mean"]!.ToJsonString().ShouldBe(fitted["mean"]!.ToJsonString());
        registered["quantiles"]!.ToJsonString().ShouldBe(fitted["quantiles"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"data":"nothing-here","model":"mean","name":"x","horizon":1}""", "/data", "data-unknown")]
    [InlineData("""{"data":"co2","model":"no-such","name":"x","horizon":1}""", "/model", "model-unknown")]
    [InlineData("""{"data":"co2","model":"mean","name":"-x","horizon":1}""", "/name", "model-name-invalid")]
    [InlineData("""{"data":"co2","model":"mean","name":"x","horizon":0}""", "/horizon", "horizon-invalid")]
    public async Task What_is_wrong_is_told_at_once(string body, string pointer, string code)
    {
        using var answer = await Server.PostAsync("/v1/trainings", body);
        var problem = await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
        var error = problem["errors"]!.AsArray().Single()!;
        (error["pointer"]!.GetValue<string>(), error["code"]!.GetValue<string>()).ShouldBe((pointer, code));
    }

    private async Task UploadAsync(string name)
    {
        var start = new DateOnly(2024, 1, 1);
        var rows = Values.Select((v, t) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{start.AddDays(t):yyyy-MM-dd},{v:R}"));
        using var file = new StringContent($"date,y\n{string.Join('\n', rows)}\n", Encoding.UTF8, "text/csv");
        using var uploaded = await Server.Http.PostAsync($"/v1/datasets?name={name}&frequency=P1D", file, Cancel);
        uploaded.StatusCode.ShouldBe(HttpStatusCode.Created, await uploaded.Content.ReadAsStringAsync(Cancel));
    }

    private async Task<JsonNode> EndOfAsync(string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/trainings") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await Server.Http.SendAsync(request, Cancel);
        var job = await Server.JsonAsync(answer, HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().ShouldBe($"/v1/jobs/{job["id"]!.GetValue<string>()}");
        return await Server.EndOfAsync(job["id"]!.GetValue<string>());
    }

    private async Task<JsonNode> ForecastAsync(string model, string series)
    {
        var values = string.Join(',', Values.Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        using var answer = await Server.PostAsync("/v1/forecasts", $$"""{"model":"{{model}}","frequency":"P1D","horizon":3,"seed":5,"series":[{"id":"{{series}}","start":"2024-01-01","values":[{{values}}]}]}""");
        return (await Server.JsonAsync(answer, HttpStatusCode.OK))["series"]![0]!;
    }
}
