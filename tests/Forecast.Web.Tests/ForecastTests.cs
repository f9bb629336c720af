using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Forecast.Web.Tests.Support;
using Microsoft.Playwright;

namespace Forecast.Web.Tests;

/// <summary>A person brings a file, says how its rows are spaced, and forecasts it.</summary>
public sealed class ForecastTests(Chromium chromium)
{
    private const int Horizon = 6;

    [Theory]
    [InlineData(1280, false, "forecast")]
    [InlineData(1280, true, "forecast-dark")]
    [InlineData(390, false, "forecast-phone")]
    public async Task An_uploaded_file_is_forecast_and_the_copied_command_gives_the_same_numbers(int width, bool dark, string name)
    {
        await using var visit = await chromium.VisitAsync(width, dark);
        var page = visit.Page;
        await page.GotoAsync("/explore");
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload CSV" }).ClickAsync();
        var upload = page.GetByRole(AriaRole.Region, new() { Name = "Upload" });
        await upload.Locator("input[type=file]").SetInputFilesAsync(Files.Monthly($"shop_{name}"));
        await Assertions.Expect(upload.GetByRole(AriaRole.Table)).ToContainTextAsync("2015-01-01");
        await upload.GetByLabel("Frequency").SelectOptionAsync("P1M");
        await upload.GetByRole(AriaRole.Button, new() { Name = "Store and show" }).ClickAsync();

        var controls = page.GetByRole(AriaRole.Form, new() { Name = "What to forecast" });
        await Assertions.Expect(controls.GetByLabel("Series")).ToHaveValueAsync("sales");
        await controls.GetByLabel("Model", new() { Exact = true }).SelectOptionAsync("seasonal-naive");
        await controls.GetByLabel("Horizon, steps").FillAsync(Horizon.ToString(CultureInfo.InvariantCulture));
        await controls.GetByRole(AriaRole.Button, new() { Name = "Forecast" }).ClickAsync();

        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Numbers" }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(Horizon);
        await Assertions.Expect(rows.First).ToContainTextAsync("2023-01-01");
        var chart = page.GetByRole(AriaRole.Region, new() { Name = "Chart" });
        await Assertions.Expect(chart).ToContainTextAsync("Parameters were estimated");
        await Assertions.Expect(chart.Locator(".plot svg, .plot canvas").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Region, new() { Name = "The same with curl" }).GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Copied", new() { Exact = true })).ToBeVisibleAsync();
        var answer = await ShellAsync(await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        var expected = answer["series"]![0]!["mean"]!.AsArray().Select(v => v!.GetValue<double>()).ToArray();
        var shown = await rows.EvaluateAllAsync<double[]>("rows => rows.map(row => Number(row.querySelector('td').title))");
        shown.ShouldBe(expected, 1e-9);

        await visit.ShouldFitTheWindowAsync();
        await visit.ShotAsync(name);
        visit.ShouldHaveBeenQuiet();
    }

    /// <summary>Runs a command as a person who pastes it does, and reads its output.</summary>
    private static async Task<JsonNode> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true }).ShouldNotBeNull();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0, output);
        return JsonNode.Parse(output).ShouldNotBeNull();
    }
}
