using System.Text.Json;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Devices;

/// <summary><c>forecast device</c> with the engine and without it.</summary>
public sealed class DeviceTests
{
    [Fact]
    public async Task Engines_devices_and_memory_are_listed()
    {
        using var home = new TempHome();
        var result = await ForecastProcess.RunAsync(home.Folder, "device", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        using var json = JsonDocument.Parse(result.Out);
        var engine = json.RootElement.GetProperty("engines")[0];
        engine.GetProperty("available").GetBoolean().ShouldBeTrue(engine.GetRawText());
        engine.GetProperty("version").GetString()!.ShouldContain(".");
        engine.GetProperty("devices")[0].GetProperty("name").GetString().ShouldBe("cpu");
        json.RootElement.GetProperty("runtime").GetProperty("memoryTotal").GetInt64().ShouldBeGreaterThan(0);

        var text = await ForecastProcess.RunAsync(home.Folder, "device");
        text.ExitCode.ShouldBe(0, text.Error);
        text.Out.ShouldContain("engine    libtorch ");
        text.Out.ShouldContain("device    cpu: ");
    }

    [Fact]
    public async Task A_missing_engine_is_an_answer_that_says_how_to_get_it()
    {
        using var home = new TempHome();
        var nowhere = new Dictionary<string, string>(StringComparer.Ordinal) { ["FORECAST_TORCH"] = Path.Combine(home.Folder, "nowhere") };
        var json = await ForecastProcess.RunAsync(ForecastProcess.Executable, home.Folder, nowhere, "device", "--json");
        json.ExitCode.ShouldBe(0, json.Error);
        using var document = JsonDocument.Parse(json.Out);
        var engine = document.RootElement.GetProperty("engines")[0];
        engine.GetProperty("available").GetBoolean().ShouldBeFalse();
        engine.GetProperty("reason").GetString()!.ShouldContain("FORECAST_TORCH");
        engine.GetProperty("devices").GetArrayLength().ShouldBe(0);
        var text = await ForecastProcess.RunAsync(ForecastProcess.Executable, home.Folder, nowhere, "device");
        text.ExitCode.ShouldBe(0, text.Error);
        text.Out.ShouldContain("not available");
    }
}
