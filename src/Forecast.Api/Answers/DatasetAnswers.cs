using Forecast.Api.Contracts;
using Forecast.Core.Data;
using Forecast.Hosting.Data;
using Forecast.Hosting.Datasets;
using Forecast.Store.Datasets;

namespace Forecast.Api.Answers;

/// <summary>Datasets and series as the contract writes them.</summary>
internal static class DatasetAnswers
{
    public static DatasetBody Of(DatasetInfo info, Panel? panel = null) => new()
    {
        Name = info.Name,
        Kind = "shipped",
        Title = info.Title,
        Frequency = info.Frequency ?? panel?.Frequency.Code,
        Calendar = info.Calendar,
        Period = info.Period,
        Source = info.Source,
        Licence = info.Licence,
        SeriesCount = panel?.Series.Count ?? info.Columns?.Count,
        Rows = panel?.Series.Sum(s => (long)s.Length),
        DataHash = panel?.DataHash,
        Series = panel is null ? null : [.. panel.Series.Select(s => new DatasetSeriesBody(s.Id, s.Unit, s.Calendar.Name, s.Length, [.. s.Columns.Select(c => new ColumnBody(c.Name, Numbers.Word(c.Role), c.Unit))]))],
    };

    public static DatasetBody Of(StoredDataset stored, IReadOnlyList<StoredSeries>? series = null) => new()
    {
        Name = stored.Name,
        Kind = "stored",
        Id = stored.Id,
        Version = stored.Version,
        Frequency = stored.Frequency,
        Calendar = stored.Calendar,
        DataHash = stored.DataHash,
        SeriesCount = stored.SeriesCount,
        Rows = stored.RowCount,
        CreatedAt = Numbers.Text(stored.CreatedAt),
        Series = series is null ? null : [.. series.Select(s => new DatasetSeriesBody(s.Id, s.Unit, s.Calendar, s.RowCount, [.. s.Columns.Select(c => new ColumnBody(c.Name, Numbers.Word(c.Role), c.Unit))]))],
    };

    public static OverviewBody Of(PyramidCache.Held held, Buckets buckets)
    {
        var pyramid = held.Pyramid;
        string? At(Buckets at) => at.Times.Length > 0 ? held.Frequency.Format(at.Times[0]) : null;
        return new OverviewBody(
            held.Id, held.Unit, held.Frequency.Code, held.Calendar, pyramid.Rows, buckets.From, buckets.To, buckets.Each, [.. buckets.Times.Select(held.Frequency.Format)],
            Numbers.Finite(buckets.Low), Numbers.Finite(buckets.High), buckets.Missing, At(pyramid.Row(0)), At(pyramid.Row(pyramid.Rows - 1)));
    }

    public static AnatomyBody Of(TimeSeries series, SeriesAnatomy anatomy)
    {
        string At(NodaTime.Instant time) => series.Frequency.Format(time);
        var parts = anatomy.Parts;
        return new AnatomyBody
        {
            Id = series.Id,
            Unit = series.Unit,
            Frequency = series.Frequency.Code,
            Rows = series.Length,
            From = anatomy.From,
            Period = anatomy.Period,
            Timestamps = [.. anatomy.Times.Select(At)],
            Values = Numbers.Finite(anatomy.Values),
            Trend = parts is null ? null : Numbers.Finite(parts.Trend),
            Seasonal = parts is null ? null : Numbers.Finite(parts.Seasonal),
            Remainder = parts is null ? null : Numbers.Finite(parts.Remainder),
            TrendStrength = parts is null ? null : Numbers.Finite(parts.TrendStrength),
            SeasonalStrength = parts is null ? null : Numbers.Finite(parts.SeasonalStrength),
            Acf = Numbers.Finite(anatomy.Acf),
            Pacf = Numbers.Finite(anatomy.Pacf),
            Band = Numbers.Finite(anatomy.Band) ?? 0,
            Gaps = [.. anatomy.Gaps.Select(g => new GapBody(At(g.From), At(g.To), g.Rows, g.Absent ? "absent" : "missing"))],
            Outliers = [.. anatomy.Outliers.Select(o => new OutlierBody(At(o.Time), o.Value, o.Expected))],
        };
    }

    /// <summary>The last rows of a series.</summary>
    public static SeriesValuesBody Values(TimeSeries series, int last)
    {
        var from = Math.Max(0, series.Length - last);
        var times = new List<string>(series.Length - from);
        foreach (var time in series.Times[from..]) times.Add(series.Frequency.Format(time));
        var values = Numbers.Finite(series.Targets[0].Values[from..].ToArray());
        return new SeriesValuesBody(series.Id, series.Unit, series.Frequency.Code, series.Calendar.Name, series.Length, times.Count > 0 ? times[0] : null, times, values);
    }
}
