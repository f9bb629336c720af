using System.Text.Json;
using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>
/// Reads an index such as <c>model.safetensors.index.json</c>: <c>{"weight_map": {tensor: file, ...}}</c>. Every file must be named
/// plainly and lie beside the index; what the map does not name is not offered.
/// </summary>
internal static class ShardedWeights
{
    private const int LongestIndex = 100_000_000;

    /// <summary>Whether the content begins as a JSON object does.</summary>
    public static bool Looks(WeightMemory memory)
    {
        foreach (var b in memory.Slice(0, Math.Min(64, memory.Length)))
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return b == (byte)'{';
        }

        return false;
    }

    /// <exception cref="ForecastException">The index is damaged, names a file elsewhere, or promises a tensor that its file lacks.</exception>
    public static IWeightFile Read(WeightMemory index)
    {
        var map = ReadMap(index);
        var folder = Path.GetDirectoryName(Path.GetFullPath(index.File))!;
        var shards = new Dictionary<string, IWeightFile>(StringComparer.Ordinal);
        try
        {
            foreach (var shard in map.Select(m => m.Shard).Distinct(StringComparer.Ordinal)) shards[shard] = WeightFile.OpenSingle(Path.Combine(folder, shard));
            var tensors = new List<WeightTensor>();
            foreach (var (name, shard) in map)
            {
                tensors.Add(shards[shard].TryGet(name, out var tensor)
                    ? tensor
                    : throw WeightErrors.Invalid(index.File, $"tensor {WeightErrors.Quote(name)} should be in {WeightErrors.Quote(shard)}, but is not", name));
            }

            var metadata = shards.Values.FirstOrDefault()?.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal);
            var file = new WeightTable(index.File, WeightFormat.Sharded, tensors, new Lazy<IReadOnlyDictionary<string, string>>(metadata), [.. shards.Values]);
            index.Dispose();
            return file;
        }
        catch
        {
            foreach (var shard in shards.Values) shard.Dispose();
            throw;
        }
    }

    private static List<(string Name, string Shard)> ReadMap(WeightMemory index)
    {
        if (index.Length > LongestIndex) throw WeightErrors.Invalid(index.File, $"an index of {index.Length} bytes is longer than the {LongestIndex} allowed");
        try
        {
            using var json = JsonDocument.Parse(index.Slice(0, index.Length).ToArray(), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
                throw WeightErrors.Invalid(index.File, "this JSON file is no index of weights: it has no 'weight_map'");
            return [.. map.EnumerateObject().Select(p => (p.Name, CheckShard(index.File, p.Name, p.Value)))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw WeightErrors.Invalid(index.File, $"the index is not valid JSON: {e.Message}", inner: e);
        }
    }

    private static string CheckShard(string file, string name, JsonElement value)
    {
        var shard = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw WeightErrors.Invalid(file, $"'weight_map' gives {WeightErrors.Quote(name)} no file name", name);
        var plain = shard.Length is > 0 and <= 255 && shard is not ("." or "..") && shard.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ' ' or '+');
        return plain ? shard : throw WeightErrors.Invalid(file, $"{WeightErrors.Quote(shard)} is no plain name of a file beside the index", name);
    }
}
