using System.Text.Json;
using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>Typed access to the keys of a network's configuration; a key that is absent or null has its default.</summary>
internal sealed class ConfigKeys(JsonElement json, string source, string code)
{
    private const int Most = 1 << 20;

    public ForecastException Wrong(string key, string what) => new(code, $"{source}: {key} {what}", key);

    public bool Has(string key) => Find(key) is not null;

    public ConfigKeys Inner(string key) => Find(key) is { ValueKind: JsonValueKind.Object } inner
        ? new ConfigKeys(inner, $"{source}, {key}", code)
        : throw Wrong(key, "is missing; an object is wanted");

    public int Count(string key, int? otherwise = null, int least = 1)
    {
        if (Find(key) is not { } value) return otherwise ?? throw Wrong(key, $"is missing; a whole number from {least} is wanted");
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

    /// <summary>Null where the key is absent.</summary>
    public IReadOnlyList<double>? Numbers(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(key, $"is {Short(value)}; a list of numbers is wanted");
        return [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out var n) ? n : throw Wrong(key, $"holds {Short(v)}; numbers are wanted"))];
    }

    private JsonElement? Find(string key) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 40 ? string.Concat(text.AsSpan(0, 40), "...") : text;
    }
}
