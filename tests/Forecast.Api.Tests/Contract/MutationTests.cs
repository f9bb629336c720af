using System.Net;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Contract;

/// <summary>No request, however broken, makes the server fail: never a 5xx but 503 with <c>Retry-After</c>.</summary>
public sealed class MutationTests
{
    [Fact]
    public Task A_thousand_mutated_requests_never_break_the_server() => BombardAsync(1_000, seed: 1);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_thousand_mutated_requests_never_break_the_server() => BombardAsync(20_000, seed: 2);

    private static async Task BombardAsync(int count, int seed)
    {
        await using var server = await Server.StartAsync();
        var mutator = new RequestMutator(await server.GetAsync("/openapi/v1.json"), seed);
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            using var request = mutator.Next();
            var told = $"request {i}: {request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync(Cancel))}";
            using var answer = await server.Http.SendAsync(request, Cancel);
            var status = (int)answer.StatusCode;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) answer.Headers.RetryAfter.ShouldNotBeNull(told);
            else status.ShouldBeLessThan(500, $"{told}\n{await answer.Content.ReadAsStringAsync(Cancel)}");
            if (status >= 400 && request.Method != HttpMethod.Head) answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", told);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"answers by status: {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}");
        (await server.GetAsync("/health/ready"))["status"]!.GetValue<string>().ShouldBe("ok");
        statuses.GetValueOrDefault(200).ShouldBeGreaterThan(count / 50, "some requests must get through to what lies behind the checks");
        statuses.GetValueOrDefault(422).ShouldBeGreaterThan(count / 50);
    }
}
