using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Forecast.Api.Tests.Support;

namespace Forecast.Api.Tests.Routes;

/// <summary>Model, data and seed give the same numbers over HTTP and at the command line, to the last digit.</summary>
public sealed class SameNumbersTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("seasonal-naive")]
    [InlineData("mean{log: true}")]
    [InlineData("arima(1,0,1)")]
    [InlineData("garch(1,1)-t")]
    [InlineData("arima-garch(1,0,0)(1,1){paths: 500}")]
    public async Task A_forecast_is_that_of_forecast_predict(string model)
    {
        double[] values = [.. Bodies.Values(140, seed: 11).Select(v => v + 5)];
        using var answer = await shared.Server.PostAsync("/v1/forecasts", Bodies.Forecast(model, values, "always", id: "y"));
        var over = (await Server.JsonAsync(answer, HttpStatusCode.OK))["series"]![0]!;

        // A file with one series gives it its name; series draw from seeds of their own, which depend on it.
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(shared.Server.Home, $"{Guid.NewGuid():N}")).FullName, "y.csv");
        var day = new DateOnly(2024, 1, 1);
        await File.WriteAllLinesAsync(file, ["date,y", .. values.Select((v, t) => string.Create(CultureInfo.InvariantCulture, $"{day.AddDays(t):yyyy-MM-dd},{v:R}"))], Cancel);
        var at = (await PredictAsync(file, model))["series"]![0]!;
        over["timestamps"]!.ToJsonString().ShouldBe(at["timestamps"]!.ToJsonString());
        Numbers(over["mean"]!).ShouldBe(Numbers(at["mean"]!));
        foreach (var level in new[] { "0.1", "0.5", "0.9" }) Numbers(over["quantiles"]![level]!).ShouldBe(Numbers(at["quantiles"]![level]!), $"level {level}");
    }

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(v => v!.GetValue<double>())];

    private static async Task<JsonNode> PredictAsync(string file, string model)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "forecast")) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])["predict", file, "--frequency", "P1D", "--model", model, "--horizon", "3", "--levels", "0.1,0.5,0.9", "--seed", "7", "--json"]) start.ArgumentList.Add(arg);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the command line did not start");
        var (text, complaints) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        process.ExitCode.ShouldBe(0, await complaints);
        return JsonNode.Parse(await text).ShouldNotBeNull();
    }
}
