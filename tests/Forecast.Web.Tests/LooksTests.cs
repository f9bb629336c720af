using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>Every page in both themes, wide and on a phone: it fits, axe finds nothing serious, the console is quiet; a picture is kept.</summary>
public sealed class LooksTests(Chromium chromium)
{
    [Theory]
    [InlineData(1440, false, "light")]
    [InlineData(1440, true, "dark")]
    [InlineData(390, false, "phone-light")]
    [InlineData(390, true, "phone-dark")]
    public async Task Every_page_fits_its_window_and_has_no_serious_barrier(int width, bool dark, string name)
    {
        var (passengers, rates) = await chromium.RunsAsync();
        (string Name, string Path, string Ready)[] pages =
        [
            ("explore", "/explore?data=air_passengers&model=ets(M,A,M),seasonal-naive&h=12", ".tabs"),
            ("explore-stl", "/explore?data=air_passengers&view=stl", "#anatomy .plot svg"),
            ("explore-start", "/explore", ".state"),
            ("backtests", "/backtests", "table.runs tbody tr"),
            ("backtests-new", "/backtests?new=1&data=air_passengers", "form .form-grid"),
            ("run", $"/runs/{passengers}", "#timings"),
            ("run-daily", $"/runs/{rates}", "#timings"),
            ("compare", $"/compare?entries={Uri.EscapeDataString($"{passengers}/naive\n{passengers}/seasonal-naive\n{passengers}/ets(M,A,M)")}", ".cols-2 .plot svg"),
            ("risk", $"/risk?run={rates}", "#strategies .plot svg"),
            ("models", "/models", "table tbody tr"),
            ("schedules", "/schedules?new=1", "form .form-grid"),
            ("data", "/data?name=ecb_reference_rates", ".raster"),
            ("settings", "/settings", ".settings"),
            ("nowhere", "/nowhere", ".state"),
        ];
        var barriers = new List<string>();
        await using var visit = await chromium.VisitAsync(width, dark);
        foreach (var (page, path, ready) in pages)
        {
            await visit.Page.GotoAsync(path);
            await visit.Page.Locator(ready).First.WaitForAsync(new() { State = WaitForSelectorState.Visible });
            await visit.Page.WaitForFunctionAsync("!document.querySelector('.skeleton, .busy')");
            await visit.ShotAsync($"{page}-{name}");
            if (await visit.OverflowAsync() is > 0 and var wide) barriers.Add($"{page}: {wide} pixels wider than the window");
            barriers.AddRange((await Axe.FindAsync(visit.Page)).Select(found => $"{page}: {found}"));
        }

        barriers.ShouldBeEmpty();
        visit.ShouldHaveBeenQuiet();
    }
}
