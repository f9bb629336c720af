using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Forecast.Core;

namespace Forecast.Models.Weights.Safetensors;

/// <summary>One tensor's row of the header; the offsets count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, WeightType Type, ImmutableArray<long> Shape, long Begin, long End);

/// <summary>
/// The JSON header: <c>{"__metadata__": {string: string}, name: {"dtype", "shape", "data_offsets": [begin, end]}, ...}</c>.
/// Reads it and holds every entry against the format's rules: no name twice, and offsets that cover the data without gap or overlap.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The reference library's own limit, bytes.</summary>
    public const int LongestHeader = 100_000_000;
    private const int MostDimensions = 64;

    /// <exception cref="ForecastException">The header breaks a rule; the tensor is named.</exception>
    public static SafetensorsHeader Read(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        if (!Utf8.IsValid(json)) throw WeightErrors.Invalid(file, "the header is not valid UTF-8");
        try
        {
            var parser = new Parser(json, file);
            parser.ReadAll();
            CheckCoverage(parser.Entries, dataLength, file);
            return new SafetensorsHeader(parser.Entries, parser.Metadata);
        }
        catch (JsonException e)
        {
            throw WeightErrors.Invalid(file, $"the header is not valid JSON: {e.Message}", inner: e);
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair, written as an escape.
            throw WeightErrors.Invalid(file, "a string of the header is not valid Unicode", inner: e);
        }
    }

    private static void CheckCoverage(List<SafetensorsEntry> entries, long dataLength, string file)
    {
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        var covered = 0L;
        foreach (var e in entries)
        {
            if (e.Begin != covered)
            {
                var what = e.Begin < covered ? "overlaps the tensor before it" : "leaves a gap before it";
                throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(e.Name)} begins at byte {e.Begin} of the data, not at {covered}: it {what}", e.Name);
            }

            if (e.End > dataLength) throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(e.Name)} ends at byte {e.End} of the data, but the file has {dataLength}: it is cut short", e.Name);
            covered = e.End;
        }

        if (covered != dataLength) throw WeightErrors.Invalid(file, $"{dataLength - covered} bytes follow the last tensor");
    }

    private ref struct Parser(ReadOnlySpan<byte> json, string file)
    {
        private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 8 });

        public List<SafetensorsEntry> Entries { get; } = [];

        public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

        public void ReadAll()
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            Step(JsonTokenType.StartObject, "the header is not a JSON object");
            while (NextKey() is { } name)
            {
                if (!seen.Add(name)) throw WeightErrors.Invalid(file, $"the header has {WeightErrors.Quote(name)} twice", name);
                if (name == MetadataKey) ReadMetadata();
                else Entries.Add(ReadEntry(name));
            }

            if (_reader.Read()) throw WeightErrors.Invalid(file, "something follows the header's object");
        }

        private void ReadMetadata()
        {
            if (!_reader.Read()) throw new JsonException("cut short");
            if (_reader.TokenType == JsonTokenType.Null) return;
            if (_reader.TokenType != JsonTokenType.StartObject) throw WeightErrors.Invalid(file, $"'{MetadataKey}' is not an object", MetadataKey);
            while (NextKey() is { } key)
            {
                Step(JsonTokenType.String, $"'{MetadataKey}' may hold strings only, but {WeightErrors.Quote(key)} is none");
                if (!Metadata.TryAdd(key, _reader.GetString()!)) throw WeightErrors.Invalid(file, $"'{MetadataKey}' has {WeightErrors.Quote(key)} twice", key);
            }
        }

        private SafetensorsEntry ReadEntry(string name)
        {
            WeightType? type = null;
            ImmutableArray<long>? shape = null, offsets = null;
            Step(JsonTokenType.StartObject, $"tensor {WeightErrors.Quote(name)} is not an object");
            while (NextKey() is { } key)
            {
                var twice = false;
                switch (key)
                {
                    case "dtype":
                        twice = type is not null;
                        type = ReadType(name);
                        break;
                    case "shape":
                        twice = shape is not null;
                        shape = ReadCounts(name, key, MostDimensions);
                        break;
                    case "data_offsets":
                        twice = offsets is not null;
                        offsets = ReadCounts(name, key, 2);
                        break;
                    default:
                        _reader.Skip();  // later versions of the format may say more
                        break;
                }

                if (twice) throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(name)} has '{key}' twice", name);
            }

            if (type is not { } t || shape is not { } s || offsets is not { Length: 2 } o)
                throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(name)} must have 'dtype', 'shape' and two 'data_offsets'", name);
            if (o[1] < o[0]) throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(name)} ends at {o[1]}, before it begins at {o[0]}", name);
            return new SafetensorsEntry(name, t, s, o[0], o[1]);
        }

        private WeightType ReadType(string name)
        {
            Step(JsonTokenType.String, $"'dtype' of {WeightErrors.Quote(name)} is not a string");
            var text = _reader.GetString()!;
            if (WeightTypes.TryParse(text, out var type)) return type;
            throw WeightErrors.Unsupported(file, $"tensor {WeightErrors.Quote(name)} has the type {WeightErrors.Quote(text)}, which is not known here", name);
        }

        private ImmutableArray<long> ReadCounts(string name, string key, int most)
        {
            var counts = ImmutableArray.CreateBuilder<long>();
            Step(JsonTokenType.StartArray, $"'{key}' of {WeightErrors.Quote(name)} is not a list");
            while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            {
                if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var count) || count < 0)
                    throw WeightErrors.Invalid(file, $"'{key}' of {WeightErrors.Quote(name)} must hold whole numbers from 0 to {long.MaxValue}", name);
                if (counts.Count == most) throw WeightErrors.Invalid(file, $"'{key}' of {WeightErrors.Quote(name)} has more than {most} numbers", name);
                counts.Add(count);
            }

            return counts.ToImmutable();
        }

        private string? NextKey()
        {
            if (!_reader.Read()) throw new JsonException("cut short");
            return _reader.TokenType == JsonTokenType.EndObject ? null : _reader.GetString()!;
        }

        private void Step(JsonTokenType wanted, string otherwise)
        {
            if (!_reader.Read() || _reader.TokenType != wanted) throw WeightErrors.Invalid(file, otherwise);
        }
    }
}
