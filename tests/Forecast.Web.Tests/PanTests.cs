using System.Globalization;
using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>How smoothly a million points move. What it prints depends on the machine, so it is asked for by name.</summary>
[Trait("Category", "Soak")]
public sealed class PanTests(Chromium chromium)
{
    private const int Rows = 1_000_000;

    /// <summary>Notes the time between frames for as long as it is asked to.</summary>
    private const string Watch =
        """
        window.frames_ = [];
        let last = performance.now();
        const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
        requestAnimationFrame(tick);
        """;

    [Fact]
    public async Task A_pan_over_a_million_points_keeps_its_frames()
    {
        await using var visit = await chromium.VisitAsync(width: 1440);
        var page = visit.Page;
        await page.GotoAsync("/explore?upload=1");
        var upload = page.GetByRole(AriaRole.Region, new() { Name = "Upload" });
        await upload.Locator("input[type=file]").SetInputFilesAsync(Files.Minutes("million", Rows));
        await upload.GetByRole(AriaRole.Button, new() { Name = "Store and show" }).ClickAsync();
        var chart = page.GetByRole(AriaRole.Region, new() { Name = "Chart" });
        await Assertions.Expect(chart).ToContainTextAsync("n = 1,000,000", new() { Timeout = 240_000 });

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await page.ReloadAsync();
        await chart.Locator(".plot canvas").WaitForAsync();
        var ready = watch.ElapsedMilliseconds;

        // A month in view, dragged back and forth over the year.
        await page.GotoAsync(page.Url.Split('&')[0] + "&range=2024-03-01..2024-04-01");
        var plot = chart.Locator(".plot");
        await plot.WaitForAsync();
        await Assertions.Expect(chart).ToContainTextAsync("shown 2024-03-01");
        var box = (await plot.BoundingBoxAsync()).ShouldNotBeNull();
        await page.EvaluateAsync(Watch);
        for (var sweep = 0; sweep < 4; sweep++)
        {
            var (from, to) = sweep % 2 == 0 ? (0.8, 0.2) : (0.2, 0.8);
            await page.Mouse.MoveAsync(box.X + (float)(box.Width * from), box.Y + (box.Height / 2));
            await page.Mouse.DownAsync();
            await page.Mouse.MoveAsync(box.X + (float)(box.Width * to), box.Y + (box.Height / 2), new() { Steps = 60 });
            await page.Mouse.UpAsync();
        }

        var frames = (await page.EvaluateAsync<double[]>("window.frames_")).ShouldNotBeNull().Order().ToArray();
        frames.Length.ShouldBeGreaterThan(60);
        var (median, late) = (frames[frames.Length / 2], frames[(int)(frames.Length * 0.95)]);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time to chart {ready} ms; {frames.Length} frames, median {median:F1} ms, p95 {late:F1} ms"));
        await Assertions.Expect(chart).Not.ToContainTextAsync("shown 2024-03-01");
        visit.ShouldHaveBeenQuiet();
    }
}
