using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Contract;

/// <summary>
/// No request, however broken, makes the server fail: never a 5xx but 503 with <c>Retry-After</c>. They come from a tenant who knows every
/// name and id of another's things, and no answer holds what is in these.
/// </summary>
public sealed class MutationTests
{
    /// <summary>Stands in everything of the other tenant's, and in no request.</summary>
    private const string Secret = "hush-hush";

    [Fact]
    public Task A_thousand_mutated_requests_never_break_the_server_nor_see_another_tenant() => BombardAsync(1_000, seed: 1, atOnce: 4);

    [Fact]
    [Trait("Category", "Soak")]
    public Task A_hundred_thousand_mutated_requests_never_break_the_server_nor_see_another_tenant() => BombardAsync(100_000, seed: 2, atOnce: 16);

    private static async Task BombardAsync(int count, int seed, int atOnce)
    {
        var home = Directory.CreateTempSubdirectory("forecast-mutations-").FullName;
        try
        {
            var (own, other) = (await CommandLine.KeyAsync(home, "acme"), await CommandLine.KeyAsync(home, "beta"));
            await using var server = await Server.StartAsync(home);
            server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", own);
            var known = await FillAsync(server);
            server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", other);
            var statuses = await SendAsync(server, new RequestMutator(await server.GetAsync("/openapi/v1.json"), seed, known), count, atOnce);
            TestContext.Current.TestOutputHelper?.WriteLine($"answers by status: {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}");
            (await server.GetAsync("/health/ready"))["status"]!.GetValue<string>().ShouldBe("ok");
            statuses.GetValueOrDefault(200).ShouldBeGreaterThan(count / 50, "some requests must get through to what lies behind the checks");
            statuses.GetValueOrDefault(422).ShouldBeGreaterThan(count / 50);
            statuses.GetValueOrDefault(401).ShouldBe(0);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<IReadOnlyDictionary<int, int>> SendAsync(Server server, RequestMutator mutator, int count, int atOnce)
    {
        var statuses = new ConcurrentDictionary<int, int>();
        var (gate, made) = (new Lock(), 0);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            while (Next() is var (number, request))
            {
                using (request)
                {
                    var told = $"request {number}: {request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(Cancel))}";
                    using var answer = await server.Http.SendAsync(request, Cancel);
                    var (status, text) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
                    statuses.AddOrUpdate(status, 1, (_, n) => n + 1);
                    if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) answer.Headers.RetryAfter.ShouldNotBeNull(told);
                    else status.ShouldBeLessThan(500, $"{told}\n{text}");
                    if (status >= 400) answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", told);
                    text.Contains(Secret, StringComparison.Ordinal).ShouldBeFalse($"{told}\n{text}");
                }
            }
        }));
        return statuses;

        (int Number, HttpRequestMessage Request)? Next()
        {
            lock (gate) return made < count ? (made++, mutator.Next()) : null;
        }
    }

    /// <summary>Gives the tenant a dataset, a run, a forecast and a registered model, and their names and ids.</summary>
    private static async Task<string[]> FillAsync(Server server)
    {
        var rows = Enumerable.Range(0, 60).Select(t => $"{new DateOnly(2024, 1, 1).AddDays(t):yyyy-MM-dd},{t % 7}");
        using var file = new StringContent($"date,{Secret}\n{string.Join('\n', rows)}\n", Encoding.UTF8, "text/csv");
        using var uploaded = await server.Http.PostAsync($"/v1/datasets?name=cellar&frequency=P1D&unit={Secret}", file, Cancel);
        uploaded.StatusCode.ShouldBe(HttpStatusCode.Created);
        var job = (await PostAsync(server, "/v1/backtests", """{"data":"cellar","models":["naive"],"horizon":1,"step":10,"initial":20}"""))["id"]!.GetValue<string>();
        await server.EndOfAsync(job);
        var forecast = (await PostAsync(server, "/v1/forecasts", Bodies.Forecast("mean", Bodies.Values(40), id: Secret)))["series"]![0]!["forecastId"]!.GetValue<string>();
        await PostAsync(server, "/v1/models/vault/versions", $$"""{"forecastId":"{{forecast}}","reason":"{{Secret}}"}""");
        await PostAsync(server, "/v1/models/vault/versions/1/promote", "{}");
        return ["cellar", job, forecast, "vault", "vault@1", "vault@champion", "run:cellar", "default/cellar", "acme/cellar"];
    }

    private static async Task<JsonNode> PostAsync(Server server, string path, string body)
    {
        using var answer = await server.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }
}
