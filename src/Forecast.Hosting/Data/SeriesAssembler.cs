using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>Makes series of a table of rows: orders publications, fills the grid, takes returns, and gives every column its role.</summary>
internal sealed class SeriesAssembler(FileRequest request, ColumnLayout layout, Frequency frequency)
{
    private readonly Publications _publications = new(request, layout, frequency);
    private readonly TimeGrid _grid = new(request, layout.Time?.Name ?? "t", frequency);

    /// <summary>One series of a long file's table, one a target column of a wide file's.</summary>
    public IEnumerable<SeriesDraft> Assemble(RowTable table)
    {
        var rows = _grid.Align(table.Id, _publications.Order(table));
        for (var target = 0; target < layout.Targets.Count; target++)
            yield return Series(layout.Id is not null || layout.SingleValue ? table.Id : layout.Targets[target].Name, rows, target);
    }

    private SeriesDraft Series(string id, SeriesRows rows, int target)
    {
        var source = layout.Targets[target];
        var unit = request.Options.Unit ?? request.Info?.Columns?.GetValueOrDefault(source.Name);
        var values = rows.Numbers[target];
        var available = rows.Available;
        var skip = 0;
        if (Array.TrueForAll(values, double.IsNaN) && rows.Later.All(l => l.Column != target)) throw DataErrors.AllMissing(request.Display, id);
        if (request.Options.Returns != Returns.None)
        {
            if (rows.Later.Any(l => l.Column == target)) throw DataErrors.ReturnsOfRevised(request.Display, id);
            skip = ReturnsTransform.FirstRow(request.Display, id, values);
            (values, available) = ReturnsTransform.Apply(request.Options.Returns, request, source.Name, id, values, rows);
            unit = request.Options.Unit ?? ReturnsTransform.Unit(request.Options.Returns);
        }

        var covariates = new List<Column>();
        for (var c = layout.Targets.Count; c < layout.Numbers.Count; c++)
        {
            var isFuture = c >= layout.Targets.Count + layout.Past.Count;
            covariates.Add(Make(layout.Numbers[c].Name, isFuture ? ColumnRole.FutureCovariate : ColumnRole.PastCovariate, rows.Numbers[c], isFuture ? null : rows.Available, c, request.Info?.Columns?.GetValueOrDefault(layout.Numbers[c].Name)));
        }

        return new SeriesDraft(id, frequency, request.Calendar, rows.Times[skip..], Make(source.Name, ColumnRole.Target, values, available, target, unit), covariates);

        Column Make(string name, ColumnRole role, double[] numbers, Instant[]? known, int place, string? columnUnit) =>
            new(name, role, numbers[skip..], known?[skip..], rows.Later.Where(l => l.Column == place && l.Row >= skip).Select(l => new Revision(l.Row - skip, l.At, l.Value)), string.IsNullOrEmpty(columnUnit) ? null : columnUnit);
    }
}
