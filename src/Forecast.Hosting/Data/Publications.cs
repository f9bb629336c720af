using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>
/// From rows as they stand in a file to one row a time. Without times of availability the rows must ascend. With them, rows of
/// the same time are its publications: the earliest is the row, each later one states the whole row anew.
/// </summary>
internal sealed class Publications(FileRequest request, ColumnLayout layout, Frequency frequency)
{
    private string TimeColumn => layout.Time?.Name ?? "t";

    public SeriesRows Order(RowTable table)
    {
        table.Local?.Close();
        return table.Available is null ? InFileOrder(table) : ByPublication(table, table.Available);
    }

    private SeriesRows InFileOrder(RowTable table)
    {
        for (var t = 1; t < table.Times.Count; t++)
        {
            if (table.Times[t] > table.Times[t - 1]) continue;
            var (now, before) = (frequency.Format(table.Times[t]), frequency.Format(table.Times[t - 1]));
            var first = table.Times.IndexOf(table.Times[t]);
            throw first < t
                ? DataErrors.TimestampDuplicate(request.Display, table.Lines[t], TimeColumn, table.Id, now, table.Lines[first])
                : DataErrors.Unsorted(request.Display, table.Lines[t], TimeColumn, table.Id, now, before);
        }

        return new SeriesRows
        {
            Times = [.. table.Times],
            Lines = [.. table.Lines],
            Available = null,
            Numbers = [.. table.Numbers.Select(n => n.ToArray())],
            Later = [],
        };
    }

    private SeriesRows ByPublication(RowTable table, List<Instant> available)
    {
        var order = Enumerable.Range(0, table.Times.Count).OrderBy(r => table.Times[r]).ThenBy(r => available[r]).ThenBy(r => r).ToArray();
        var firsts = new List<int>(order.Length);
        var later = new List<Republication>();
        for (var k = 0; k < order.Length; k++)
        {
            var row = order[k];
            var time = table.Times[row];
            if (available[row] < time)
                throw DataErrors.AvailableTooEarly(request.Display, table.Lines[row], layout.Available!.Value.Name, table.Id, frequency.Format(available[row]), frequency.Format(time));
            if (k == 0 || table.Times[order[k - 1]] != time)
            {
                firsts.Add(row);
                continue;
            }

            var previous = order[k - 1];
            if (available[previous] == available[row])
                throw DataErrors.PublicationDuplicate(request.Display, table.Lines[row], TimeColumn, table.Id, frequency.Format(time), table.Lines[previous]);
            Republish(table, available[row], firsts.Count - 1, previous, row, later);
        }

        return new SeriesRows
        {
            Times = [.. firsts.Select(r => table.Times[r])],
            Lines = [.. firsts.Select(r => table.Lines[r])],
            Available = [.. firsts.Select(r => available[r])],
            Numbers = [.. table.Numbers.Select(n => firsts.Select(r => n[r]).ToArray())],
            Later = later,
        };
    }

    private void Republish(RowTable table, Instant at, int place, int previous, int row, List<Republication> later)
    {
        var known = layout.Targets.Count + layout.Past.Count;
        for (var c = 0; c < table.Numbers.Length; c++)
        {
            var (before, now) = (table.Numbers[c][previous], table.Numbers[c][row]);
            if (before.Equals(now)) continue;  // published again unchanged
            if (c >= known) throw DataErrors.FutureRevised(request.Display, table.Lines[row], layout.Numbers[c].Name, table.Id, frequency.Format(table.Times[row]));
            later.Add(new Republication(c, place, at, now));
        }
    }
}
