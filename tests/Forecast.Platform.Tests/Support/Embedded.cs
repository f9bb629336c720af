using System.Text;
using System.Text.Json.Nodes;

namespace Forecast.Platform.Tests.Support;

/// <summary>The same back-test in one process on its defaults, which nobody disturbs: what every other way must come to.</summary>
public static class Embedded
{
    /// <returns>Hash over all predictions.</returns>
    public static async Task<string> HashAsync(string request, CancellationToken cancellation)
    {
        var home = Directory.CreateTempSubdirectory("forecast-calm-");
        try
        {
            await using var server = ForecastProcess.Start(home.FullName, new Dictionary<string, string>(StringComparer.Ordinal), "serve", "--port", "0");
            using var http = new HttpClient { BaseAddress = new Uri((await server.FirstOut).Split(' ').First(w => w.StartsWith("http://", StringComparison.Ordinal))) };
            using var accepted = await http.PostAsync(new Uri("/v1/backtests", UriKind.Relative), new StringContent(request, Encoding.UTF8, "application/json"), cancellation);
            var job = JsonNode.Parse(await accepted.Content.ReadAsStringAsync(cancellation))!["id"]!.GetValue<string>();
            while (true)
            {
                var now = JsonNode.Parse(await http.GetStringAsync(new Uri($"/v1/jobs/{job}", UriKind.Relative), cancellation))!;
                if (now["state"]!.GetValue<string>() is "succeeded") return now["result"]!["predictionsHash"]!.GetValue<string>();
                now["state"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
                await Task.Delay(100, cancellation);
            }
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
