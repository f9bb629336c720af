using System.Text.Json.Nodes;
using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>A person gets to know a series: a part of a long one, its season, its parts, one of thousands.</summary>
public sealed class ExploreTests(Chromium chromium)
{
    private const int MostPoints = 2_500;

    [Fact]
    public async Task A_long_series_is_drawn_in_few_points_brushed_and_taken_along()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        var points = new List<int>();
        page.Response += (_, response) => { if (response.Url.Contains("/overview/", StringComparison.Ordinal)) _ = Task.Run(async () => points.Add(2 * JsonNode.Parse(await response.TextAsync())!["low"]!.AsArray().Count)); };
        await page.GotoAsync("/explore?upload=1");
        var upload = page.GetByRole(AriaRole.Region, new() { Name = "Upload" });
        await upload.Locator("input[type=file]").SetInputFilesAsync(Files.Minutes("minutes", 60_000));
        await upload.GetByRole(AriaRole.Button, new() { Name = "Store and show" }).ClickAsync();
        var chart = page.GetByRole(AriaRole.Region, new() { Name = "Chart" });
        await Assertions.Expect(chart).ToContainTextAsync("n = 60,000");
        await Assertions.Expect(chart).ToContainTextAsync("60 missing");
        await chart.GetByRole(AriaRole.Button, new() { Name = "all" }).ClickAsync();
        await Assertions.Expect(chart).ToContainTextAsync("lowest and highest of each 64 rows");
        await chart.GetByRole(AriaRole.Slider, new() { Name = "First date shown" }).PressAsync("End");
        await Assertions.Expect(chart).Not.ToContainTextAsync("lowest and highest");
        page.Url.ShouldContain("range=");
        points.ShouldNotBeEmpty();
        points.Max().ShouldBeLessThanOrEqualTo(MostPoints);

        var csv = await page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        (await File.ReadAllLinesAsync(await csv.PathAsync(), TestContext.Current.CancellationToken))[0].ShouldContain("actual");
        var svg = await page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Button, new() { Name = "SVG" }).ClickAsync());
        (await File.ReadAllTextAsync(await svg.PathAsync(), TestContext.Current.CancellationToken)).ShouldContain("<title>minutes");
        var png = await page.RunAndWaitForDownloadAsync(() => chart.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        (await File.ReadAllBytesAsync(await png.PathAsync(), TestContext.Current.CancellationToken))[..4].ShouldBe([0x89, 0x50, 0x4E, 0x47]);
        await chart.GetByRole(AriaRole.Button, new() { Name = "curl" }).ClickAsync();
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldStartWith("curl -sS");
        await chart.GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        await Assertions.Expect(chart.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task A_series_is_taken_apart_and_its_forecasts_are_held_against_what_came()
    {
        await using var visit = await chromium.VisitAsync(width: 1440);
        var page = visit.Page;
        await page.GotoAsync("/explore?data=air_passengers&model=ets(M,A,M),seasonal-naive&h=12&hold=1");
        var chart = page.GetByRole(AriaRole.Region, new() { Name = "Chart" });
        await Assertions.Expect(chart).ToContainTextAsync("seasonal-naive, median and 80 %");
        var numbers = page.GetByRole(AriaRole.Region, new() { Name = "Numbers" });
        await Assertions.Expect(numbers.Locator("tbody tr").First).ToContainTextAsync("1960-01-01");
        await numbers.GetByLabel("Forecast by").SelectOptionAsync("seasonal-naive");
        await Assertions.Expect(numbers.Locator("caption")).ToContainTextAsync("Forecast of");
        var anatomy = page.GetByRole(AriaRole.Region, new() { Name = "Anatomy" });
        foreach (var (tab, said) in new[] { ("Season", "Season by month"), ("Sub-series", "Sub-series by month"), ("Parts (STL)", "period 12"), ("ACF and PACF", "Partial autocorrelation"), ("Gaps and outliers", "Outliers, 3") })
        {
            await anatomy.GetByRole(AriaRole.Tab, new() { Name = tab, Exact = true }).ClickAsync();
            await Assertions.Expect(anatomy.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync(said);
            await visit.ShotAsync($"anatomy-{tab.Split(' ')[0].ToLowerInvariant()}");
        }

        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task One_of_thousands_of_series_is_found_by_a_part_of_its_name()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/explore?upload=1");
        var upload = page.GetByRole(AriaRole.Region, new() { Name = "Upload" });
        await upload.Locator("input[type=file]").SetInputFilesAsync(Files.Many("shops", 2_000));
        await upload.GetByLabel("Frequency").SelectOptionAsync("P1M");
        await upload.GetByRole(AriaRole.Button, new() { Name = "Store and show" }).ClickAsync();
        var finder = page.GetByRole(AriaRole.Combobox, new() { Name = "Series" });
        await finder.FillAsync("1234");
        await Assertions.Expect(page.GetByText("1 of 2,000")).ToBeVisibleAsync();
        await finder.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Chart" })).ToContainTextAsync("shop_1234");
        page.Url.ShouldContain("series=shop_1234");
        visit.ShouldHaveBeenQuiet();
    }
}
