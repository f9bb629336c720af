using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>Everything is done without a mouse, too.</summary>
public sealed class KeyboardTests(Chromium chromium)
{
    /// <summary>The name by which a person knows what has the focus.</summary>
    private const string Focused =
        """
        () => {
          const at = document.activeElement;
          return (at.getAttribute('aria-label')?.replace(/^\d+ jobs? going on$/, 'Jobs') ?? at.labels?.[0]?.textContent ?? at.textContent).trim();
        }
        """;

    [Fact]
    public async Task Tab_reaches_the_controls_in_their_order_and_Enter_forecasts()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/explore?data=air_passengers");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Forecast", Exact = true })).ToBeEnabledAsync();
        string[] expected =
        [
            "Skip to content", "Forecast, start page", "Explore", "Back-tests", "Run", "Compare", "Risk", "Models", "Schedules", "Data", "Settings", "Search", "Jobs", "Time zone", "Dark colours", "Keys",
            "Upload CSV", "Data set", "Series", "Model", "Model string", "Beside it", "Horizon, steps", "Intervals", "Hold back the last steps and compare", "Forecast",
        ];
        (await TabAsync(page, expected.Length)).ShouldBe(expected);
        (await page.EvaluateAsync<bool>("document.activeElement.matches(':focus-visible')")).ShouldBeTrue();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Numbers" }).Locator("tbody tr").First).ToBeVisibleAsync();

        await page.Locator(".plot").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator(".plot + .spoken").First).Not.ToBeEmptyAsync();
        await visit.ShotAsync("keyboard");
        visit.ShouldHaveBeenQuiet();
    }

    [Fact]
    public async Task Tab_reaches_every_field_of_a_new_back_test()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/backtests?new=1&data=air_passengers");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true })).ToBeEnabledAsync();
        var reached = await TabAsync(page, 90);
        string[] expected = ["New back-test", "Data set", "Series", "Horizon, rows", "Step, rows", "Fit again", "Values", "First target", "Last target", "Models, the first is the baseline", "Start", "Close"];
        reached.Where(expected.Contains).Distinct(StringComparer.Ordinal).ShouldBe(expected);
        visit.ShouldHaveBeenQuiet();
    }

    private static async Task<List<string>> TabAsync(IPage page, int times)
    {
        var reached = new List<string>();
        for (var i = 0; i < times; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>(Focused));
        }

        return reached;
    }
}
