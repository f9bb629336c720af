using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Forecast.Core;

namespace Forecast.Models.Weights.Safetensors;

/// <summary>
/// Writes safetensors files byte for byte as the reference library lays them out: tensors by type (see <see cref="WeightType"/>,
/// widest first), then by name in byte order; compact JSON with the metadata in front; the header padded with spaces to 8 bytes.
/// </summary>
/// <remarks>The reference library keeps metadata in no fixed order; here they keep the order in which they are given.</remarks>
public static class SafetensorsWriter
{
    /// <summary>Writes beside <paramref name="path"/> first and then takes its place, so that a reader never sees half a file.</summary>
    /// <exception cref="ForecastException">A name is given twice or reserved, or a tensor's values do not fill its shape.</exception>
    public static void Save(string path, IEnumerable<WeightSource> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        var half = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(half, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)) Write(stream, tensors, metadata);
            File.Move(half, path, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }
    }

    /// <inheritdoc cref="Save"/>
    public static void Write(Stream stream, IEnumerable<WeightSource> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        var ordered = tensors.Select(t => (Source: t, Key: Encoding.UTF8.GetBytes(t.Name))).ToList();
        ordered.Sort((a, b) => b.Source.Type != a.Source.Type ? b.Source.Type.CompareTo(a.Source.Type) : a.Key.AsSpan().SequenceCompareTo(b.Key));
        var lengths = ordered.ConvertAll(t => Length(t.Source));
        CheckNames(ordered.ConvertAll(t => t.Source.Name));
        var header = Encoding.UTF8.GetBytes(Header(ordered.ConvertAll(t => t.Source), lengths, metadata));
        var padded = (header.Length + 7) / 8 * 8;
        if (padded > SafetensorsHeader.LongestHeader) throw new ForecastException("weights-too-many", $"the header would have {padded} bytes; the format allows {SafetensorsHeader.LongestHeader}");

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
        stream.Write(length);
        stream.Write(header);
        for (var i = header.Length; i < padded; i++) stream.WriteByte((byte)' ');
        var counted = new CountingStream(stream);
        for (var i = 0; i < ordered.Count; i++)
        {
            var before = counted.Written;
            ordered[i].Source.Write(counted);
            if (counted.Written - before != lengths[i])
                throw new ForecastException("weight-shape", $"tensor {WeightErrors.Quote(ordered[i].Source.Name)} wrote {counted.Written - before} bytes; its shape and type need {lengths[i]}", ordered[i].Source.Name);
        }
    }

    private static void CheckNames(List<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (name == SafetensorsHeader.MetadataKey) throw new ForecastException("weight-name", $"no tensor may be called '{name}'", name);
            if (!seen.Add(name)) throw new ForecastException("weight-name", $"tensor {WeightErrors.Quote(name)} is given twice", name);
        }
    }

    private static long Length(WeightSource tensor)
    {
        try
        {
            return checked(tensor.Shape.Aggregate((long)tensor.Type.Size(), (product, size) => size < 0 ? throw new OverflowException() : product * size));
        }
        catch (OverflowException e)
        {
            throw new ForecastException("weight-shape", $"tensor {WeightErrors.Quote(tensor.Name)} has the impossible shape [{string.Join(", ", tensor.Shape)}]", tensor.Name, inner: e);
        }
    }

    private static string Header(List<WeightSource> tensors, List<long> lengths, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        var json = new StringBuilder("{");
        if (metadata is not null)
        {
            AppendString(json, SafetensorsHeader.MetadataKey).Append(":{");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (key, value) in metadata)
            {
                if (!seen.Add(key)) throw new ForecastException("weight-metadata", $"metadata {WeightErrors.Quote(key)} are given twice", key);
                if (seen.Count > 1) json.Append(',');
                AppendString(AppendString(json, key).Append(':'), value);
            }

            json.Append('}');
        }

        var offset = 0L;
        for (var i = 0; i < tensors.Count; i++)
        {
            if (json.Length > 1) json.Append(',');
            AppendString(json, tensors[i].Name).Append(":{\"dtype\":\"").Append(tensors[i].Type.Name()).Append("\",\"shape\":[")
                .AppendJoin(',', tensors[i].Shape).Append("],\"data_offsets\":[").Append(offset).Append(',').Append(offset + lengths[i]).Append("]}");
            offset += lengths[i];
        }

        return json.Append('}').ToString();
    }

    /// <summary>Escapes as the reference library does, which is only what JSON demands; System.Text.Json escapes more.</summary>
    private static StringBuilder AppendString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\t' => json.Append("\\t"),
                '\n' => json.Append("\\n"),
                '\f' => json.Append("\\f"),
                '\r' => json.Append("\\r"),
                < ' ' => json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => json.Append(c),
            };
        }

        return json.Append('"');
    }

    private sealed class CountingStream(Stream target) : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            target.Write(buffer);
            Written += buffer.Length;
        }
    }
}
