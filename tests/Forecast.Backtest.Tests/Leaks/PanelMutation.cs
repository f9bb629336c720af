using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Backtest.Tests.Leaks;

/// <summary>
/// A change of data that nobody could have known at a cutoff. What is forecast up to that cutoff may not move. The file has no
/// dependence on a test framework, so that a test from outside the process can link it.
/// </summary>
/// <param name="Name">What is changed.</param>
/// <param name="Apply">The changed panel for a cutoff; the original is left as it is.</param>
public sealed record PanelMutation(string Name, Func<Panel, Instant, Panel> Apply)
{
    /// <summary>Rows that <see cref="RowsAppended"/> puts behind each series.</summary>
    private const int Appended = 17;

    /// <summary>Target values of later rows: other sign and scale, some missing.</summary>
    public static PanelMutation Values { get; } = new("values", (panel, cutoff) => Map(panel, s => s.With(s.Columns.Select(c =>
        c.Role == ColumnRole.Target ? Later(s, c, cutoff, Other) : c))));

    /// <summary>Later values doubled and shifted: a change that keeps their sign, for models that log or power-transform.</summary>
    public static PanelMutation Scaled { get; } = new("scaled", (panel, cutoff) => Map(panel, s => s.With(s.Columns.Select(c =>
        c.Role == ColumnRole.Target ? Later(s, c, cutoff, (v, row) => (v * v) + 10 + row) : c))));

    /// <summary>Every third row after the cutoff is gone, and the last quarter of them.</summary>
    public static PanelMutation RowsRemoved { get; } = new("rows removed", (panel, cutoff) => Map(panel, s =>
    {
        var known = s.RowsUntil(cutoff);
        var end = s.Length - ((s.Length - known) / 4);
        return Take(s, [.. Enumerable.Range(0, end).Where(row => row < known || (row - known) % 3 != 1)]);
    }));

    /// <summary>More rows at the end.</summary>
    public static PanelMutation RowsAppended { get; } = new("rows appended", (panel, _) => Map(panel, s => Append(s, Appended)));

    /// <summary>For panels of several series: those after the first are changed after the cutoff.</summary>
    public static PanelMutation OtherSeries { get; } = new("other series", (panel, cutoff) => new Panel([.. panel.Series.Select((s, i) => i == 0
        ? s
        : s.With(s.Columns.Select(c => c.Role == ColumnRole.Static ? c : Later(s, c, cutoff, Other))))]));

    /// <summary>One more series, which begins after the cutoff and is long enough to be back-tested itself.</summary>
    public static PanelMutation NewSeries { get; } = new("new series", (panel, cutoff) =>
    {
        var model = panel.Series[0];
        int[] later = [.. Enumerable.Range(model.RowsUntil(cutoff), model.Length - model.RowsUntil(cutoff))];
        return new Panel([.. panel.Series, Append(Take(model, later), model.Length).Named("a newcomer")]);
    });

    /// <summary>Past covariates of later rows.</summary>
    public static PanelMutation PastCovariates { get; } = new("past covariates", (panel, cutoff) => Map(panel, s => s.With(s.Columns.Select(c =>
        c.Role == ColumnRole.PastCovariate ? Later(s, c, cutoff, Other) : c))));

    /// <summary>Values of earlier rows that are published only after the cutoff, and a revision after it of each that is known.</summary>
    public static PanelMutation Unpublished { get; } = new("unpublished", (panel, cutoff) => Map(panel, s => s.With(s.Columns.Select(c =>
        c.Role is ColumnRole.Target or ColumnRole.PastCovariate ? Revised(s, c, cutoff) : c))));

    public static IReadOnlyList<PanelMutation> All { get; } = [Values, Scaled, RowsRemoved, RowsAppended, OtherSeries, NewSeries, PastCovariates, Unpublished];

    private static double Other(double value, int row) => row % 5 == 2 ? double.NaN : (-3 * (double.IsNaN(value) ? 1 : value)) + 1000 + row;

    private static Panel Map(Panel panel, Func<TimeSeries, TimeSeries> change) => new([.. panel.Series.Select(change)]);

    /// <summary>The column with its values changed in rows after the cutoff.</summary>
    private static Column Later(TimeSeries series, Column column, Instant cutoff, Func<double, int, double> change)
    {
        var values = column.Values.ToArray();
        for (var row = series.RowsUntil(cutoff); row < values.Length; row++) values[row] = change(values[row], row);
        return column.With(values, column.OwnTimes(), column.Revisions);
    }

    private static Column Revised(TimeSeries series, Column column, Instant cutoff)
    {
        var values = column.Values.ToArray();
        var revisions = column.Revisions.Select(r => r.AvailableAt > cutoff ? r with { Value = Other(r.Value, r.Row) } : r).ToList();
        for (var row = 0; row < series.RowsUntil(cutoff); row++)
        {
            if (column.AvailableAt.Length > 0 && column.AvailableAt[row] > cutoff) values[row] = Other(values[row], row);
            else revisions.Add(new Revision(row, cutoff + Duration.FromSeconds(1), values[row] + 5000));
        }

        return column.With(values, column.OwnTimes(), revisions);
    }

    private static TimeSeries Take(TimeSeries s, int[] rows)
    {
        var place = rows.Select((row, i) => (row, i)).ToDictionary(x => x.row, x => x.i);
        return new TimeSeries(s.Id, s.Frequency, [.. rows.Select(row => s.Times[row])],
        [
            .. s.Columns.Select(c => c.Role == ColumnRole.Static ? c : c.With(
                [.. rows.Select(row => c.Values[row])],
                c.OwnTimes() is { } own ? [.. rows.Select(row => own[row])] : null,
                [.. c.Revisions.Where(r => place.ContainsKey(r.Row)).Select(r => r with { Row = place[r.Row] })])),
        ], s.Calendar);
    }

    private static TimeSeries Append(TimeSeries s, int rows)
    {
        Instant[] further = [.. Enumerable.Range(1, rows).Select(h => s.Frequency.Add(s.Times[^1], h, s.Calendar))];
        return new TimeSeries(s.Id, s.Frequency, [.. s.Times, .. further],
        [
            .. s.Columns.Select(c => c.Role == ColumnRole.Static ? c : c.With(
                [.. c.Values, .. Enumerable.Range(0, rows).Select(i => 50.0 + i)],
                c.OwnTimes() is { } own ? [.. own, .. further] : null,
                c.Revisions)),
        ], s.Calendar);
    }
}

/// <summary>Copies of data with one part replaced.</summary>
internal static class DataCopies
{
    public static TimeSeries With(this TimeSeries s, IEnumerable<Column> columns) => new(s.Id, s.Frequency, s.Times.ToArray(), [.. columns], s.Calendar);

    public static TimeSeries Named(this TimeSeries s, string id) => new(id, s.Frequency, s.Times.ToArray(), s.Columns, s.Calendar);

    public static Column With(this Column c, double[] values, Instant[]? availableAt, IEnumerable<Revision> revisions) => new(c.Name, c.Role, values, availableAt, revisions, c.Unit);

    /// <summary>Times of first publication, or null where they are the event times.</summary>
    public static Instant[]? OwnTimes(this Column c) => c.AvailableAt.Length == 0 ? null : c.AvailableAt.ToArray();
}
