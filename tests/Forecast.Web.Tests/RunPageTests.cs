using System.Text.RegularExpressions;
using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>A finished run, its evidence, its risk, and how it compares.</summary>
public sealed partial class RunPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_run_shows_its_folds_its_evidence_and_where_it_was_good()
    {
        var (passengers, _) = await chromium.RunsAsync();
        await using var visit = await chromium.VisitAsync(width: 1440);
        var page = visit.Page;
        await page.GotoAsync($"/runs/{passengers}");
        var fans = page.GetByRole(AriaRole.Region, new() { Name = "Forecasts and outcomes" });
        await Assertions.Expect(fans).ToContainTextAsync("fold 11 of 11");
        await page.Keyboard.PressAsync("[");
        await Assertions.Expect(fans).ToContainTextAsync("fold 10 of 11");
        page.Url.ShouldContain("fold=9");
        foreach (var part in new[] { "significance", "skill", "horizon-errors", "reliability", "pit", "certificate", "timings" })
            await Assertions.Expect(page.Locator($"#{part}")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#pit .plot svg").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#significance")).ToContainTextAsync("Diebold-Mariano");
        var heat = page.GetByRole(AriaRole.Region, new() { Name = "Heat map", Exact = true });
        await heat.GetByLabel("Model").SelectOptionAsync("ets(M,A,M)");
        await Assertions.Expect(heat.Locator("tbody tr")).ToContainTextAsync(NegativePattern());

        await page.GetByRole(AriaRole.Button, new() { Name = "Mark to compare" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare (3)" }).ClickAsync();
        var scores = page.GetByRole(AriaRole.Region, new() { Name = "Scores" });
        await Assertions.Expect(scores.Locator("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Pairs" })).ToContainTextAsync("p");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove naive", Exact = true }).ClickAsync();
        await Assertions.Expect(scores.Locator("tbody tr")).ToHaveCountAsync(2);
        page.Url.ShouldContain("entries=");
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task Risk_shows_exceedances_lights_tests_and_what_trading_would_have_earned()
    {
        var (_, rates) = await chromium.RunsAsync();
        await using var visit = await chromium.VisitAsync(width: 1440);
        var page = visit.Page;
        await page.GotoAsync("/risk");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Choice" }).GetByRole(AriaRole.Combobox)).ToHaveValueAsync(rates);
        var risk = page.Locator("#risk");
        await Assertions.Expect(risk).ToContainTextAsync("Traffic light");
        await Assertions.Expect(risk).ToContainTextAsync("Kupiec");
        await Assertions.Expect(risk.Locator(".plot svg").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#strategies")).ToContainTextAsync("Drawdown");
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task A_fit_is_registered_judged_and_its_history_told()
    {
        await using var visit = await chromium.VisitAsync(width: 1440);
        var page = visit.Page;
        await page.GotoAsync("/explore?data=air_passengers&model=ets(M,A,M)&h=12");
        await page.GetByText("Register this fit").ClickAsync();
        await page.GetByLabel("Registered as").FillAsync("passengers");
        await page.GetByLabel("Why").FillAsync("the first one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Judge it" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("it was best in the back-test");
        await visit.ShotAsync("approve");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        var history = page.GetByRole(AriaRole.Region, new() { Name = "History" });
        await Assertions.Expect(history).ToContainTextAsync("champion");
        await Assertions.Expect(history).ToContainTextAsync("it was best in the back-test");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Registered models" })).ToContainTextAsync("version 1");
        await visit.ShotAsync("models-registered");
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task A_back_test_is_scheduled_paused_and_removed()
    {
        await using var visit = await chromium.VisitAsync(width: 1440);
        var page = visit.Page;
        await page.GotoAsync("/schedules");
        await page.GetByRole(AriaRole.Button, new() { Name = "New schedule" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Region, new() { Name = "New schedule" });
        await form.GetByLabel("Name").FillAsync("nightly");
        await form.GetByLabel("Data set").SelectOptionAsync("air_passengers");
        await form.GetByLabel("Models, the first is the baseline").FillAsync("naive, seasonal-naive");
        await form.GetByRole(AriaRole.Button, new() { Name = "Make" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Region, new() { Name = "List of schedules" }).Locator("tbody tr");
        await Assertions.Expect(row).ToContainTextAsync("every day at 06:00");
        await Assertions.Expect(row).ToContainTextAsync("06:00 UTC");
        await visit.ShotAsync("schedule-made");
        await row.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("not while it is paused");
        await row.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is scheduled")).ToBeVisibleAsync();
        visit.ShouldHaveBeenQuiet();
    }

    /// <summary>A cell where the model is better than the baseline.</summary>
    [GeneratedRegex("−[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NegativePattern();
}
