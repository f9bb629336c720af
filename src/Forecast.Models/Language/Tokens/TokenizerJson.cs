using System.Text.Json;
using Forecast.Core;

namespace Forecast.Models.Language.Tokens;

/// <summary>Reads the <c>tokenizer.json</c> of a published language model. What is not built here is an error that names it, never left out.</summary>
internal static class TokenizerJson
{
    private const long Largest = 256L << 20;

    /// <exception cref="ForecastException">The file is damaged, or asks for a part that is not built here.</exception>
    public static ITokenizer Open(string path)
    {
        if (new FileInfo(path).Length > Largest) throw new ForecastException("tokenizer-damaged", $"{path} is larger than {Largest >> 20} MiB, too large for a tokeniser", "tokenizer");
        return Read(File.ReadAllBytes(path), path);
    }

    public static ITokenizer Read(ReadOnlyMemory<byte> bytes, string source)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return new JsonTokenizer(Parts(json.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ForecastException("tokenizer-damaged", $"{source} is no tokeniser: {e.Message}", "tokenizer", inner: e);
        }
    }

    private static TokenizerParts Parts(JsonElement root)
    {
        var model = root.GetProperty("model");
        var kind = model.TryGetProperty("type", out var type) ? type.GetString() : "BPE";
        if (kind is not "BPE") throw Unsupported("model", kind);
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (Text(model, name) is { Length: > 0 } affix) throw Unsupported(name, affix);
        }

        var vocabulary = model.GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);
        var merges = model.GetProperty("merges").EnumerateArray().Select(Merge).ToList();
        var pairs = new BytePairs(vocabulary, merges, Text(model, "unk_token"), Flag(model, "byte_fallback"), Flag(model, "fuse_unk"), Flag(model, "ignore_merges"));
        var added = Some(root, "added_tokens") is { } list ? list.EnumerateArray().Select(Added).ToList() : [];
        var (before, after) = Some(root, "post_processor") is { } template ? Around(template, added, vocabulary) : ([], []);
        return new TokenizerParts(
            vocabulary, added, Some(root, "normalizer") is { } normalizer ? TokenizerSteps.Normalizer(normalizer) : text => text, Some(root, "pre_tokenizer") is { } cut ? TokenizerSteps.Cut(cut) : part => [part], pairs,
            before, after, Some(root, "decoder") is { } decoder ? TokenizerSteps.Join(decoder) : pieces => pieces);
    }

    /// <summary>Older files write a merge as one text with a space, newer ones as a pair.</summary>
    private static (string Left, string Right) Merge(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array) return (merge[0].GetString()!, merge[1].GetString()!);
        var text = merge.GetString()!;
        var space = text.IndexOf(' ', 1);
        return space > 0 ? (text[..space], text[(space + 1)..]) : throw new FormatException($"the merge '{text}' is no pair");
    }

    private static AddedPiece Added(JsonElement json) => new(
        json.GetProperty("id").GetInt32(), json.GetProperty("content").GetString()!, Flag(json, "special"), Flag(json, "normalized"), Flag(json, "lstrip"), Flag(json, "rstrip"), Flag(json, "single_word"));

    /// <summary>Special pieces that a template puts in front of and behind a single text.</summary>
    private static (List<long> Before, List<long> After) Around(JsonElement processor, IReadOnlyList<AddedPiece> added, IReadOnlyDictionary<string, int> vocabulary)
    {
        var (before, after) = (new List<long>(), new List<long>());
        switch (Text(processor, "type"))
        {
            case "ByteLevel": break;
            case "Sequence":
                foreach (var inner in processor.GetProperty("processors").EnumerateArray())
                {
                    var (front, back) = Around(inner, added, vocabulary);
                    before.InsertRange(0, front);
                    after.AddRange(back);
                }

                break;
            case "TemplateProcessing":
                var target = before;
                foreach (var item in processor.GetProperty("single").EnumerateArray())
                {
                    if (item.TryGetProperty("SpecialToken", out var special)) target.AddRange(Numbers(special.GetProperty("id").GetString()!));
                    else target = after;
                }

                break;
            case var other: throw Unsupported("post_processor", other);
        }

        return (before, after);

        IEnumerable<long> Numbers(string name)
        {
            if (processor.TryGetProperty("special_tokens", out var known) && known.TryGetProperty(name, out var entry)) return entry.GetProperty("ids").EnumerateArray().Select(i => i.GetInt64());
            if (added.FirstOrDefault(a => string.Equals(a.Content, name, StringComparison.Ordinal)) is { } piece) return [piece.Number];
            return vocabulary.TryGetValue(name, out var number) ? [number] : throw new FormatException($"the template names '{name}', which is no piece");
        }
    }

    internal static ForecastException Unsupported(string part, string? what) =>
        new("tokenizer-unsupported", $"the tokeniser's {part} is '{what}', which is not built here", "tokenizer");

    internal static string? Text(JsonElement json, string name) => Some(json, name) is { } value ? value.GetString() : null;

    internal static bool Flag(JsonElement json, string name, bool otherwise = false) => Some(json, name) is { } value ? value.GetBoolean() : otherwise;

    internal static JsonElement? Some(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
