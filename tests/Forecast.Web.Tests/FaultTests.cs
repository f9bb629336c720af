using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>What a person reads when the server refuses.</summary>
public sealed class FaultTests(Chromium chromium)
{
    [Fact]
    public async Task A_file_with_a_word_among_its_numbers_is_refused_in_the_servers_words()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/explore?upload=1");
        var upload = page.GetByRole(AriaRole.Region, new() { Name = "Upload" });
        await upload.Locator("input[type=file]").SetInputFilesAsync(Files.Csv("broken", "date,sales\n2024-01-01,12\n2024-01-02,oops\n2024-01-03,14\n"));
        await upload.GetByLabel("Frequency").SelectOptionAsync("P1D");
        var refusal = await page.RunAndWaitForResponseAsync(
            () => upload.GetByRole(AriaRole.Button, new() { Name = "Store and show" }).ClickAsync(),
            response => response.Request.Method != "GET");
        var alert = upload.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("The file was not stored.");
        await Assertions.Expect(alert).ToContainTextAsync("oops");
        await Assertions.Expect(upload.GetByRole(AriaRole.Button, new() { Name = "Store and show" })).ToBeEnabledAsync();
        refusal.Status.ShouldBeInRange(400, 499);
        await visit.ShotAsync("refused-file");
        visit.ShouldHaveBeenQuiet(refused: refusal.Status);
    }

    [Fact]
    public async Task A_model_string_that_no_model_reads_is_refused_with_the_place_of_the_fault()
    {
        await using var visit = await chromium.VisitAsync();
        var page = visit.Page;
        await page.GotoAsync("/explore?data=air_passengers");
        await page.GetByLabel("Model string").FillAsync("arima(1,1");
        var refusal = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Forecast", Exact = true }).ClickAsync(),
            response => response.Url.EndsWith("/v1/forecasts", StringComparison.Ordinal));
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no forecast");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("arima(1,1");
        await visit.ShotAsync("refused-model");
        visit.ShouldHaveBeenQuiet(refused: refusal.Status);
    }
}
