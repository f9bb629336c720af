using Forecast.Cli.Tests.Support;

namespace Forecast.Cli.Tests.Leakage;

/// <summary>
/// The leak test: back-tests a data file, changes everything after a cutoff in the file, back-tests again, and compares what was
/// predicted up to the cutoff, bit for bit (the predictions file holds shortest round-trip numbers).
/// </summary>
/// <param name="executable">The command line under test.</param>
/// <param name="models">Models to back-test together.</param>
/// <param name="warm">A model that is asked for a forecast beyond the end of the data first, so that a cache it keeps is warm.</param>
internal sealed class LeakProbe(string executable, IReadOnlyList<string> models, string? warm = null)
{
    private const int FirstCutoff = 119;
    private const int Step = 7;

    /// <summary>Cutoffs of folds: what is known at one of them is exactly what a mutation leaves alone.</summary>
    private static readonly string[] Cutoffs = [.. new[] { 2, 5, 8 }.Select(k => LeakData.Day(FirstCutoff + (k * Step)))];

    /// <summary>Differences found, as "model mutation cutoff row"; and how many predictions were compared.</summary>
    public async Task<(IReadOnlyList<string> Leaks, int Compared)> RunAsync()
    {
        var rows = LeakData.Original();
        var original = await BacktestAsync(LeakData.Csv(rows));
        var leaks = new List<string>();
        var compared = 0;
        foreach (var cutoff in Cutoffs)
        {
            var day = Enumerable.Range(0, LeakData.Rows).First(d => string.Equals(LeakData.Day(d), cutoff, StringComparison.Ordinal));
            foreach (var mutation in LeakData.Mutations)
            {
                var mutated = await BacktestAsync(LeakData.Csv(LeakData.Mutate(rows, mutation, day)));
                foreach (var (key, said) in original.Where(p => string.CompareOrdinal(p.Key.Cutoff, cutoff) <= 0))
                {
                    compared++;
                    if (!mutated.TryGetValue(key, out var now)) leaks.Add($"{key.Model} {mutation} {cutoff}: {key} is gone");
                    else if (!string.Equals(now, said, StringComparison.Ordinal)) leaks.Add($"{key.Model} {mutation} {cutoff}: {key} was {said}, is {now}");
                }
            }
        }

        return (leaks, compared);
    }

    private async Task<Dictionary<PredictionKey, string>> BacktestAsync(string csv)
    {
        using var home = new TempHome();
        var file = home.Write("data.csv", csv);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FORECAST_SIDE_DOOR"] = file };
        string[] data = [file, "--frequency", "P1D", "--past", "x"];
        if (warm is not null)
        {
            var warmed = await ForecastProcess.RunAsync(executable, home.Folder, environment, ["predict", .. data, "--model", warm, "--horizon", "1"]);
            warmed.ExitCode.ShouldBe(0, warmed.Error);
        }

        var run = await ForecastProcess.RunAsync(executable, home.Folder, environment,
            ["backtest", .. data, "--models", string.Join(",", models), "--horizon", "3", "--step", $"{Step}", "--refit", "every:3", "--initial", $"{FirstCutoff + 1}", "--run", "probe"]);
        run.ExitCode.ShouldBe(0, run.Error);
        return Read(home.File("runs/probe/predictions.csv"));
    }

    /// <summary>Everything that was said at the cutoff: all columns but those that tell what came true.</summary>
    private static Dictionary<PredictionKey, string> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var header = SplitCsv(lines[0]);
        var (model, series, cutoff, h) = (header.IndexOf("model"), header.IndexOf("series"), header.IndexOf("cutoff"), header.IndexOf("h"));
        var said = Enumerable.Range(0, header.Count).Where(i => header[i] is not ("actual" or "observed_at" or "crps" or "pit")).ToArray();
        said.Length.ShouldBeGreaterThan(6);
        return lines.Skip(1).Select(SplitCsv).ToDictionary(
            f => new PredictionKey(f[model], f[series], f[cutoff], f[h]),
            f => string.Join(' ', said.Select(i => f[i])));
    }

    private static List<string> SplitCsv(string line)
    {
        var fields = new List<string>();
        var quoted = false;
        var field = new System.Text.StringBuilder();
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private sealed record PredictionKey(string Model, string Series, string Cutoff, string H);
}
