using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forecast.Core.Forecasting;

/// <summary>Named entries of a saved model: a zip file on disk. Doubles survive bit for bit.</summary>
public sealed class ModelArchive
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly SortedDictionary<string, byte[]> _entries = new(StringComparer.Ordinal);

    public IEnumerable<string> Entries => _entries.Keys;

    public void Write(string entry, ReadOnlySpan<byte> bytes) => _entries[entry] = bytes.ToArray();

    public void WriteObject<T>(string entry, T value) => _entries[entry] = JsonSerializer.SerializeToUtf8Bytes(value, Json);

    /// <exception cref="ForecastException">No such entry.</exception>
    public ReadOnlySpan<byte> Read(string entry) => _entries.TryGetValue(entry, out var bytes)
        ? bytes
        : throw new ForecastException("archive-entry-missing", $"the saved model has no entry '{entry}'", "archive");

    /// <exception cref="ForecastException">No such entry, or one that is not a <typeparamref name="T"/>.</exception>
    public T ReadObject<T>(string entry)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Read(entry), Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ForecastException("archive-entry-invalid", $"entry '{entry}' of the saved model cannot be read: {e.Message}", "archive", inner: e);
        }
    }

    public void Save(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, bytes) in _entries)
        {
            var entry = zip.CreateEntry(name);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);  // same content, same bytes
            using var target = entry.Open();
            target.Write(bytes);
        }
    }

    /// <exception cref="ForecastException">The stream is no archive, or one that was cut short or damaged.</exception>
    public static ModelArchive Open(Stream stream)
    {
        var archive = new ModelArchive();
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in zip.Entries)
            {
                using var source = entry.Open();
                using var buffer = new MemoryStream();
                source.CopyTo(buffer);
                var bytes = buffer.ToArray();
                if (Crc32.Of(bytes) != entry.Crc32) throw new InvalidDataException($"entry '{entry.FullName}' is damaged");
                archive._entries[entry.FullName] = bytes;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ForecastException("archive-invalid", $"the saved model is no archive: {e.Message}", "archive", inner: e);
        }

        return archive;
    }
}
