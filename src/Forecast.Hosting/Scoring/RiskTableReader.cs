using System.Globalization;
using CsvHelper;
using Forecast.Backtest.Risk;
using Forecast.Core;
using Forecast.Hosting.Data;

namespace Forecast.Hosting.Scoring;

/// <summary>
/// Reads a CSV of returns with the VaR of one model (<c>return,var,es</c>) or of several (<c>return,var_NAME,es_NAME,...</c>). <c>loss</c> may
/// stand for minus the return; <c>es</c>, <c>sigma</c> (forecast standard deviation) and <c>pit</c> (probability integral transform) are optional for each model; a
/// column of dates is passed over. An empty field is missing.
/// </summary>
public static class RiskTableReader
{
    private static readonly string[] Dates = ["date", "t", "ds", "time", "timestamp"];
    private static readonly string[] Kinds = ["var", "es", "sigma", "pit"];

    /// <returns>The models in the order of their VaR columns; a single one without a name has the empty name.</returns>
    /// <exception cref="ForecastException">A file, column or number at fault: names line and column.</exception>
    public static IReadOnlyList<RiskSeries> Read(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path)) throw new ForecastException("file-missing", $"file '{path}' does not exist", "FILE");
        using var csv = CsvInput.Open(path, path, DataSource.DefaultMaxBytes);
        if (!csv.Read()) throw DataErrors.Empty(path);
        var table = new Table(path, Fields(csv));
        while (csv.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (csv.RawRecord.IsEmpty) continue;
            if (csv.FieldCount != table.Width) throw DataErrors.FieldCount(path, csv.LineNumber, csv.FieldCount, table.Width);
            table.Add(Fields(csv), (int)csv.LineNumber);
        }

        return table.Series();
    }

    private static string[] Fields(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    private sealed class Table
    {
        private readonly string _path;
        private readonly string[] _header;
        private readonly int _return;
        private readonly bool _isLoss;
        private readonly List<string> _models = [];
        private readonly Dictionary<(string Kind, string Model), int> _columns = [];
        private readonly List<double>[] _values;

        public Table(string path, string[] header)
        {
            _path = path;
            _header = header;
            _values = [.. header.Select(_ => new List<double>())];
            _return = Array.FindIndex(header, h => Is(h, "return") || Is(h, "returns"));
            var loss = Array.FindIndex(header, h => Is(h, "loss"));
            if (_return >= 0 && loss >= 0) throw new ForecastException("column-duplicate", $"file '{path}': give a column 'return' or 'loss', not both", "loss");
            _isLoss = _return < 0;
            if (_isLoss) _return = loss;
            if (_return < 0) throw new ForecastException("column-missing", $"file '{path}': there is no column 'return' (or 'loss'); columns are {string.Join(", ", header)}", "return");
            for (var i = 0; i < header.Length; i++)
            {
                if (i == _return || Dates.Contains(header[i], StringComparer.OrdinalIgnoreCase)) continue;
                var (kind, model) = Split(header[i]);
                if (!_columns.TryAdd((kind, model), i)) throw new ForecastException("column-duplicate", $"file '{path}': column '{header[i]}' stands twice", header[i]);
                if (kind == "var") _models.Add(model);
            }

            if (_models.Count == 0) throw new ForecastException("column-missing", $"file '{path}': there is no column 'var' or 'var_MODEL'; columns are {string.Join(", ", header)}", "var");
            foreach (var ((kind, model), column) in _columns)
            {
                if (!_models.Contains(model)) throw new ForecastException("column-missing", $"file '{path}': column '{header[column]}' has no VaR beside it; 'var{header[column][kind.Length..]}' is missing", $"var{header[column][kind.Length..]}");
            }
        }

        public int Width => _header.Length;

        public void Add(string[] fields, int line)
        {
            _values[_return].Add(Number(fields, _return, line));
            foreach (var column in _columns.Values) _values[column].Add(Number(fields, column, line));
        }

        public IReadOnlyList<RiskSeries> Series()
        {
            double[] returns = [.. _values[_return].Select(v => _isLoss ? -v : v)];
            return [.. _models.Select(m => RiskSeries.Of(m, returns, Values("var", m), Values("es", m), Values("sigma", m), Values("pit", m)))];
        }

        private double[] Values(string kind, string model) => _columns.TryGetValue((kind, model), out var column) ? [.. _values[column]] : [];

        private (string Kind, string Model) Split(string name)
        {
            foreach (var kind in Kinds)
            {
                if (Is(name, kind)) return (kind, "");
                if (name.StartsWith($"{kind}_", StringComparison.OrdinalIgnoreCase) && name.Length > kind.Length + 1) return (kind, name[(kind.Length + 1)..]);
            }

            throw new ForecastException("column-unknown", $"file '{_path}': column '{name}' is neither return, loss, a date nor one of var, es, sigma, pit, alone or as var_MODEL", name);
        }

        private double Number(string[] fields, int column, int line)
        {
            if (fields[column].Length == 0 || fields[column] is "NaN" or "NA") return double.NaN;
            return double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw new ForecastException("number-invalid", $"file '{_path}' line {line} column '{_header[column]}': '{fields[column]}' is no finite number", _header[column], index: line);
        }

        private static bool Is(string name, string word) => name.Equals(word, StringComparison.OrdinalIgnoreCase);
    }
}
