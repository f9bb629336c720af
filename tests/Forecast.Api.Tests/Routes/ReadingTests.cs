using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>The happy path of every other route.</summary>
public sealed class ReadingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Wide = "date,y,z\n2024-01-01,1,4\n2024-01-02,2,\n2024-01-04,5,6\n";
    private const string Long = "unique_id,ds,y\na,2024-01-01,1\na,2024-01-02,2\nb,2024-01-01,3\nb,2024-01-02,4\n";
    private readonly Server _server = shared.Server;

    [Fact]
    public async Task Health_limits_and_models()
    {
        (await _server.GetAsync("/health/live"))["status"]!.GetValue<string>().ShouldBe("ok");
        (await _server.GetAsync("/health/ready"))["status"]!.GetValue<string>().ShouldBe("ok");
        (await _server.GetAsync("/v1/limits"))["horizon"]!.GetValue<int>().ShouldBe(1000);
        var models = (await _server.GetAsync("/v1/models"))["items"]!.AsArray();
        models.Select(m => m!["name"]!.GetValue<string>()).ShouldContain("garch");
        var garch = await _server.GetAsync("/v1/models/garch");
        garch["options"]!["$schema"]!.GetValue<string>().ShouldBe("https://json-schema.org/draft/2020-12/schema");
        garch["options"]!["properties"]!["dist"]!["enum"]!.AsArray().Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Without_pages_the_root_says_so_in_plain_text()
    {
        using var answer = await _server.Http.GetAsync("/", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("the web pages are not built");
    }

    [Theory]
    [InlineData("wide", Wide, false, 2, 8)]
    [InlineData("wide-gz", Wide, true, 2, 8)]
    [InlineData("long", Long, false, 2, 4)]
    [InlineData("long-gz", Long, true, 2, 4)]
    public async Task An_uploaded_file_is_found_and_read(string name, string csv, bool gzip, int series, int rows)
    {
        using var upload = await UploadAsync(name, csv, gzip);
        var dataset = await Server.JsonAsync(upload, HttpStatusCode.Created);
        upload.Headers.Location!.ToString().ShouldBe($"/v1/datasets/{name}");
        dataset["seriesCount"]!.GetValue<int>().ShouldBe(series);
        dataset["rows"]!.GetValue<int>().ShouldBe(rows);
        var again = await _server.GetAsync($"/v1/datasets/{name}");
        again["dataHash"]!.GetValue<string>().ShouldBe(dataset["dataHash"]!.GetValue<string>());
        var first = again["series"]![0]!["id"]!.GetValue<string>();
        (await _server.GetAsync($"/v1/datasets/{name}/series/{first}"))["values"]![1]!.GetValue<double>().ShouldBe(2);
        (await _server.GetAsync("/v1/datasets"))["items"]!.AsArray().Select(d => d!["name"]!.GetValue<string>()).ShouldContain(name);
    }

    [Fact]
    public async Task Shipped_datasets_are_listed_and_their_values_read()
    {
        var list = (await _server.GetAsync("/v1/datasets"))["items"]!.AsArray();
        list.Single(d => d!["name"]!.GetValue<string>() == "air_passengers")!["kind"]!.GetValue<string>().ShouldBe("shipped");
        var values = await _server.GetAsync("/v1/datasets/air_passengers/series/air_passengers?last=2");
        values["timestamps"]!.AsArray().Select(t => t!.GetValue<string>()).ShouldBe(["1960-11-01", "1960-12-01"]);
        values["values"]!.AsArray().Select(t => t!.GetValue<double>()).ShouldBe([390, 432]);
        (await _server.GetAsync("/v1/datasets/air_passengers"))["rows"]!.GetValue<int>().ShouldBe(144);
    }

    [Fact]
    public async Task A_back_test_can_be_followed_from_request_to_report()
    {
        using var accepted = await _server.PostAsync("/v1/backtests", Bodies.QuickBacktest);
        var job = (await Server.JsonAsync(accepted, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        accepted.Headers.Location!.ToString().ShouldBe($"/v1/jobs/{job}");
        accepted.Headers.RetryAfter.ShouldNotBeNull();
        var ended = await _server.EndOfAsync(job);
        ended["state"]!.GetValue<string>().ShouldBe("succeeded");
        var run = await _server.GetAsync($"/v1/runs/{ended["runId"]!.GetValue<string>()}");
        run["status"]!.GetValue<string>().ShouldBe("finished");
        run["predictionsHash"]!.GetValue<string>().ShouldBe(ended["result"]!["predictionsHash"]!.GetValue<string>());
        (await _server.GetAsync("/v1/jobs?state=succeeded"))["items"]!.AsArray().Select(j => j!["id"]!.GetValue<string>()).ShouldContain(job);
        (await _server.GetAsync("/v1/runs?status=finished"))["items"]!.AsArray().Select(j => j!["id"]!.GetValue<string>()).ShouldContain(job);
        (await _server.GetAsync($"/v1/runs/{job}/metrics?model=naive&series=all&name=MAE"))["items"]!.AsArray().Single()!["value"]!.GetValue<double>().ShouldBeGreaterThan(0);
        await PredictionsAgreeAsync(job, ended["result"]!["predictions"]!.GetValue<int>());
        using var report = await _server.Http.GetAsync($"/v1/runs/{job}/report", Cancel);
        report.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await report.Content.ReadAsStringAsync(Cancel)).ShouldStartWith("<!doctype html>");
    }

    [Fact]
    public async Task A_report_that_was_removed_is_made_again()
    {
        using var accepted = await _server.PostAsync("/v1/backtests", Bodies.QuickBacktest);
        var job = (await Server.JsonAsync(accepted, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        await _server.EndOfAsync(job);
        var before = await _server.Http.GetStringAsync($"/v1/runs/{job}/report", Cancel);
        File.Delete(Path.Combine(_server.Home, "runs", job, "report.html"));
        (await _server.Http.GetStringAsync($"/v1/runs/{job}/report", Cancel)).Length.ShouldBe(before.Length);
    }

    /// <summary>Pages of JSON and the CSV tell the same forecasts.</summary>
    private async Task PredictionsAgreeAsync(string run, int expected)
    {
        var means = new List<double>();
        string? after = null;
        do
        {
            var page = await _server.GetAsync($"/v1/runs/{run}/predictions?limit=50{(after is null ? "" : $"&after={after}")}");
            means.AddRange(page["items"]!.AsArray().SelectMany(p => p!["mean"]!.AsArray().Select(m => m!.GetValue<double>())));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);

        means.Count.ShouldBe(expected);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/runs/{run}/predictions") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/csv") } } };
        using var csv = await _server.Http.SendAsync(request, Cancel);
        var lines = (await csv.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("model,series,cutoff,timestamp,h,actual,mean,0.05,");
        lines.Skip(1).Select(l => double.Parse(l.Split(',')[6])).ShouldBe(means);
    }

    private Task<HttpResponseMessage> UploadAsync(string name, string csv, bool gzip)
    {
        var bytes = Encoding.UTF8.GetBytes(csv);
        if (gzip)
        {
            using var packed = new MemoryStream();
            using (var stream = new GZipStream(packed, CompressionLevel.Fastest)) stream.Write(bytes);
            bytes = packed.ToArray();
        }

        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(gzip ? "application/gzip" : "text/csv");
        return _server.Http.PostAsync($"/v1/datasets?name={name}&frequency=P1D", content, Cancel);
    }
}
