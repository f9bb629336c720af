using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>A person starts a back-test, watches it, and reads what came of it.</summary>
public sealed class BacktestTests(Chromium chromium)
{
    /// <summary>Notes each change of each bar of progress; gone when the page is loaded anew.</summary>
    private const string WatchBars =
        """
        window.seenShares = [];
        new MutationObserver(() => {
          const now = document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow');
          if (now && window.seenShares.at(-1) !== Number(now)) window.seenShares.push(Number(now));
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
        """;

    [Fact]
    public async Task A_back_test_is_started_watched_until_its_end_and_its_report_opened()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/backtests");
        await page.GetByRole(AriaRole.Button, new() { Name = "New back-test" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Region, new() { Name = "New back-test" });
        await form.GetByLabel("Data set").SelectOptionAsync("ecb_reference_rates");
        await form.GetByLabel("Series").SelectOptionAsync("eur_usd");
        await form.GetByLabel("Horizon, rows").FillAsync("1");
        await form.GetByLabel("Fit again").SelectOptionAsync("every:5");
        await form.GetByLabel("Values").SelectOptionAsync("log");
        await form.GetByLabel("First target").FillAsync("2016-01-04");
        await form.GetByLabel("Last target").FillAsync("2018-12-31");
        await form.GetByLabel("Models, the first is the baseline").FillAsync("naive, garch(1,1)-t");
        await visit.ShotAsync("backtest-form");
        await page.EvaluateAsync(WatchBars);
        await form.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();

        var row = page.GetByRole(AriaRole.Region, new() { Name = "Runs" }).Locator("tbody tr").Filter(new() { HasText = "garch(1,1)-t" });
        await Assertions.Expect(row).ToContainTextAsync("running");
        await visit.ShotAsync("backtest-running");
        await Assertions.Expect(row).ToContainTextAsync("finished", new() { Timeout = 240_000 });
        var shares = (await page.EvaluateAsync<double[]>("window.seenShares")).ShouldNotBeNull();
        shares.Count(share => share is > 0 and < 100).ShouldBeGreaterThanOrEqualTo(2, $"the bar was seen at: {string.Join(", ", shares)}");
        await visit.ShotAsync("backtest-finished");

        await row.GetByRole(AriaRole.Link, new() { Name = "ecb_reference_rates" }).ClickAsync();
        var scores = page.GetByRole(AriaRole.Region, new() { Name = "Scores" });
        await Assertions.Expect(scores.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(scores).ToContainTextAsync("baseline");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Summary" })).ToContainTextAsync("clean");
        await Assertions.Expect(page.Locator(".plot svg, .plot canvas").First).ToBeVisibleAsync();
        await visit.ShouldFitTheWindowAsync();
        await visit.ShotAsync("run");

        await page.GetByRole(AriaRole.Link, new() { Name = "Open the report" }).ClickAsync();
        await Assertions.Expect(page.Locator("ol.verdict")).ToContainTextAsync("garch(1,1)-t");
        await Assertions.Expect(page.Locator(".badge.good").First).ToContainTextAsync("clean");
        await visit.ShotAsync("report", whole: false);
        visit.ShouldHaveBeenQuiet();
    }
}
