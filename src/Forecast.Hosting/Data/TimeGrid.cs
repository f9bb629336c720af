using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>Holds the rows of a series against the stated frequency, and gives each absent period a row of missing values.</summary>
internal sealed class TimeGrid(FileRequest request, string column, Frequency frequency)
{
    /// <summary>A step of a business-day series that spans a weekend with a holiday on either side.</summary>
    private static readonly Duration LongWeekend = Duration.FromDays(4);

    /// <exception cref="Core.ForecastException"><c>frequency-contradicted</c>, with the row where it shows.</exception>
    public SeriesRows Align(string id, SeriesRows rows)
    {
        if (frequency.IsIndex || rows.Times.Length < 2) return rows;
        if (frequency.IsBusinessDay)
        {
            CheckBusinessDays(id, rows);
            return rows;
        }

        if (frequency == Frequency.Daily && FrequencyHint.NoWeekends(rows.Times) && FrequencyHint.Of(rows.Times) == "B")
        {
            var over = Enumerable.Range(1, rows.Times.Length - 1).First(t => rows.Times[t] - rows.Times[t - 1] > Duration.FromDays(1));
            throw Contradiction(id, rows, over, $"steps from {Text(rows, over - 1)} to {Text(rows, over)}, and no row falls on a Saturday or Sunday, but frequency {frequency} has every day");
        }

        return Fill(id, rows);
    }

    private SeriesRows Fill(string id, SeriesRows rows)
    {
        var place = new int[rows.Times.Length];
        var single = 0;
        var firstWide = 0;
        for (var t = 1; t < place.Length; t++)
        {
            if (frequency.StepsBetween(rows.Times[0], rows.Times[t]) is not { } steps)
                throw Contradiction(id, rows, t, $"has {Text(rows, t)}, which is not on the grid of {frequency} that starts at {Text(rows, 0)}");
            place[t] = steps > int.MaxValue ? int.MaxValue : (int)steps;
            if (place[t] == place[t - 1] + 1) single++;
            else if (firstWide == 0) firstWide = t;
        }

        if (firstWide == 0) return rows;
        if (2 * single < place.Length - 1)
            throw Contradiction(id, rows, firstWide, $"steps from {Text(rows, firstWide - 1)} to {Text(rows, firstWide)}, which is not one step of {frequency}");
        if (place[^1] + 1L > (10L * place.Length) + 100)
            throw Contradiction(id, rows, firstWide, $"lacks most of the periods of {frequency} between {Text(rows, 0)} and {Text(rows, place.Length - 1)}");
        var times = new Instant[place[^1] + 1];
        for (int t = 0, next = 0; t < times.Length; t++)
        {
            if (place[next] == t) times[t] = rows.Times[next++];
            else times[t] = frequency.Add(rows.Times[0], t, TradingCalendar.AlwaysOpen);
        }

        return rows.Spread(times, place);
    }

    private void CheckBusinessDays(string id, SeriesRows rows)
    {
        var close = 0;
        for (var t = 0; t < rows.Times.Length; t++)
        {
            var day = rows.Times[t].InUtc().Date;
            if (day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)
                throw Contradiction(id, rows, t, $"has {Text(rows, t)}, a {day.DayOfWeek}, but frequency B has business days only");
            if (t == 0) continue;
            if (day == rows.Times[t - 1].InUtc().Date)
                throw Contradiction(id, rows, t, $"has two rows on {Text(rows, t)}, but frequency B has one a day");
            if (rows.Times[t] - rows.Times[t - 1] <= LongWeekend) close++;
        }

        if (2 * close < rows.Times.Length - 1)
            throw Contradiction(id, rows, 1, $"steps from {Text(rows, 0)} to {Text(rows, 1)}, which is not one step of B");
    }

    private Core.ForecastException Contradiction(string id, SeriesRows rows, int row, string what)
    {
        var hint = FrequencyHint.Of(rows.Times);
        return DataErrors.FrequencyContradicted(request.Display, rows.Lines[row], column, id, what, hint == frequency.Code ? null : hint);
    }

    private string Text(SeriesRows rows, int row) => frequency.Format(rows.Times[row]);
}
