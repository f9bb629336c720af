using System.Globalization;

namespace Forecast.PlantedLeaks;

/// <summary>What a careless model would do: read the file that the data came from, past any cutoff.</summary>
internal static class SideDoor
{
    /// <summary>Values of a column of the long-form CSV named by FORECAST_SIDE_DOOR, for one series, in the order of their dates; of several publications the last.</summary>
    public static double[] Column(string series, string column)
    {
        var path = Environment.GetEnvironmentVariable("FORECAST_SIDE_DOOR") ?? throw new InvalidOperationException("FORECAST_SIDE_DOOR is not set");
        var lines = File.ReadAllLines(path);
        var header = lines[0].Split(',');
        var (id, ds, value) = (Array.IndexOf(header, "unique_id"), Array.IndexOf(header, "ds"), Array.IndexOf(header, column));
        var rows = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var fields in lines.Skip(1).Select(l => l.Split(',')))
        {
            if (string.Equals(fields[id], series, StringComparison.Ordinal) && fields[value].Length > 0)
                rows[fields[ds]] = double.Parse(fields[value], CultureInfo.InvariantCulture);
        }

        return [.. rows.Values];
    }
}
