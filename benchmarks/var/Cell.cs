using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;
using NodaTime.Text;

namespace Forecast.VarExperiment;

/// <summary>An index over a span: the returns up to its first day are what models are fitted on.</summary>
/// <param name="Name"><c>sp500 2017-2018</c>.</param>
/// <param name="Series">Simple returns, from one close to the next.</param>
/// <param name="First">Row of the first day forecast.</param>
/// <param name="Last">Row of the last.</param>
internal sealed record Cell(string Name, TimeSeries Series, int First, int Last)
{
    public int Days => Last - First + 1;

    public double Return(int row) => Series.Targets[0].Values[row];

    /// <summary><c>name:from:to</c> with years or dates; the closes are those of <c>close_name.csv</c> or <c>name.csv</c> in the folder.</summary>
    public static Cell Read(string folder, string text, LocalDate start)
    {
        var parts = text.Split(':');
        if (parts.Length != 3) throw new ArgumentException($"cell '{text}' should be name:from:to", nameof(text));
        var (from, to) = (Day(parts[1], first: true), Day(parts[2], first: false));
        string[] files = [Path.Combine(folder, $"close_{parts[0]}.csv"), Path.Combine(folder, $"{parts[0]}.csv")];
        var file = Array.Find(files, File.Exists) ?? throw new FileNotFoundException($"there is neither {files[0]} nor {files[1]}");
        List<(LocalDate Day, double Close)> closes = [];
        var lines = File.ReadAllLines(file);
        var column = Array.IndexOf(lines[0].Split(','), "close");
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split(',');
            var day = LocalDatePattern.Iso.Parse(fields[0]).Value;
            if (day >= start && day <= to) closes.Add((day, double.Parse(fields[column], CultureInfo.InvariantCulture)));
        }

        var times = closes.Skip(1).Select(c => c.Day.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant()).ToArray();
        var returns = closes.Skip(1).Zip(closes, (now, before) => (now.Close / before.Close) - 1).ToArray();
        var series = TimeSeries.Univariate(parts[0], Frequency.Parse("B"), times, returns);
        var first = closes.FindIndex(c => c.Day >= from) - 1;
        return new Cell($"{parts[0]} {from.Year}-{to.Year}", series, first, returns.Length - 1);
    }

    private static LocalDate Day(string text, bool first) => text.Length == 4
        ? first ? new LocalDate(int.Parse(text, CultureInfo.InvariantCulture), 1, 1) : new LocalDate(int.Parse(text, CultureInfo.InvariantCulture), 12, 31)
        : LocalDatePattern.Iso.Parse(text).Value;
}
