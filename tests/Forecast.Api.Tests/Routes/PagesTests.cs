using System.Net;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary><c>--web</c>: files as they are, the index for addresses of the pages' own router, and never in place of the API.</summary>
public sealed class PagesTests
{
    [Fact]
    public async Task Built_pages_are_served_beside_the_api()
    {
        var folder = Directory.CreateTempSubdirectory("forecast-pages-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "assets"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "index.html"), "<!doctype html><title>pages</title>", Cancel);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "assets", "main-1a2b.js"), "export {};", Cancel);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "third-party-notices.txt"), "licences", Cancel);
            await using var server = await Server.StartAsync(null, "--web", folder.FullName);
            foreach (var path in new[] { "/", "/backtests", "/runs/an-id", "/explore?data=co2" }) await IsAsync(server, path, "text/html", "<title>pages</title>");
            await IsAsync(server, "/assets/main-1a2b.js", "text/javascript", "export {};");
            await IsAsync(server, "/third-party-notices.txt", "text/plain", "licences");
            await IsAsync(server, "/v1/limits", "application/json", "forecastSeconds");
            foreach (var path in new[] { "/v1/nothing", "/assets/gone.js", "/../secret.txt", "/openapi/v9" })
            {
                using var missing = await server.Http.GetAsync(path, Cancel);
                (await Server.JsonAsync(missing, HttpStatusCode.NotFound))["code"]!.GetValue<string>().ShouldBe("route-unknown");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task IsAsync(Server server, string path, string type, string content)
    {
        using var answer = await server.Http.GetAsync(path, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type, path);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain(content);
    }
}
