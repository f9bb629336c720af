using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>Routes that pages draw from: long series in buckets, what a series is made of, parts of a report, comparisons.</summary>
public sealed class PageRouteTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private Server Server => shared.Server;

    [Fact]
    public async Task An_overview_holds_the_extremes_of_the_stretch_asked_for()
    {
        var all = await Server.GetAsync("/v1/datasets/air_passengers/overview/air_passengers?buckets=12");
        (all["rows"]!.GetValue<int>(), all["each"]!.GetValue<int>(), all["low"]!.AsArray().Count).ShouldBe((144, 12, 12));
        all["low"]![0]!.GetValue<double>().ShouldBe(104);
        all["high"]![0]!.GetValue<double>().ShouldBe(148);
        var part = await Server.GetAsync("/v1/datasets/air_passengers/overview/air_passengers?from=1950-01-01&to=1950-12-31");
        (part["from"]!.GetValue<int>(), part["to"]!.GetValue<int>(), part["each"]!.GetValue<int>()).ShouldBe((12, 24, 1));
        part["timestamps"]![0]!.GetValue<string>().ShouldBe("1950-01-01");
    }

    [Theory]
    [InlineData("/v1/datasets/air_passengers/overview/nobody", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/v1/datasets/nothing/overview/air_passengers", HttpStatusCode.NotFound, "dataset-unknown")]
    [InlineData("/v1/datasets/air_passengers/overview/air_passengers?from=soon", HttpStatusCode.UnprocessableEntity, "date-invalid")]
    [InlineData("/v1/datasets/air_passengers/overview/air_passengers?buckets=0", HttpStatusCode.BadRequest, "buckets-invalid")]
    [InlineData("/v1/datasets/air_passengers/anatomy/air_passengers?period=x", HttpStatusCode.BadRequest, "period-invalid")]
    [InlineData("/v1/comparisons?entry=a/naive", HttpStatusCode.BadRequest, "entry-count")]
    [InlineData("/v1/comparisons?entry=a&entry=b", HttpStatusCode.BadRequest, "entry-invalid")]
    [InlineData("/v1/comparisons?entry=a/naive&entry=b/naive", HttpStatusCode.NotFound, "run-unknown")]
    [InlineData("/v1/runs/nothing/parts", HttpStatusCode.NotFound, "run-unknown")]
    public async Task What_is_wrong_is_said_with_its_code(string path, HttpStatusCode status, string code)
    {
        using var answer = await Server.Http.GetAsync(path, Cancel);
        (await Server.JsonAsync(answer, status))["code"]!.GetValue<string>().ShouldBe(code);
    }

    [Fact]
    public async Task An_anatomy_adds_up()
    {
        var anatomy = await Server.GetAsync("/v1/datasets/air_passengers/anatomy/air_passengers");
        anatomy["period"]!.GetValue<int>().ShouldBe(12);
        double At(string part, int row) => anatomy[part]![row]!.GetValue<double>();
        for (var t = 0; t < 144; t++) (At("trend", t) + At("seasonal", t) + At("remainder", t)).ShouldBe(At("values", t), 1e-9);
        anatomy["seasonalStrength"]!.GetValue<double>().ShouldBeGreaterThan(0.7);
    }

    [Fact]
    public async Task A_finished_run_gives_its_parts_its_heat_and_a_comparison_of_its_models()
    {
        using var asked = await Server.PostAsync("/v1/backtests", """{"data":"air_passengers","models":["naive","seasonal-naive"],"horizon":6,"initial":96}""");
        var job = await Server.EndOfAsync((await Server.JsonAsync(asked, HttpStatusCode.Accepted))["id"]!.GetValue<string>());
        var run = job["runId"]!.GetValue<string>();

        var parts = (await Server.GetAsync($"/v1/runs/{run}/parts?name=skill&name=risk"))["items"]!.AsArray();
        JsonNode Part(string id) => parts.First(p => p!["id"]!.GetValue<string>() == id)!;
        Part("skill")["html"]!.GetValue<string>().ShouldContain("data-chart");
        Part("metrics")["html"].ShouldBeNull("it was not asked for");
        Part("risk")["html"].ShouldBeNull();
        Part("risk")["absence"]!.GetValue<string>().ShouldContain("no risk tails");

        var heat = await Server.GetAsync($"/v1/runs/{run}/heat");
        heat["steps"]!.AsArray().Count.ShouldBe(6);
        heat["models"]![0]!["ratio"]![0]!.AsArray().ShouldAllBe(v => Math.Abs(v!.GetValue<double>()) < 1e-12);

        var items = (await Server.GetAsync($"/v1/runs/{run}/items"))["items"]!.AsArray();
        items.Select(i => i!["model"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).ShouldBe(["naive", "seasonal-naive"], ignoreOrder: true);
        items.ShouldAllBe(i => i!["state"]!.GetValue<string>() == "done" && i["worker"] != null && i["finishedAt"] != null);

        var compared = await Server.GetAsync($"/v1/comparisons?entry={run}/naive&entry={run}/seasonal-naive");
        compared["leftOut"]!.GetValue<int>().ShouldBe(0);
        compared["entries"]![0]!["ratio"]!.GetValue<double>().ShouldBe(1, 1e-12);
        compared["entries"]![1]!["ratio"]!.GetValue<double>().ShouldBeLessThan(1);
        compared["pairs"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Registered_names_are_listed_with_their_newest_version()
    {
        using var asked = await Server.PostAsync("/v1/forecasts", Bodies.Forecast("seasonal-naive[7]", Bodies.Values(40)));
        var forecast = (await Server.JsonAsync(asked, HttpStatusCode.OK))["series"]![0]!["forecastId"]!.GetValue<string>();
        foreach (var name in new[] { "zeta", "alpha" })
        {
            using var made = await Server.PostAsync($"/v1/models/{name}/versions", $$"""{"forecastId":"{{forecast}}"}""");
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var first = await Server.GetAsync("/v1/registry?limit=1");
        first["items"]!.AsArray().ShouldHaveSingleItem()!["name"]!.GetValue<string>().ShouldBe("alpha");
        var second = (await Server.GetAsync($"/v1/registry?after={first["next"]!.GetValue<string>()}"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (second["name"]!.GetValue<string>(), second["newest"]!["version"]!.GetValue<int>(), second["champion"]).ShouldBe(("zeta", 1, null));
    }
}
