using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Forecast.Backtest.Results;

/// <summary>The order of a run's predictions and the SHA-256 over them: equal hashes, equal runs, bit for bit.</summary>
public static class PredictionHash
{
    /// <summary>By model (place in <paramref name="models"/>), series id (ordinal), cutoff, h.</summary>
    /// <exception cref="ArgumentException">A row of a model that is not in the list.</exception>
    public static IReadOnlyList<PredictionRow> Sort(IEnumerable<PredictionRow> rows, IReadOnlyList<string> models)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(models);
        var place = models.Select((m, i) => (m, i)).ToDictionary(x => x.m, x => x.i, StringComparer.Ordinal);
        return
        [
            .. rows.OrderBy(r => place.TryGetValue(r.Model, out var i) ? i : throw new ArgumentException($"there is no model '{r.Model}' in the run", nameof(rows)))
                .ThenBy(r => r.Series, StringComparer.Ordinal).ThenBy(r => r.Cutoff).ThenBy(r => r.H),
        ];
    }

    /// <summary>
    /// Lower-case hex of the SHA-256 over the rows in the order given: texts as UTF-8 after their length, whole numbers and instants
    /// (ticks of 100 ns since 1970) as 64 bits, doubles as their bits, every NaN as FFF8000000000000; all little-endian. Shortfalls
    /// enter, after their number, only in runs that have them.
    /// </summary>
    public static string Of(IEnumerable<PredictionRow> sorted)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[512];
        foreach (var row in sorted)
        {
            var used = 0;
            Text(row.Model);
            Text(row.Series);
            Number(row.Fold);
            Number(row.Cutoff.ToUnixTimeTicks());
            Number(row.H);
            Number(row.Timestamp.ToUnixTimeTicks());
            Number(row.ObservedAt.ToUnixTimeTicks());
            Real(row.Actual);
            Real(row.Mean);
            Number(row.Quantiles.Length);
            foreach (var quantile in row.Quantiles) Real(quantile);
            Real(row.Crps);
            Real(row.Pit);
            if (row.Shortfalls.Length > 0) Number(row.Shortfalls.Length);
            foreach (var shortfall in row.Shortfalls) Real(shortfall);
            sha.AppendData(bytes, 0, used);

            void Real(double value) => Number(BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value));

            void Number(long value)
            {
                Reserve(8);
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(used), value);
                used += 8;
            }

            void Text(string text)
            {
                var length = Encoding.UTF8.GetByteCount(text);
                Number(length);
                Reserve(length);
                used += Encoding.UTF8.GetBytes(text, bytes.AsSpan(used));
            }

            void Reserve(int more)
            {
                if (used + more > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, used + more));
            }
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
