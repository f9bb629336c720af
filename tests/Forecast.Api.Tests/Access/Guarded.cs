using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;
using Forecast.Backtest.Wrappers;
using Forecast.Hosting;
using Forecast.Hosting.Keys;
using Forecast.Store.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Forecast.Api.Tests.Access;

/// <summary>A server in this process whose keys and routes the tests know, with things that belong to the tenant <c>acme</c>.</summary>
public sealed class Guarded : IAsyncLifetime
{
    /// <summary>Stands in the series, the unit and the reasons of acme's things: whoever else reads it has seen what is not theirs.</summary>
    public const string Secret = "hush";

    private readonly string _home = Directory.CreateTempSubdirectory("forecast-access-").FullName;
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private ForecastPlatform? _platform;
    private WebApplication? _app;
    private HttpClient? _http;

    /// <summary>What each parameter of a route stands for, acme's where it belongs to somebody.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; private set; } = null!;

    public string ForecastId => Parameters["forecasts/id"];

    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>();

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("FORECAST_HOME", _home);
        Environment.SetEnvironmentVariable("FORECAST_DATASETS", Repository.At("datasets"));
        _platform = await ForecastPlatform.OpenAsync(PlatformCatalogue.All, workers: 1, (_, _) => { }, Cancel);
        var now = SystemClock.Instance.GetCurrentInstant();
        await AddAsync("owner", "acme", ApiKey.Scopes);
        await AddAsync("other", "beta", ApiKey.Scopes);
        await AddAsync("expired", "acme", ApiKey.Scopes, expires: now - Duration.FromMinutes(1));
        await AddAsync("revoked", "acme", ApiKey.Scopes);
        await _platform.Store.Keys.RevokeAsync(ApiKey.TryParse(_keys["revoked"])!.Id, Cancel);
        await AddAsync("hasty", "acme", ApiKey.Scopes, perMinute: 3);
        foreach (var scope in ApiKey.Scopes) await AddAsync($"without-{scope}", "acme", [.. ApiKey.Scopes.Where(s => s != scope)]);
        _app = ApiHost.Build(_platform, new ApiOptions { Port = 0 });
        await _app.StartAsync(Cancel);
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        await FillAsync();
    }

    /// <param name="key">One of the keys by name; null = none, other text = as it is.</param>
    /// <param name="method">Method.</param>
    /// <param name="path">Address.</param>
    /// <param name="body">JSON, or CSV; null = none.</param>
    public Task<HttpResponseMessage> SendAsync(string? key, string method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _keys.GetValueOrDefault(key, key));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, body.StartsWith('{') ? "application/json" : "text/csv");
        return _http!.SendAsync(request, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_platform is not null) await _platform.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    private async Task AddAsync(string name, string tenant, IReadOnlyList<string> scopes, Instant? expires = null, int perMinute = 0)
    {
        var key = ApiKey.Create();
        await _platform!.Store.Keys.AddAsync(key.Id, key.SecretHash, new NewApiKey(tenant, name, scopes, perMinute, expires), Cancel);
        _keys[name] = key.Text;
    }

    private async Task FillAsync()
    {
        var days = Enumerable.Range(0, 60).Select(t => $"{new DateOnly(2024, 1, 1).AddDays(t):yyyy-MM-dd},{t % 7}");
        using var file = new HttpRequestMessage(HttpMethod.Post, $"/v1/datasets?name=cellar&frequency=P1D&unit={Secret}") { Content = new StringContent($"date,{Secret}\n{string.Join('\n', days)}\n", Encoding.UTF8, "text/csv") };
        file.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _keys["owner"]);
        using var uploaded = await _http!.SendAsync(file, Cancel);
        uploaded.EnsureSuccessStatusCode();
        var job = (await JsonAsync("/v1/backtests", """{"data":"cellar","models":["naive"],"horizon":1,"step":10,"initial":20}"""))["id"]!.GetValue<string>();
        var forecast = await JsonAsync("/v1/forecasts", Bodies.Forecast("seasonal-naive[7]", Bodies.Values(40), id: Secret));
        var forecastId = forecast["series"]![0]!["forecastId"]!.GetValue<string>();
        await JsonAsync("/v1/models/vault/versions", $$"""{"forecastId":"{{forecastId}}","reason":"{{Secret}}"}""");
        await JsonAsync("/v1/models/vault/versions/1/promote", $$"""{"reason":"{{Secret}}"}""");
        var retraining = (await JsonAsync("/v1/retrainings", $$"""{"name":"{{Secret}}","data":"cellar","model":"naive","horizon":1,"folds":5}"""))["id"]!.GetValue<string>();
        var schedule = await JsonAsync("/v1/schedules", $$$"""{"name":"{{{Secret}}}","cron":"0 0 1 1 *","backtest":{"data":"cellar","models":["naive"],"horizon":1,"step":10,"initial":20}}""");
        var webhook = await JsonAsync("/v1/webhooks", $$"""{"url":"https://{{Secret}}.invalid/jobs"}""");
        Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = job,
            ["forecasts/id"] = forecastId,
            ["retrainings/id"] = retraining,
            ["schedules/id"] = schedule["id"]!.GetValue<string>(),
            ["webhooks/id"] = webhook["id"]!.GetValue<string>(),
            ["datasets/name"] = "cellar",
            ["series"] = "cellar",
            ["models/name"] = "naive",
            ["versions/name"] = "vault",
            ["version"] = "1",
        };
        foreach (var one in new[] { job, retraining }) await SucceedAsync(one);
    }

    private async Task SucceedAsync(string job)
    {
        for (var state = ""; state != "succeeded"; await Task.Delay(50, Cancel))
        {
            using var answer = await SendAsync("owner", "GET", $"/v1/jobs/{job}");
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            state = JsonNode.Parse(text)!["state"]!.GetValue<string>();
            state.ShouldBeOneOf(["queued", "running", "succeeded"], text);
        }
    }

    private async Task<JsonNode> JsonAsync(string path, string body)
    {
        using var answer = await SendAsync("owner", "POST", path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
