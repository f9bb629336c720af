using System.Globalization;
using System.Text.Json.Nodes;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Batch;

/// <summary><c>forecast predict --series-at-a-time N</c>: the same forecasts, in memory that does not grow with the file.</summary>
public sealed class PartsTests : IDisposable
{
    private const string Network = "tirex{weights: random, width: 32, blocks: 1, context: 2048}";

    /// <summary>Steps whose answers of <see cref="Unread"/> series no pipe takes in at once: the process still lives while they are unread.</summary>
    private const int Long = 64;

    private const int Unread = 40;

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("seasonal-naive(7)")]
    [InlineData("tirex{weights: random, width: 32, blocks: 1, context: 64}")]
    public async Task Forecasts_in_parts_are_those_of_the_whole(string model)
    {
        var file = Write("few.csv", series: 7, rows: 80);
        var whole = await RunAsync(file, model, "--json");
        var parts = await RunAsync(file, model, "--json", "--series-at-a-time", "3");
        (whole.ExitCode, parts.ExitCode).ShouldBe((0, 0), whole.Error + parts.Error);
        var expected = JsonNode.Parse(whole.Out)!["series"]!.AsArray().Select(s => s!.ToJsonString());
        parts.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.ToJsonString()).ShouldBe(expected);
    }

    [Fact]
    public async Task A_series_that_fails_has_a_line_of_its_own()
    {
        var file = _home.Write("short.csv", "unique_id,ds,y\na,1,1\na,2,2\na,3,3\nb,1,1\nc,1,1\nc,2,1\nc,3,5\n");
        var result = await RunAsync(file, "drift", "--json", "--series-at-a-time", "1");
        result.ExitCode.ShouldBe(1);
        var lines = result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();
        lines.Select(l => l["id"]!.GetValue<string>()).ShouldBe(["a", "b", "c"]);
        lines[1]["error"]!["code"]!.GetValue<string>().ShouldBe("series-too-short");
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_series()
    {
        // Few are enough for the heap to have reached its working size.
        var few = await PeakAsync(Write("few.csv", series: 200, rows: 2048), 200);
        var many = await PeakAsync(Write("many.csv", series: 740, rows: 2048), 740);

        // Held at once, the 540 further series would take some 80 MB as rows and as series; the heap itself is limited to 96 MB.
        (many - few).ShouldBeLessThan(40L << 20);
    }

    private async Task<long> PeakAsync(string file, int series)
    {
        var limit = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = "0x6000000", ["DOTNET_gcConcurrent"] = "0" };
        using var process = ForecastProcess.Start(ForecastProcess.Executable, _home.Folder, limit, Arguments(file, Network, Long, "--json", "--series-at-a-time", "20"));
        var error = process.StandardError.ReadToEndAsync();
        var (lines, peak) = (0, 0L);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            JsonNode.Parse(line)!["mean"]!.AsArray().Count.ShouldBe(Long);
            if (lines++ % 10 != 0 || lines + Unread > series) continue;
            process.Refresh();
            peak = Math.Max(peak, process.PeakWorkingSet64);
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        lines.ShouldBe(series);
        return peak;
    }

    private Task<CliResult> RunAsync(string file, string model, params string[] more) => ForecastProcess.RunAsync(_home.Folder, Arguments(file, model, 4, more));

    private static string[] Arguments(string file, string model, int horizon, params string[] more) => ["predict", file, "--model", model, "--horizon", $"{horizon}", .. more];

    private string Write(string name, int series, int rows)
    {
        using var writer = new StreamWriter(_home.File(name));
        writer.WriteLine("unique_id,ds,y");
        for (var s = 0; s < series; s++)
        {
            for (var t = 1; t <= rows; t++) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"s{s},{t},{(t * (s + 3) % 17) + (t % 7)}"));
        }

        return _home.File(name);
    }
}
