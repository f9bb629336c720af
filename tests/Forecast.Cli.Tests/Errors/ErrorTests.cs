using System.Text.Json;
using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Errors;

/// <summary>Every row of <c>docs/ERRORS.md</c>, run as a user would: exit code 2, one line, no stack trace, the same for programs.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task Every_documented_error_comes_as_documented()
    {
        var rows = ErrorTable.Read();
        rows.Select(r => r.Code).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThanOrEqualTo(60);
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (row, _) =>
        {
            if (await DifferenceAsync(row) is { } difference) wrong.Add(difference);
        });
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_is_no_store_is_one_line()
    {
        using var home = new TempHome();
        home.Write("forecast.db", "this is no database, and it is long enough to be looked at as one");
        var result = await ForecastProcess.RunAsync(home.Folder, "import", "lynx");
        result.ExitCode.ShouldBe(2);
        result.Error.Trim().Split('\n').Length.ShouldBe(1);
        result.Error.ShouldStartWith("error: ");
        result.Error.ShouldContain("forecast.db");
        File.ReadAllText(home.File("forecast.db")).ShouldStartWith("this is no database");
    }

    private static async Task<string?> DifferenceAsync(ErrorRow row)
    {
        using var home = new TempHome();
        if (row.File.Length > 0) await File.WriteAllBytesAsync(home.File(row.File), row.Content);
        var result = await ForecastProcess.RunAsync(home.Folder, [.. row.Arguments, "--json"]);
        var command = string.Join(' ', row.Arguments);
        if (result.ExitCode != 2) return $"{command}: exit code {result.ExitCode}: {result.Error}";
        if (!string.Equals(result.Error.TrimEnd('\n'), $"error: {row.Message}", StringComparison.Ordinal)) return $"{command}: said '{result.Error}' instead of '{row.Message}'";
        using var json = JsonDocument.Parse(result.Out);
        var error = json.RootElement.GetProperty("error");
        return error.GetProperty("code").GetString() == row.Code && error.GetProperty("message").GetString() == row.Message
            ? null
            : $"{command}: JSON says {error}, not {row.Code}";
    }
}
