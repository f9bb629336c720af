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

    public static FilePayload Csv(string name, string text) => new() { Name = $"{name}.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) };
}
