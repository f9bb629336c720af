using System.Globalization;
using CsvHelper;
using Forecast.Backtest.Metrics;
using Forecast.Core;
using Forecast.Hosting.Data;

namespace Forecast.Hosting.Scoring;

/// <summary>The forecasts of one model in a table to be scored.</summary>
/// <param name="Model">Name from a <c>model</c> column, else empty.</param>
/// <param name="Rows">Its rows in the order of the file.</param>
public sealed record ForecastTable(string Model, IReadOnlyList<ScoreRow> Rows);

/// <summary>
/// Reads a CSV of forecasts with what came true: <c>id,t,actual,mean</c>, a column a quantile level (<c>0.05</c> or <c>q0.05</c>),
/// and if wanted <c>scale</c> and <c>scale2</c> (in-sample mean absolute and squared seasonal difference), <c>model</c>,
/// <c>cutoff</c>, <c>h</c>. The predictions file of a back-test is such a table.
/// </summary>
public static class ForecastTableReader
{
    private static readonly string[] Ignored = ["observed_at", "crps", "pit"];

    /// <returns>The tables by model, in order of first appearance, and the levels, ascending.</returns>
    /// <exception cref="ForecastException">A file, column or number at fault: names line and column.</exception>
    public static (IReadOnlyList<ForecastTable> Tables, IReadOnlyList<double> Levels) Read(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path)) throw new ForecastException("file-missing", $"file '{path}' does not exist", "FILE");
        using var csv = CsvInput.Open(path, path, DataSource.DefaultMaxBytes);
        if (!csv.Read()) throw DataErrors.Empty(path);
        var columns = new Layout(path, Fields(csv));
        var tables = new Dictionary<string, List<ScoreRow>>(StringComparer.Ordinal);
        while (csv.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (csv.RawRecord.IsEmpty) continue;
            if (csv.FieldCount != columns.Count) throw DataErrors.FieldCount(path, csv.LineNumber, csv.FieldCount, columns.Count);
            var (model, row) = columns.Read(Fields(csv), (int)csv.LineNumber);
            if (!tables.TryGetValue(model, out var rows)) tables[model] = rows = [];
            rows.Add(row);
        }

        return ([.. tables.Select(t => new ForecastTable(t.Key, t.Value))], columns.Levels);
    }

    private static string[] Fields(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    private sealed class Layout
    {
        private readonly string _path;
        private readonly string[] _header;
        private readonly int _model;
        private readonly int _id;
        private readonly int _time;
        private readonly int _cutoff;
        private readonly int _h;
        private readonly int _actual;
        private readonly int _mean;
        private readonly int _scale;
        private readonly int _scale2;
        private readonly int[] _quantiles;

        public Layout(string path, string[] header)
        {
            _path = path;
            _header = header;
            _model = Find("model");
            _id = Need("id", "unique_id", "series");
            _time = Need("t", "ds", "timestamp");
            _cutoff = Find("cutoff");
            _h = Find("h");
            _actual = Need("actual");
            _mean = Need("mean");
            _scale = Find("scale");
            _scale2 = Find("scale2");
            var levels = new SortedDictionary<double, int>();
            for (var i = 0; i < header.Length; i++)
            {
                if (new[] { _model, _id, _time, _cutoff, _h, _actual, _mean, _scale, _scale2 }.Contains(i) || Ignored.Contains(header[i], StringComparer.Ordinal) || header[i].StartsWith("es@", StringComparison.Ordinal)) continue;
                var text = header[i].TrimStart('q').TrimStart('_');
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var level) || !(level > 0 && level < 1))
                    throw new ForecastException("column-unknown", $"file '{path}': column '{header[i]}' is neither one of id, t, actual, mean, scale, scale2, model, cutoff, h nor a quantile level", header[i]);
                if (!levels.TryAdd(level, i)) throw new ForecastException("column-duplicate", $"file '{path}': level {level} has two columns", header[i]);
            }

            Levels = [.. levels.Keys];
            _quantiles = [.. levels.Values];
        }

        public int Count => _header.Length;

        public IReadOnlyList<double> Levels { get; }

        public (string Model, ScoreRow Row) Read(string[] fields, int line)
        {
            var time = fields[_time] + (_cutoff >= 0 ? $" from {fields[_cutoff]}" : "") + (_h >= 0 ? $" h {fields[_h]}" : "");
            var row = new ScoreRow(fields[_id], time, Number(fields, _actual, line), Number(fields, _mean, line), Array.ConvertAll(_quantiles, q => Number(fields, q, line)), Number(fields, _scale, line), Number(fields, _scale2, line));
            return (_model >= 0 ? fields[_model] : "", row);
        }

        private double Number(string[] fields, int column, int line)
        {
            if (column < 0 || fields[column].Length == 0 || fields[column] is "NaN" or "NA") return double.NaN;
            return double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new ForecastException("number-invalid", $"file '{_path}' line {line} column '{_header[column]}': '{fields[column]}' is no finite number", _header[column], index: line);
        }

        private int Find(params string[] names) => Array.FindIndex(_header, h => names.Contains(h, StringComparer.OrdinalIgnoreCase));

        private int Need(params string[] names)
        {
            var found = Find(names);
            return found >= 0 ? found : throw new ForecastException("column-missing", $"file '{_path}': there is no column '{names[0]}'; columns are {string.Join(", ", _header)}", names[0]);
        }
    }
}
