using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>What surrounds every page: keys, search, theme, and signing in where the server asks for a key.</summary>
public sealed class FrameTests(Chromium chromium)
{
    [Fact]
    public async Task Keys_lead_from_page_to_page_and_the_search_finds_data()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/backtests");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Back-tests" }).WaitForAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("d");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Data", Exact = true })).ToBeVisibleAsync();
        page.Url.ShouldEndWith("/data");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("data air_pass");
        await Assertions.Expect(page.GetByRole(AriaRole.Listbox, new() { Name = "Found" }).GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Data set", new() { Exact = true })).ToHaveValueAsync("air_passengers");
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task Colours_and_keys_are_chosen_once_and_kept()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/settings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" }).ClickAsync();
        await page.GetByLabel("Letters work as keys").UncheckAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Assertions.Expect(page.GetByLabel("Letters work as keys")).Not.ToBeCheckedAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("d");
        page.Url.ShouldEndWith("/settings");
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task A_server_with_keys_asks_for_one_in_place_and_the_page_goes_on_from_there()
    {
        await using var site = await Site.StartAsync("--access", "keys");
        var key = await site.KeyAsync();
        await using var visit = await chromium.VisitAsync(site: site);
        var page = visit.Page;
        await page.GotoAsync("/explore?data=air_passengers");
        var form = page.GetByRole(AriaRole.Region, new() { Name = "Sign in" });
        await form.GetByLabel("API key").FillAsync("fc_wrong");
        await form.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("was refused");
        await visit.ShotAsync("sign-in");
        await form.GetByLabel("API key").FillAsync(key);
        await form.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Chart" })).ToContainTextAsync("n = 144");
        await Assertions.Expect(form).ToHaveCountAsync(0);
        page.Url.ShouldEndWith("/explore?data=air_passengers");

        // A job's events need the key as well, which the browser's own event source cannot send.
        await page.GotoAsync("/backtests?new=1&data=air_passengers&models=naive&h=12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Runs" }).Locator("tbody tr")).ToContainTextAsync("finished");
        visit.ShouldHaveBeenQuiet(refused: 401);
    }
}
