using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Forecast.Web.Tests.Support;

/// <summary>Runs that pages show: real data, real models, small.</summary>
internal static class Seeds
{
    public static async Task<(string Passengers, string Rates)> MakeAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(4) };
        var passengers = await StartAsync(http, new { data = "air_passengers", models = new[] { "naive", "seasonal-naive", "ets(M,A,M)" }, horizon = 12, step = 6, refit = "every:5", initial = 72 });
        var rates = await StartAsync(http, new
        {
            data = "ecb_reference_rates:eur_usd",
            models = new[] { "naive", "garch(1,1)" },
            horizon = 1,
            returns = "log",
            refit = "every:250",
            from = "2017-01-02",
            to = "2018-12-31",
            risk = new[] { 0.01, 0.05 },
            strategy = new { direction = "long-short" },
        });
        return (await RunAsync(http, passengers), await RunAsync(http, rates));
    }

    private static async Task<string> StartAsync(HttpClient http, object request)
    {
        using var answer = await http.PostAsJsonAsync("/v1/backtests", request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!["id"]!.GetValue<string>();
    }

    private static async Task<string> RunAsync(HttpClient http, string job)
    {
        while (true)
        {
            var now = JsonNode.Parse(await http.GetStringAsync($"/v1/jobs/{job}"))!;
            var state = now["state"]!.GetValue<string>();
            if (state == "succeeded") return now["runId"]!.GetValue<string>();
            state.ShouldBeOneOf("queued", "running");
            await Task.Delay(200);
        }
    }
}
