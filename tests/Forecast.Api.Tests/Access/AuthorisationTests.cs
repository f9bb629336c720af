using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forecast.Api.Access;
using Forecast.Hosting.Keys;
using Microsoft.AspNetCore.Routing;

namespace Forecast.Api.Tests.Access;

/// <summary>
/// The table: every route that the running server has, against every way of not being allowed. A route that is added comes into the
/// table by itself; one with a parameter that is not known here fails until it is said what it stands for.
/// </summary>
public sealed partial class AuthorisationTests(Guarded server) : IClassFixture<Guarded>
{
    private static readonly string[] Open = ["GET /health/live", "GET /health/ready", "GET /openapi/v1.json"];

    [Fact]
    public void Few_routes_are_open()
    {
        var open = Table().Where(r => r.Scope is null).Select(r => $"{r.Method} {r.Pattern}").Distinct(StringComparer.Ordinal);
        open.ShouldBe(Open, ignoreOrder: true);
        Table().Count().ShouldBeGreaterThan(25);
    }

    [Theory]
    [InlineData(null, "key-missing")]
    [InlineData("nonsense", "key-unknown")]
    [InlineData("fc_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "key-unknown")]
    [InlineData("expired", "key-expired")]
    [InlineData("revoked", "key-revoked")]
    public async Task Without_a_good_key_no_route_answers(string? key, string code)
    {
        foreach (var route in Table().Where(r => r.Scope is not null))
        {
            using var answer = await server.SendAsync(key, route.Method, route.Path, Body(route));
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{route}: {text}");
            answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            if (route.Method != "HEAD") JsonNode.Parse(text)!["code"]!.GetValue<string>().ShouldBe(code);
            text.ShouldNotContain(Guarded.Secret);
        }
    }

    [Fact]
    public async Task Without_its_scope_no_route_answers()
    {
        foreach (var route in Table().Where(r => r.Scope is not null))
        {
            using var answer = await server.SendAsync($"without-{route.Scope}", route.Method, route.Path, Body(route));
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{route}: {text}");
            text.ShouldContain($"'{route.Scope}'");
            text.ShouldNotContain(Guarded.Secret);
        }
    }

    [Fact]
    public async Task A_schedule_that_retrains_needs_the_scope_of_the_registry_too()
    {
        const string Body = """{"name":"x","cron":"0 6 * * *","retraining":{"name":"n","data":"cellar","model":"naive","horizon":1,"folds":5}}""";
        using var answer = await server.SendAsync("without-registry", "POST", "/v1/schedules", Body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["code"]!.GetValue<string>().ShouldBe("scope-missing");
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_that_is_not_its_own()
    {
        foreach (var route in Table())
        {
            using var answer = await server.SendAsync("other", route.Method, route.Path, Body(route));
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            ((int)answer.StatusCode).ShouldBeLessThan(500, $"{route}: {text}");
            if (route.IsOwned) answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{route}: {text}");
            if (!route.Path.Contains(Guarded.Secret, StringComparison.Ordinal)) text.ShouldNotContain(Guarded.Secret, Case.Sensitive, route.ToString());
            if (!route.IsOwned && !route.Pattern.StartsWith("/openapi", StringComparison.Ordinal)) text.ShouldNotContain(server.Parameters["id"], Case.Sensitive, route.ToString());
        }
    }

    [Fact]
    public async Task The_owner_finds_it_all()
    {
        foreach (var route in Table().Where(r => r.Method == "GET"))
        {
            using var answer = await server.SendAsync("owner", route.Method, route.Path);
            answer.IsSuccessStatusCode.ShouldBeTrue($"{route}: {await answer.Content.ReadAsStringAsync(Cancel)}");
        }
    }

    [Fact]
    public async Task Another_tenant_cannot_use_what_is_not_its_own()
    {
        (await RefusedAsync("/v1/backtests", """{"data":"cellar","models":["naive"],"horizon":1}""")).ShouldBe("data-unknown");
        (await RefusedAsync("/v1/forecasts", """{"model":"vault@1","frequency":"P1D","horizon":1,"series":[{"id":"a","start":"2024-01-01","values":[1,2,3]}]}""")).ShouldBe("model-version-unknown");
        (await RefusedAsync("/v1/forecasts", """{"model":"vault@champion","frequency":"P1D","horizon":1,"series":[{"id":"a","start":"2024-01-01","values":[1,2,3]}]}""")).ShouldBe("model-version-unknown");
        (await RefusedAsync("/v1/models/mine/versions", $$"""{"forecastId":"{{server.ForecastId}}"}""")).ShouldBe("forecast-unknown");
    }

    [Fact]
    public async Task The_same_data_of_two_tenants_share_neither_fit_nor_version_number_nor_idempotency_key()
    {
        var body = Support.Bodies.Forecast("mean", Support.Bodies.Values(30, seed: 9));
        (await OriginAsync("owner", body)).ShouldBe("fitted");
        (await OriginAsync("owner", body)).ShouldBe("cached");
        (await OriginAsync("other", body)).ShouldBe("fitted");

        async Task<string> OriginAsync(string key, string request)
        {
            using var answer = await server.SendAsync(key, "POST", "/v1/forecasts", request);
            var series = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["series"]![0]!;
            using var trace = await server.SendAsync(key, "GET", $"/v1/forecasts/{series["forecastId"]!.GetValue<string>()}");
            JsonNode.Parse(await trace.Content.ReadAsStringAsync(Cancel))!["modelVersion"]!["version"]!.GetValue<int>().ShouldBe(1);
            return series["origin"]!.GetValue<string>();
        }
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_back()
    {
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 8; i++) answers.Add(await server.SendAsync("hasty", "GET", "/v1/limits"));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeInRange(3, 4);
        var refused = answers.First(a => a.StatusCode != HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancel))!["code"]!.GetValue<string>().ShouldBe("rate-limited");
        using var another = await server.SendAsync("owner", "GET", "/v1/limits");
        another.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var answer in answers) answer.Dispose();
    }

    private async Task<string> RefusedAsync(string path, string body)
    {
        using var answer = await server.SendAsync("other", "POST", path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        ((int)answer.StatusCode).ShouldBeInRange(404, 422, text);
        text.ShouldNotContain(Guarded.Secret);
        return JsonNode.Parse(text)!["code"]!.GetValue<string>();
    }

    private IEnumerable<Route> Table() =>
        from endpoint in server.Routes
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        let scope = endpoint.Metadata.GetMetadata<RouteScope>()
        select new Route(
            method, pattern, ParameterPattern().Replace(pattern, m => Uri.EscapeDataString(Value(pattern, m.Groups["name"].Value))), scope is null ? method == "GET" ? ApiKey.ReadScope : ApiKey.JobScope : scope.Scope);

    private string Value(string pattern, string name)
    {
        if (pattern.Contains("/versions", StringComparison.Ordinal) && name == "name") return server.Parameters["versions/name"];
        var room = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries)[1];
        return server.Parameters.TryGetValue($"{room}/{name}", out var own) ? own
            : server.Parameters.TryGetValue(name, out var shared) ? shared
            : throw new InvalidOperationException($"route {pattern}: say in {nameof(Guarded)} what '{name}' stands for");
    }

    /// <summary>Enough of a body to get past the reading of it.</summary>
    private string? Body(Route route) => route.Method == "PATCH" ? """{"state":"paused"}"""
        : route.Method != "POST" ? null
        : route.Pattern.EndsWith("/versions", StringComparison.Ordinal) ? $$"""{"forecastId":"{{server.ForecastId}}"}"""
        : route.Pattern.EndsWith("/approve", StringComparison.Ordinal) || route.Pattern.EndsWith("/reject", StringComparison.Ordinal) ? """{"reason":"none"}"""
        : route.Pattern == "/v1/datasets" ? "date,y\n2024-01-01,1\n"
        : "{}";

    private sealed record Route(string Method, string Pattern, string Path, string? Scope)
    {
        /// <summary>Whether the address leads to something of acme's; an upload and a version under a taken name make something of one's own.</summary>
        public bool IsOwned => Pattern.Contains('{', StringComparison.Ordinal) && (!Pattern.StartsWith("/v1/models/{name}", StringComparison.Ordinal) || Pattern.Contains("{version}", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\{\**(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterPattern();
}
