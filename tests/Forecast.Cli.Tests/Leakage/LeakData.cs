using System.Globalization;
using System.Text;

namespace Forecast.Cli.Tests.Leakage;

/// <summary>One row of the leak test's data: two publications, since the covariate appears three days after its date.</summary>
internal sealed record LeakRow(string Series, int Day, double Y, double X);

/// <summary>
/// The data of the leak test: two daily series with a covariate that is published late, and the ways in which everything
/// after a cutoff can be different.
/// </summary>
internal static class LeakData
{
    public const int Rows = 210;
    public const int PublicationDelay = 3;
    private static readonly DateOnly Start = new(2021, 1, 1);

    public static IReadOnlyList<string> Mutations { get; } = ["values", "fewer-rows", "more-rows", "other-series", "past-covariates"];

    public static List<LeakRow> Original()
    {
        var rows = new List<LeakRow>();
        foreach (var (series, seed) in new[] { ("north", 11), ("south", 23) })
        {
            var random = new Random(seed);
            double level = 50, shock = 1;
            for (var day = 0; day < Rows; day++)
            {
                shock = 0.6 + (0.3 * shock) + (0.4 * random.NextDouble());
                level += 0.2 * (random.NextDouble() - 0.48);
                var y = level + (2 * Math.Sin(2 * Math.PI * day / 7)) + (shock * (random.NextDouble() - 0.5) * 3);
                rows.Add(new LeakRow(series, day, Math.Round(y, 4), Math.Round(y + random.NextDouble(), 4)));
            }
        }

        return rows;
    }

    /// <summary>The same data up to the cutoff day, other data after it.</summary>
    public static List<LeakRow> Mutate(List<LeakRow> rows, string mutation, int cutoff) => mutation switch
    {
        "values" => [.. rows.Select(r => r.Day > cutoff ? r with { Y = 37.5 + (3 * r.Y) + (r.Day % 5) } : r)],
        "fewer-rows" => [.. rows.Where(r => r.Day <= cutoff + 30)],
        "more-rows" => [.. rows, .. Enumerable.Range(Rows, 25).SelectMany(d => new[] { new LeakRow("north", d, 900 + d, 1), new LeakRow("south", d, 3 + (d % 4), 2) })],
        "other-series" => [.. rows.Select(r => r.Day > cutoff && r.Series is "south" ? r with { Y = 1000 - r.Y, X = -r.X } : r)],
        "past-covariates" => [.. rows.Select(r => r.Day + PublicationDelay > cutoff ? r with { X = 5000 + r.Day } : r)],
        _ => throw new ArgumentOutOfRangeException(nameof(mutation), mutation, "unknown"),
    };

    /// <summary>Long form with the day each value was published; the covariate comes as a later publication of its row.</summary>
    public static string Csv(IEnumerable<LeakRow> rows)
    {
        var csv = new StringBuilder("unique_id,ds,y,x,available_at\n");
        foreach (var row in rows)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{row.Series},{Day(row.Day)},{row.Y:R},,{Day(row.Day)}\n");
            csv.Append(CultureInfo.InvariantCulture, $"{row.Series},{Day(row.Day)},{row.Y:R},{row.X:R},{Day(row.Day + PublicationDelay)}\n");
        }

        return csv.ToString();
    }

    public static string Day(int day) => Start.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
