using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Core.Tests.Data;

/// <summary>Small daily series that begin on 2024-01-01.</summary>
internal static class Build
{
    public static Instant Day(int day) => Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(day - 1);

    public static Instant[] Days(int count) => [.. Enumerable.Range(1, count).Select(Day)];

    public static TimeSeries Daily(string id, params double[] values) => TimeSeries.Univariate(id, Frequency.Daily, Days(values.Length), values);

    public static TimeSeries With(string id, params Column[] columns) =>
        new(id, Frequency.Daily, Days(columns.First(c => c.Role != ColumnRole.Static).Values.Length), columns);

    public static Panel Panel(params TimeSeries[] series) => new(series);
}
