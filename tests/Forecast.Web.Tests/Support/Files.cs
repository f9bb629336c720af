using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Forecast.Web.Tests.Support;

/// <summary>Files that a person brings.</summary>
internal static class Files
{
    private const int Months = 96;

    /// <summary>Eight years of monthly sales and visits from January 2015: a trend, a year's wave and some noise, the same each time.</summary>
    public static FilePayload Monthly(string name)
    {
        var random = new Random(11);
        var text = new StringBuilder("date,sales,visits\n");
        for (var t = 0; t < Months; t++)
        {
            var value = 200 + (1.5 * t) + (30 * Math.Sin(2 * Math.PI * t / 12)) + (12 * (random.NextDouble() - 0.5));
            text.Append(CultureInfo.InvariantCulture, $"{new DateOnly(2015, 1, 1).AddMonths(t):yyyy-MM-dd},{value:F2},{4 * value:F0}\n");
        }

        return Csv(name, text.ToString());
    }

    /// <summary>Minutes from January 2023: a day's wave, noise, a hole of an hour and one spike.</summary>
    /// <param name="name">Name of the file, without its ending.</param>
    /// <param name="rows">How many.</param>
    public static FilePayload Minutes(string name, int rows)
    {
        var random = new Random(5);
        var start = new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var text = new StringBuilder("time,load\n", 32 * rows);
        for (var t = 0; t < rows; t++)
        {
            var hole = t >= rows - 3000 && t < rows - 2940;
            var value = t == rows / 2 ? 900 : 100 + (20 * Math.Sin(2 * Math.PI * t / 1440)) + (10 * random.NextDouble());
            text.Append(CultureInfo.InvariantCulture, $"{start.AddMinutes(t):yyyy-MM-ddTHH:mm:ssZ},");
            if (!hole) text.Append(CultureInfo.InvariantCulture, $"{value:F2}");
            text.Append('\n');
        }

        return Csv(name, text.ToString());
    }

    /// <summary>Many short monthly series in the long form.</summary>
    public static FilePayload Many(string name, int series)
    {
        var text = new StringBuilder("unique_id,ds,y\n");
        for (var s = 0; s < series; s++)
        {
            for (var t = 0; t < 24; t++) text.Append(CultureInfo.InvariantCulture, $"shop_{s:D4},{new DateOnly(2022, 1, 1).AddMonths(t):yyyy-MM-dd},{s + (t % 12)}\n");
        }

        return Csv(name, text.ToString());
    }

    public static FilePayload Csv(string name, string text) => new() { Name = $"{name}.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) };
}
