using System.IO.Compression;
using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>Somebody who has read nothing, and what the first visit costs.</summary>
public sealed class NewcomerTests(Chromium chromium)
{
    private const int MostClicks = 8;
    private const int MostBytes = 450_000;

    private int _clicks;

    [Fact]
    public async Task A_newcomer_gets_from_a_file_to_a_report_in_eight_clicks()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/");
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Explore" }));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Upload CSV" }));
        var chooser = await page.RunAndWaitForFileChooserAsync(() => ClickAsync(page.GetByText("Choose a .csv or .csv.gz file")));
        await chooser.SetFilesAsync(Files.Monthly("newcomer"));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Store and show" }));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Forecast", Exact = true }));
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Chart" })).ToContainTextAsync("outcomes inside");
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Back-test it" }));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }));
        var report = page.GetByRole(AriaRole.Region, new() { Name = "Runs" }).Locator("tbody tr").Filter(new() { HasText = "newcomer" }).GetByRole(AriaRole.Link, new() { Name = "Report" });
        // Runs of other tests may stand in line before it.
        await report.WaitForAsync(new() { Timeout = 240_000 });
        await ClickAsync(report);
        await Assertions.Expect(page.Locator("ol.verdict")).ToBeVisibleAsync();
        _clicks.ShouldBeLessThanOrEqualTo(MostClicks);
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task The_first_visit_of_a_page_with_charts_loads_few_bytes()
    {
        await using var visit = await chromium.VisitAsync();
        var files = new List<IResponse>();
        visit.Page.Response += (_, response) => { if (!new Uri(response.Url).AbsolutePath.StartsWith("/v1", StringComparison.Ordinal)) files.Add(response); };
        await visit.Page.GotoAsync("/explore?data=air_passengers");
        await visit.Page.Locator(".plot canvas").First.WaitForAsync();
        await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        long sum = 0;
        foreach (var file in files) sum += Packed(await file.BodyAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"first load, gzip: {sum} bytes in {files.Count} files");
        files.Count.ShouldBeGreaterThan(3);
        sum.ShouldBeLessThanOrEqualTo(MostBytes);
    }

    private async Task ClickAsync(ILocator target)
    {
        await target.ClickAsync();
        _clicks++;
    }

    private static long Packed(byte[] body)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(body);
        return stream.Length;
    }
}
