using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report;

/// <summary>
/// Forecasts of one step along time with a place of their own for what is missing: a fold that failed is a gap in every curve,
/// never a bridge.
/// </summary>
public sealed class FoldRows
{
    private readonly PredictionRow?[] _rows;

    private FoldRows(PredictionRow?[] rows, double[] places) => (_rows, Places) = (rows, places);

    /// <summary>x of each row, ascending; a gap stands between its neighbours.</summary>
    public double[] Places { get; }

    /// <summary>Rows in time; null = a gap.</summary>
    public IReadOnlyList<PredictionRow?> Rows => _rows;

    /// <param name="context">The report.</param>
    /// <param name="series">Series of the rows.</param>
    /// <param name="rows">Rows of one step, one a fold, in time.</param>
    public static FoldRows Of(ReportContext context, SeriesInfo series, IReadOnlyList<PredictionRow> rows)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(rows);
        var all = new List<PredictionRow?>(rows.Count);
        var places = new List<double>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var place = context.Place(rows[i].ObservedAt, series);
            if (i > 0 && rows[i].Fold - rows[i - 1].Fold > 1)
            {
                all.Add(null);
                places.Add((places[^1] + place) / 2);
            }

            all.Add(rows[i]);
            places.Add(place);
        }

        return new([.. all], [.. places]);
    }

    /// <summary>A curve over the rows; NaN at gaps.</summary>
    public double[] Curve(Func<PredictionRow, double> value) => Array.ConvertAll(_rows, r => r is null ? double.NaN : value(r));

    /// <summary>At most <paramref name="limit"/> places, with all extremes of the curves, all gaps and all places that <paramref name="always"/> holds for.</summary>
    public FoldRows Thinned(int limit, Func<PredictionRow, bool> always, params Func<PredictionRow, double>[] curves)
    {
        var marked = Enumerable.Range(0, _rows.Length).Where(i => _rows[i] is { } row && always(row));
        int[] kept = [.. Thinning.Keep(Array.ConvertAll(curves, Curve), limit).Union(marked).Order()];
        return new(Array.ConvertAll(kept, i => _rows[i]), Array.ConvertAll(kept, i => Places[i]));
    }
}
