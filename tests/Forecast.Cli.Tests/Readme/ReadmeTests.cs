using System.Diagnostics;
using Forecast.Cli.Tests.Support;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Data;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Tests.Readme;

/// <summary>What the README prints is what works.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.At("README.md"));

    /// <summary>All but ./test, which would run itself.</summary>
    public static TheoryData<string> Commands =>
        [.. Blocks("bash").SelectMany(b => b.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Where(c => c is not "./test")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_works_as_printed(string command)
    {
        using var home = new TempHome();
        var start = new ProcessStartInfo("bash", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.Environment["FORECAST_HOME"] = home.Folder;
        using var process = Process.Start(start).ShouldNotBeNull();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, await error);
        (await output).ShouldNotBeEmpty();
        if (command.StartsWith("./run", StringComparison.Ordinal))
        {
            (await output).ShouldContain("report.html");
            File.ReadAllText(home.File("report.html")).ShouldContain("garch(1,1)-t");
        }
    }

    [Fact]
    public async Task The_csharp_example_is_the_code_below_and_forecasts_a_year()
    {
        var folder = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.Root);
        try
        {
            // readme
            var panel = await new DataSource("datasets").ReadAsync("air_passengers", new DataOptions(), CancellationToken.None);
            var history = panel.AsOf(panel.Series[0].Times[^1]);
            var model = ModelCatalogue.Default.Create("arima(0,1,1)(0,1,1)[12]{log: true}");
            var fitted = model.Fit(history, new ForecastTask(Horizon: 12, Levels: [0.05, 0.5, 0.95]), new FitContext(Seed: 1));
            var law = fitted.Predict(KnownFuture.None, horizon: 12, seed: 1)["air_passengers"];
            // readme

            // R: exp of the forecast of arima(log(AirPassengers)), first month 450.4.
            law.TryQuantile(1, 0.5, out var median).ShouldBeTrue();
            median.ShouldBe(450.42, 0.1);
            law.Horizon.ShouldBe(12);
        }
        finally
        {
            Directory.SetCurrentDirectory(folder);
        }

        var source = File.ReadAllText(Repository.At("tests", "Forecast.Cli.Tests", "Readme", "ReadmeTests.cs")).Split("// readme\n")[1];
        Lines(source).ShouldBe(Lines(Blocks("csharp").Single()));
    }

    private static string[] Lines(string code) => code.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Blocks(string language) =>
        Readme.Split($"```{language}\n").Skip(1).Select(b => b.Split("```")[0]);
}
