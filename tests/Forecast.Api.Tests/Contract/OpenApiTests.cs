using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Contract;

/// <summary>The committed contract is the one that a running server gives.</summary>
public sealed class OpenApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string Committed = Path.Combine(Server.Root, "docs", "openapi.json");

    /// <remarks>Set FORECAST_UPDATE_OPENAPI=1 to write the document anew after a wanted change.</remarks>
    [Fact]
    public async Task The_committed_document_is_the_generated_one()
    {
        var generated = (await shared.Server.Http.GetStringAsync("/openapi/v1.json", Cancel)).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("FORECAST_UPDATE_OPENAPI") is "1") await File.WriteAllTextAsync(Committed, generated, Cancel);
        (await File.ReadAllTextAsync(Committed, Cancel)).ShouldBe(generated);
    }

    [Fact]
    public async Task The_document_is_of_version_3_1_and_describes_every_documented_route()
    {
        var document = await shared.Server.GetAsync("/openapi/v1.json");
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        var paths = document["paths"]!.AsObject().Select(p => p.Key).ToArray();
        foreach (var path in new[] { "/v1/forecasts", "/v1/risk/tests", "/v1/risk/forecasts", "/v1/backtests", "/v1/trainings", "/v1/pulls", "/v1/jobs", "/v1/jobs/{id}", "/v1/jobs/{id}/events", "/v1/schedules", "/v1/schedules/{id}", "/v1/schedules/{id}/drift", "/v1/retrainings", "/v1/retrainings/{id}", "/v1/retrainings/{id}/approve", "/v1/retrainings/{id}/reject", "/v1/webhooks", "/v1/webhooks/{id}", "/v1/runs", "/v1/runs/{id}", "/v1/runs/{id}/metrics", "/v1/runs/{id}/predictions", "/v1/runs/{id}/report", "/v1/runs/{id}/parts", "/v1/runs/{id}/heat", "/v1/runs/{id}/items", "/v1/comparisons", "/v1/registry", "/v1/models", "/v1/models/{name}", "/v1/models/{name}/versions", "/v1/models/{name}/versions/{version}", "/v1/models/{name}/versions/{version}/promote", "/v1/models/{name}/versions/{version}/retire", "/v1/datasets", "/v1/datasets/{name}", "/v1/limits", "/health/live", "/health/ready" })
            paths.Select(p => p.TrimEnd('/')).ShouldContain(path);
        foreach (var room in new[] { "series", "overview", "anatomy" }) paths.ShouldContain(p => p.StartsWith($"/v1/datasets/{{name}}/{room}/", StringComparison.Ordinal));
        document["components"]!["schemas"]!.AsObject().Select(s => s.Key).ShouldContain("ForecastBody");
    }

    [Theory]
    [InlineData("ForecastBody", "/v1/forecasts")]
    [InlineData("BacktestBody", "/v1/backtests")]
    [InlineData("TrainingBody", "/v1/trainings")]
    [InlineData("PullBody", "/v1/pulls")]
    [InlineData("NewScheduleBody", "/v1/schedules")]
    [InlineData("WebhookBody", "/v1/webhooks")]
    [InlineData("RetrainingBody", "/v1/retrainings")]
    [InlineData("DecisionBody", "/v1/retrainings/x/approve")]
    [InlineData("RiskTestsBody", "/v1/risk/tests")]
    [InlineData("RiskForecastBody", "/v1/risk/forecasts")]
    [InlineData("RegisterBody", "/v1/models/x/versions")]
    [InlineData("StageBody", "/v1/models/x/versions/1/promote")]
    public async Task A_body_reader_knows_exactly_the_members_of_its_schema(string schema, string path)
    {
        var document = await shared.Server.GetAsync("/openapi/v1.json");
        var described = document["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(p => p.Key);
        using var answer = await shared.Server.PostAsync(path, """{"nobody-knows":1}""");
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        var known = problem["errors"]!.AsArray().Single(e => e!["code"]!.GetValue<string>() == "member-unknown")!["detail"]!.GetValue<string>();
        known[(known.IndexOf("known are ", StringComparison.Ordinal) + "known are ".Length)..].Split(", ").ShouldBe(described, ignoreOrder: true);
    }
}
