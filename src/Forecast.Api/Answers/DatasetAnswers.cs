using Forecast.Api.Contracts;
using Forecast.Core.Data;
using Forecast.Hosting.Data;
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
