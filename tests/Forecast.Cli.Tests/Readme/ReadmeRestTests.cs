using System.Diagnostics;
using System.Text.Json;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Readme;

/// <summary>The README's curl example, as printed but for the port, against a real server process.</summary>
public sealed class ReadmeRestTests
{
    [Fact]
    public async Task The_curl_example_gets_a_forecast()
    {
        using var home = new TempHome();
        using var server = ForecastProcess.Start(ForecastProcess.Executable, home.Folder, null, "serve", "--port", "0");
        try
        {
            var line = (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
            var address = line.Split(' ').First(w => w.StartsWith("http://", StringComparison.Ordinal));
            var command = (await File.ReadAllTextAsync(Repository.At("README.md"), TestContext.Current.CancellationToken)).Split("```sh\n")[1].Split("```")[0];
            command.ShouldContain("http://127.0.0.1:8080");
            var start = new ProcessStartInfo("bash", ["-c", command.Replace("http://127.0.0.1:8080", address, StringComparison.Ordinal)]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var curl = Process.Start(start).ShouldNotBeNull();
            var answer = await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
            curl.ExitCode.ShouldBe(0, await curl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            using var json = JsonDocument.Parse(answer);
            var quantiles = json.RootElement.GetProperty("series")[0].GetProperty("quantiles");
            quantiles.EnumerateObject().Select(q => q.Name).ShouldBe(["0.05", "0.5", "0.95"]);
            quantiles.GetProperty("0.05")[0].GetDouble().ShouldBeLessThan(0);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }
}
