using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;
using Forecast.Backtest.Wrappers;

namespace Forecast.Api.Tests.Routes;

/// <summary><c>POST /v1/forecasts</c> against a server process.</summary>
public sealed class ForecastTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly Server _server = shared.Server;

    public static TheoryData<string> Models => [.. PlatformCatalogue.All.Models.Select(m => m.Example)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Every_model_of_the_catalogue_forecasts(string model)
    {
        var series = One(await ForecastAsync(Bodies.Forecast(model, Bodies.Values(150))));
        series["error"].ShouldBeNull();
        series["timestamps"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe(["2024-05-30", "2024-05-31", "2024-06-01"]);
        series["mean"]!.AsArray().Count.ShouldBe(3);
        for (var h = 0; h < 3; h++)
        {
            var quantiles = new[] { "0.1", "0.5", "0.9" }.Select(l => series["quantiles"]![l]![h]!.GetValue<double>()).ToArray();
            quantiles.ShouldBe(quantiles.Order());
        }
    }

    [Fact]
    public async Task A_seasonal_naive_forecast_is_the_last_season()
    {
        var series = One(await ForecastAsync("""{"model":"seasonal-naive","frequency":"P1D","horizon":3,"series":[{"id":"x","start":"2024-01-01","values":[1,2,3,4,5,6,7,1.5,2,3,4,5,6,7]}]}"""));
        series["mean"]!.AsArray().Select(v => v!.GetValue<double>()).ShouldBe([1.5, 2, 3]);
        series["cutoff"]!.GetValue<string>().ShouldBe("2024-01-14");
    }

    [Fact]
    public async Task Words_about_the_horizon_change_a_forecast_and_the_answer_tells_it_without_them_too()
    {
        const string Model = "smetimes{segment: 6, segments: 3, prompts: published, epochs: 2, steps: 5, batch: 8, stride: 6}";
        JsonNode Body(string? context)
        {
            var body = JsonNode.Parse(Bodies.Forecast(Model, Bodies.Values(150), id: "told"))!;
            if (context is not null) body["context"] = context;
            return body;
        }

        var plain = One(await ForecastAsync(Body(null).ToJsonString()));
        var told = One(await ForecastAsync(Body("a strike, demand halves").ToJsonString()));
        plain["withoutNotes"].ShouldBeNull();
        told["mean"]!.ToJsonString().ShouldNotBe(plain["mean"]!.ToJsonString());
        told["withoutNotes"]!["mean"]!.ToJsonString().ShouldBe(plain["mean"]!.ToJsonString());
        told["withoutNotes"]!["quantiles"]!.ToJsonString().ShouldBe(plain["quantiles"]!.ToJsonString());

        var dated = Body(null);
        dated["series"]![0]!["notes"] = JsonNode.Parse("""[{"text":"a strike, demand halves","from":"2024-05-30","to":"2024-06-01","knownFrom":"2024-05-29"}]""");
        One(await ForecastAsync(dated.ToJsonString()))["mean"]!.ToJsonString().ShouldBe(told["mean"]!.ToJsonString());
        dated["series"]![0]!["notes"]![0]!["knownFrom"] = "2024-05-30";
        One(await ForecastAsync(dated.ToJsonString()))["mean"]!.ToJsonString().ShouldBe(plain["mean"]!.ToJsonString(), "it was not known yet");
    }

    [Fact]
    public async Task Parameters_are_fitted_then_cached_then_conditioned_and_the_answer_says_which()
    {
        var values = Bodies.Values(200, seed: 42);
        Origin(await ForecastAsync(Bodies.Forecast("garch(1,1)", values[..190], id: "origin"))).ShouldBe("fitted");
        Origin(await ForecastAsync(Bodies.Forecast("garch(1,1)", values[..190], id: "origin"))).ShouldBe("cached");
        var later = await ForecastAsync(Bodies.Forecast("garch(1,1)", values, id: "origin"));
        Origin(later).ShouldBe("conditioned");
        One(later)["fit"]!["rows"]!.GetValue<int>().ShouldBe(190);
        One(later)["cutoff"]!.GetValue<string>().ShouldBe("2024-07-18");
        Origin(await ForecastAsync(Bodies.Forecast("garch(1,1)", values, "always", id: "origin"))).ShouldBe("fitted");
    }

    [Fact]
    public async Task A_conditioned_forecast_differs_from_the_older_one_and_a_moved_window_is_conditioned_too()
    {
        var values = Bodies.Values(220, seed: 5);
        var old = await ForecastAsync(Bodies.Forecast("arima(1,0,0)", values[..200], id: "window"));
        var moved = await ForecastAsync(Bodies.Forecast("arima(1,0,0)", values[10..210], id: "window", start: "2024-01-11"));
        Origin(moved).ShouldBe("conditioned");
        One(moved)["mean"]!.ToJsonString().ShouldNotBe(One(old)["mean"]!.ToJsonString());
    }

    [Fact]
    public async Task Changed_history_is_never_conditioned()
    {
        var values = Bodies.Values(120, seed: 9);
        Origin(await ForecastAsync(Bodies.Forecast("mean", values, id: "changed"))).ShouldBe("fitted");
        values[50] += 1e-9;
        Origin(await ForecastAsync(Bodies.Forecast("mean", values, id: "changed"))).ShouldBe("fitted");
        Origin(await ForecastAsync(Bodies.Forecast("mean", values[..100], id: "changed"))).ShouldBe("fitted", "a fit that saw later rows would leak them");
    }

    [Fact]
    public async Task Refit_never_without_a_kept_fit_is_an_error()
    {
        using var answer = await _server.PostAsync("/v1/forecasts", Bodies.Forecast("drift", Bodies.Values(50), "never", id: "none"));
        (await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().ShouldBe("fit-missing");
    }

    [Fact]
    public async Task A_series_that_fails_has_its_error_in_its_place()
    {
        var values = string.Join(',', Bodies.Values(100).Select(v => v.ToString("R")));
        var answer = await ForecastAsync($$"""{"model":"garch(1,1)","frequency":"P1D","horizon":1,"series":[{"id":"good","start":"2024-01-01","values":[{{values}}]},{"id":"short","start":"2024-01-01","values":[1]}]}""");
        answer["failed"]!.GetValue<int>().ShouldBe(1);
        answer["series"]![0]!["mean"].ShouldNotBeNull();
        answer["series"]![1]!["error"]!["code"]!.GetValue<string>().ShouldBe("series-too-short");
        answer["series"]![1]!["error"]!["pointer"]!.GetValue<string>().ShouldBe("/series/1");
    }

    [Fact]
    public async Task Timestamps_covariates_and_an_exchange_calendar_are_understood()
    {
        var gap = One(await ForecastAsync("""{"model":"naive","frequency":"P1D","horizon":1,"series":[{"id":"x","timestamps":["2024-01-01","2024-01-02","2024-01-04"],"values":[1,2,3]}]}"""));
        gap["fit"]!["rows"]!.GetValue<int>().ShouldBe(4);
        var holiday = One(await ForecastAsync("""{"model":"naive","frequency":"P1D","calendar":"XNYS","horizon":1,"series":[{"id":"x","start":"2024-07-01","values":[1,2,3]}]}"""));
        holiday["timestamps"]![0]!.GetValue<string>().ShouldBe("2024-07-05");
        var index = One(await ForecastAsync("""{"model":"naive","frequency":"index","horizon":1,"series":[{"id":"x","values":[1,null,3],"past":{"p":[1,2,3]},"static":{"s":1}}]}"""));
        index["timestamps"]![0]!.GetValue<string>().ShouldBe("4");
        var months = One(await ForecastAsync("""{"model":"naive","frequency":"P1M","horizon":2,"series":[{"id":"x","start":"2024-01-31","values":[1,2]}]}"""));
        months["timestamps"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe(["2024-03-31", "2024-04-30"]);
    }

    private async Task<JsonNode> ForecastAsync(string body)
    {
        using var answer = await _server.PostAsync("/v1/forecasts", body);
        return await Server.JsonAsync(answer, HttpStatusCode.OK);
    }

    private static JsonNode One(JsonNode answer) => answer["series"]![0].ShouldNotBeNull();

    private static string Origin(JsonNode answer) => One(answer)["origin"]!.GetValue<string>();
}
