using System.Text.Json;
using Forecast.Core;

namespace Forecast.Models.Ttm;

/// <summary>Typed access to the keys of a configuration; a key that is absent or null has its default.</summary>
internal sealed class TtmConfigReader(JsonElement json, string source)
{
    private const int Most = 1 << 20;

    private readonly JsonElement json = json.ValueKind == JsonValueKind.Object ? json : throw new ForecastException("ttm-config", $"{source}: a JSON object is wanted");

    public ForecastException Wrong(string key, string what) => new("ttm-config", $"{source}: {key} {what}", key);

    public int Count(string key, int otherwise, int least = 1) => CountOrNone(key, least) ?? otherwise;

    public int? CountOrNone(string key, int least = 1)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= Most
            ? number
            : throw Wrong(key, $"is {Short(value)}; a whole number from {least} to {Most} is wanted");
    }

    public double Number(string key, double otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(key, $"is {Short(value)}; a number is wanted");
    }

    public bool Flag(string key, bool otherwise) => Find(key) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(key, $"is {Short(value)}; true or false is wanted"),
    };

    public string Text(string key, string otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, $"is {Short(value)}; a text is wanted");
    }

    /// <summary>Which of the words it is.</summary>
    public int Choice(string key, int otherwise, params string[] words)
    {
        var found = Array.IndexOf(words, Text(key, words[otherwise]));
        return found >= 0 ? found : throw Wrong(key, $"is '{Text(key, "")}'; known are {string.Join(", ", words)}");
    }

    public IReadOnlyList<int>? Numbers(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(key, $"is {Short(value)}; a list of whole numbers is wanted");
        return [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var n) && n is >= 0 and <= Most ? n : throw Wrong(key, $"holds {Short(v)}; whole numbers are wanted"))];
    }

    public bool IsNone(string key) => Find(key) is null;

    /// <summary>A word; true for "mean", false or null for none; "std" when the key is absent.</summary>
    public TtmScaling Scaling(string key) => Find(key) switch
    {
        null => json.TryGetProperty(key, out _) ? TtmScaling.None : TtmScaling.Std,
        { ValueKind: JsonValueKind.True } => TtmScaling.Mean,
        { ValueKind: JsonValueKind.False } => TtmScaling.None,
        _ => Choice(key, 0, "std", "mean") == 0 ? TtmScaling.Std : TtmScaling.Mean,
    };

    /// <summary>Whether the class named by <c>architectures</c> (or a golden file's <c>_class</c>) is the masked variant.</summary>
    public bool Masked()
    {
        var names = Find("architectures") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(v => v.ToString()) : [];
        return names.Append(Text("_class", "")).Any(n => n.Contains("MaskedPrediction", StringComparison.Ordinal));
    }

    private JsonElement? Find(string key) => json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 40 ? string.Concat(text.AsSpan(0, 40), "...") : text;
    }
}
