using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>Fitted models under names: versions, stages, forecasts by name.</summary>
public sealed class RegistryTests
{
    [Fact]
    public async Task A_registered_version_gives_the_numbers_of_its_fit_and_stages_move_one_by_one()
    {
        await using var server = await Server.StartAsync();
        var values = Bodies.Values(120);
        var first = await ForecastAsync(server, Bodies.Forecast("arima(1,0,0)", values));
        var made = await PostAsync(server, "/v1/models/demand/versions", $$"""{"forecastId":"{{first["forecastId"]!.GetValue<string>()}}","reason":"first try"}""", HttpStatusCode.Created);
        made["version"]!.GetValue<int>().ShouldBe(1);
        made["stage"]!.GetValue<string>().ShouldBe("candidate");
        made["dataHash"]!.GetValue<string>().ShouldBe(first["fit"]!["dataHash"]!.GetValue<string>());
        made["engine"]!.GetValue<string>().ShouldNotBeEmpty();
        var artefact = made["artefact"]!.GetValue<string>();
        File.Exists(Path.Combine(server.Home, "artefacts", artefact[..2], artefact)).ShouldBeTrue();

        var again = await ForecastAsync(server, Bodies.Forecast("demand@1", values));
        again["origin"]!.GetValue<string>().ShouldBe("registered");
        again["quantiles"]!.ToJsonString().ShouldBe(first["quantiles"]!.ToJsonString());
        again["mean"]!.ToJsonString().ShouldBe(first["mean"]!.ToJsonString());
        var trace = await server.GetAsync($"/v1/forecasts/{again["forecastId"]!.GetValue<string>()}");
        trace["model"]!.GetValue<string>().ShouldBe("arima(1,0,0)");
        trace["modelVersion"]!["name"]!.GetValue<string>().ShouldBe("demand");
        trace["modelVersion"]!["version"]!.GetValue<int>().ShouldBe(1);
        trace["fitSeed"]!.GetValue<ulong>().ShouldBe(made["seed"]!.GetValue<ulong>());

        // No champion yet; then one, then the other, and the first retires by itself.
        (await RefusedAsync(server, Bodies.Forecast("demand@champion", values))).ShouldBe("model-version-unknown");
        (await PostAsync(server, "/v1/models/demand/versions/1/promote", """{"reason":"better than none"}"""))["stage"]!.GetValue<string>().ShouldBe("champion");
        var second = await ForecastAsync(server, Bodies.Forecast("arima(2,0,0)", values));
        (await PostAsync(server, "/v1/models/demand/versions", $$"""{"forecastId":"{{second["forecastId"]!.GetValue<string>()}}"}""", HttpStatusCode.Created))["version"]!.GetValue<int>().ShouldBe(2);
        await PostAsync(server, "/v1/models/demand/versions/2/promote", "{}");
        await PostAsync(server, "/v1/models/demand/versions/2/promote", "{}");
        var champion = await ForecastAsync(server, Bodies.Forecast("demand@champion", values));
        champion["quantiles"]!.ToJsonString().ShouldBe(second["quantiles"]!.ToJsonString());
        var former = await server.GetAsync("/v1/models/demand/versions/1");
        former["stages"]!.AsArray().Select(s => s!["stage"]!.GetValue<string>()).ShouldBe(["candidate", "champion", "retired"]);
        former["stages"]![1]!["reason"]!.GetValue<string>().ShouldBe("better than none");
        (await server.GetAsync("/v1/models/demand/versions/2"))["stages"]!.AsArray().Count.ShouldBe(2);

        // Pages.
        var page = await server.GetAsync("/v1/models/demand/versions?limit=1");
        page["items"]!.AsArray().Single()!["version"]!.GetValue<int>().ShouldBe(2);
        var next = await server.GetAsync($"/v1/models/demand/versions?limit=1&after={page["next"]!.GetValue<string>()}");
        next["items"]!.AsArray().Single()!["version"]!.GetValue<int>().ShouldBe(1);
        next["next"].ShouldBeNull();

        // A file that was changed is refused, never used. The server that has not read it yet is a new one.
        await server.TerminateAsync();
        await server.RestartAsync();
        (await ForecastAsync(server, Bodies.Forecast("demand@1", values)))["quantiles"]!.ToJsonString().ShouldBe(first["quantiles"]!.ToJsonString());
        var other = (await server.GetAsync("/v1/models/demand/versions/2"))["artefact"]!.GetValue<string>();
        await File.AppendAllTextAsync(Path.Combine(server.Home, "artefacts", other[..2], other), "x", Cancel);
        (await RefusedAsync(server, Bodies.Forecast("demand@2", values))).ShouldBe("artefact-corrupt");
    }

    [Theory]
    [InlineData("demand@0", "model-reference-invalid")]
    [InlineData("demand@newest", "model-reference-invalid")]
    [InlineData("@", "model-reference-invalid")]
    [InlineData("nobody@1", "model-version-unknown")]
    public async Task A_reference_that_leads_nowhere_is_told(string model, string code)
    {
        await using var server = await Server.StartAsync();
        (await RefusedAsync(server, Bodies.Forecast(model, [1, 2, 3]))).ShouldBe(code);
    }

    private static async Task<JsonNode> ForecastAsync(Server server, string body) => (await PostAsync(server, "/v1/forecasts", body))["series"]![0]!;

    private static async Task<JsonNode> PostAsync(Server server, string path, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await server.PostAsync(path, body);
        return await Server.JsonAsync(answer, expected);
    }

    private static async Task<string> RefusedAsync(Server server, string body)
    {
        using var answer = await server.PostAsync("/v1/forecasts", body);
        return (await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>();
    }
}
