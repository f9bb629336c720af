using System.Text.Json;
using Forecast.Core;

namespace Forecast.Hosting.Pulls;

/// <summary>Which files of a published folder are fetched: configuration, weights in one of their forms, tokenizer.</summary>
internal static class ModelFiles
{
    public const string Config = "config.json";
    public const string SafetensorsIndex = "model.safetensors.index.json";
    public const string CheckpointIndex = "pytorch_model.bin.index.json";

    /// <summary>Weights in a single file, the best first; only one form is fetched.</summary>
    public static IReadOnlyList<string> SingleWeights { get; } = ["model.safetensors", "model.ckpt", "pytorch_model.bin"];

    /// <summary>What a network of language needs beside its weights.</summary>
    public static IReadOnlyList<string> Others { get; } =
    [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "tokenizer.model", "vocab.json", "merges.txt", "tok512.bin",
    ];

    /// <summary>A name that stays inside its folder on every system.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= 200 && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && !name.Contains("..", StringComparison.Ordinal) && name[^1] != '.';

    /// <summary>The form of weights that is fetched: a single file, or the index of several.</summary>
    /// <exception cref="ForecastException">There are none.</exception>
    public static string ChooseWeights(Func<string, bool> has, string model) =>
        new[] { SingleWeights[0], SafetensorsIndex, SingleWeights[1], SingleWeights[2], CheckpointIndex }.FirstOrDefault(has)
        ?? throw new ForecastException("weights-missing", $"'{model}' holds no weights: none of {string.Join(", ", SingleWeights)}, {SafetensorsIndex}, {CheckpointIndex}", "SOURCE");

    public static bool IsIndex(string name) => name is SafetensorsIndex or CheckpointIndex;

    /// <summary>The files that an index names.</summary>
    /// <exception cref="ForecastException">No index, or one that names a file elsewhere.</exception>
    public static IReadOnlyList<string> Shards(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            var names = json.RootElement.GetProperty("weight_map").EnumerateObject().Select(p => p.Value.GetString() ?? "").Distinct(StringComparer.Ordinal).ToArray();
            return Array.Find(names, n => !IsPlain(n)) is { } stray
                ? throw new ForecastException("weights-invalid", $"{Path.GetFileName(path)} names '{stray}', which is no plain file beside it", "SOURCE")
                : names;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ForecastException("weights-invalid", $"{Path.GetFileName(path)} is no index of weights: {e.Message}", "SOURCE", inner: e);
        }
    }
}
