using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Faults;

/// <summary>Every kind of bad request gives its problem, and says where the fault lies.</summary>
public sealed class BadRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly Server _server = shared.Server;

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < BadRequests.All.Count; i++) data.Add(i, $"{BadRequests.All[i].Code} {BadRequests.All[i].Where}");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_bad_request_is_refused_with_its_problem(int number, string what)
    {
        var bad = BadRequests.All[number];
        using var request = new HttpRequestMessage(new HttpMethod(bad.Method), bad.Path);
        if (bad.Body is not null) request.Content = new StringContent(bad.Body, Encoding.UTF8, "application/json");
        using var answer = await _server.Http.SendAsync(request, Cancel);
        var problem = await Server.JsonAsync(answer, (HttpStatusCode)bad.Status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        problem["type"]!.GetValue<string>().ShouldBe($"urn:forecast:problem:{bad.Code}", $"{what}: {problem}");
        problem["status"]!.GetValue<int>().ShouldBe(bad.Status);
        problem["detail"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        if (bad.Where is null) return;
        var first = problem["errors"]![0].ShouldNotBeNull(problem.ToString());
        (first["pointer"] ?? first["parameter"])!.GetValue<string>().ShouldBe(bad.Where, problem.ToString());
    }

    [Fact]
    public void The_table_has_at_least_forty_kinds() => BadRequests.All.Select(b => (b.Status, b.Code)).Distinct().Count().ShouldBeGreaterThanOrEqualTo(40);

    [Fact]
    public async Task All_faults_of_a_body_are_told_at_once()
    {
        using var answer = await _server.PostAsync("/v1/forecasts", """{"model":"nope","frequency":"daily","horizon":0,"levels":[2],"x":1,"series":[{"id":"a"}]}""");
        var problem = await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem["code"]!.GetValue<string>().ShouldBe("request-invalid");
        problem["errors"]!.AsArray().Select(e => e!["pointer"]!.GetValue<string>()).ShouldBe(["/model", "/frequency", "/horizon", "/levels/0", "/x"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("text/plain", "/v1/forecasts", 415, "media-type-unsupported")]
    [InlineData("text/plain", "/v1/backtests", 415, "media-type-unsupported")]
    [InlineData("application/json", "/v1/datasets?name=x", 415, "media-type-unsupported")]
    [InlineData("text/csv", "/v1/datasets", 400, "dataset-name-invalid")]
    [InlineData("text/csv", "/v1/datasets?name=../x", 422, "dataset-name-invalid")]
    [InlineData("text/csv", "/v1/datasets?name=air_passengers", 409, "dataset-name-reserved")]
    [InlineData("text/csv", "/v1/datasets?name=x", 422, "frequency-missing")]
    [InlineData("text/csv", "/v1/datasets?name=x&frequency=daily", 422, "frequency-unknown")]
    [InlineData("text/csv", "/v1/datasets?name=x&frequency=P1D&calendar=MOON", 422, "calendar-unknown")]
    [InlineData("text/csv", "/v1/datasets?name=x&frequency=P1D&zone=Berlin", 422, "zone-unknown")]
    [InlineData("text/csv", "/v1/datasets?name=x&frequency=P1D&time=nope", 422, "column-unknown")]
    public async Task Bodies_of_the_wrong_type_and_wrong_uploads_are_refused(string type, string path, int status, string code)
    {
        var content = new StringContent("date,y\n2024-01-01,1\n2024-01-02,2\n");
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _server.Http.PostAsync(path, content, Cancel);
        (await Server.JsonAsync(answer, (HttpStatusCode)status))["code"]!.GetValue<string>().ShouldBe(code);
    }

    [Theory]
    [InlineData("", "file-empty")]
    [InlineData("date;y\n2024-01-01;1\n", "separator-invalid")]
    [InlineData("date,y\n2024-01-01,abc\n", "number-invalid")]
    [InlineData("\u001f\u008b\u0008", "gzip-invalid")]
    public async Task A_broken_file_is_refused_without_naming_a_place_of_the_server(string csv, string code)
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(csv));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var answer = await _server.Http.PostAsync("/v1/datasets?name=broken&frequency=P1D", content, Cancel);
        var problem = await Server.JsonAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem["code"]!.GetValue<string>().ShouldBe(code);
        problem["detail"]!.GetValue<string>().ShouldNotContain(Path.GetTempPath());
    }

    [Fact]
    public async Task Wrong_headers_and_oversized_bodies_are_refused()
    {
        using var key = new HttpRequestMessage(HttpMethod.Post, "/v1/backtests") { Content = new StringContent(Bodies.QuickBacktest, Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", new string('k', 201) } } };
        using var refused = await _server.Http.SendAsync(key, Cancel);
        (await Server.JsonAsync(refused, HttpStatusCode.BadRequest))["errors"]![0]!["parameter"]!.GetValue<string>().ShouldBe("Idempotency-Key");
        using var host = new HttpRequestMessage(HttpMethod.Get, "/v1/limits") { Headers = { Host = "elsewhere.example" } };
        using var turnedAway = await _server.Http.SendAsync(host, Cancel);
        turnedAway.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/v1/forecasts") { Content = new ByteArrayContent(new byte[(32 << 20) + 1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        large.Headers.ExpectContinue = true;  // the server refuses before it is sent
        using var tooLarge = await _server.Http.SendAsync(large, Cancel);
        tooLarge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
