using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>How bodies travel: line by line, and compressed.</summary>
public sealed class BodiesOnTheLineTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static string Many(int series, int bad) => JsonSerializer.Serialize(new
    {
        model = "garch(1,1)",
        frequency = "P1D",
        horizon = 4,
        seed = 3,
        refit = "always",
        series = Enumerable.Range(0, series).Select(i => new { id = $"s{i}", start = "2024-01-01", values = Bodies.Values(i == bad ? 3 : 60, seed: i + 1) }),
    });

    [Fact]
    public async Task Lines_hold_what_one_answer_holds_and_the_last_says_how_many()
    {
        var body = Many(40, bad: 7);
        using var whole = await shared.Server.PostAsync("/v1/forecasts", body);
        var expected = (await Server.JsonAsync(whole, HttpStatusCode.OK))["series"]!.AsArray().ToDictionary(s => s!["id"]!.GetValue<string>(), Told);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/forecasts") { Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/x-ndjson") } } };
        using var answer = await shared.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();
        lines[^1].ToJsonString().ShouldBe("""{"done":true,"count":40,"failed":1}""");
        lines[..^1].ToDictionary(s => s["id"]!.GetValue<string>(), Told).ShouldBe(expected, ignoreOrder: true);

        // Ids of forecasts are new each time.
        static string Told(JsonNode? series)
        {
            var told = series!.AsObject();
            told.Remove("forecastId");
            return told.ToJsonString();
        }
    }

    [Fact]
    public async Task A_request_that_is_wrong_as_a_whole_is_a_problem_and_no_line()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/forecasts") { Content = new StringContent("{}", Encoding.UTF8, "application/json"), Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/x-ndjson") } } };
        using var answer = await shared.Server.Http.SendAsync(request, Cancel);
        await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compressed_bodies_are_read_and_given(string encoding)
    {
        var body = Many(10, bad: -1);
        using var plain = await shared.Server.PostAsync("/v1/forecasts", body);
        var length = (await plain.Content.ReadAsByteArrayAsync(Cancel)).Length;
        using var answer = await SendAsync(Packed(Encoding.UTF8.GetBytes(body), encoding), encoding, accept: "gzip");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
        bytes.Length.ShouldBeLessThan(length * 2 / 3);
        await using var unpacked = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        (await JsonNode.ParseAsync(unpacked, cancellationToken: Cancel))!["series"]!.AsArray().Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_huge_one_is_refused()
    {
        var bomb = Packed(new byte[64 << 20], "gzip");
        bomb.Length.ShouldBeLessThan(1 << 20);
        using var answer = await SendAsync(bomb, "gzip");
        (await Server.JsonAsync(answer, HttpStatusCode.RequestEntityTooLarge))["code"]!.GetValue<string>().ShouldBe("body-too-large");
    }

    [Fact]
    public async Task What_cannot_be_unpacked_is_told()
    {
        using var damaged = await SendAsync([0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], "gzip");
        (await Server.JsonAsync(damaged, HttpStatusCode.BadRequest))["code"]!.GetValue<string>().ShouldBe("encoding-invalid");
        using var unknown = await SendAsync([1, 2, 3], "br");
        (await Server.JsonAsync(unknown, HttpStatusCode.UnsupportedMediaType))["code"]!.GetValue<string>().ShouldBe("encoding-unsupported");
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string encoding, string? accept = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/forecasts") { Content = content };
        if (accept is not null) request.Headers.AcceptEncoding.ParseAdd(accept);
        return await shared.Server.Http.SendAsync(request, Cancel);
    }

    private static byte[] Packed(byte[] body, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Optimal) : new ZLibStream(packed, CompressionLevel.Optimal)) stream.Write(body);
        return packed.ToArray();
    }
}
