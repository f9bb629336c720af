using System.Text.Json;
using Forecast.Api.Problems;
using Forecast.Core;

namespace Forecast.Api.Reading;

/// <summary>
/// Reads the members of a JSON object one by one. A member that is wrong leaves a fault with its pointer and reads as absent, so
/// that one pass finds all faults; <see cref="Close"/> finds members that nobody asked for.
/// </summary>
internal sealed class ObjectReader
{
    private const int MostFaults = 100;

    private readonly JsonElement _object;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ObjectReader(JsonElement element, string pointer, List<Fault> faults)
    {
        _object = element;
        Pointer = pointer;
        Faults = faults;
    }

    /// <summary>Where this object stands in the body.</summary>
    public string Pointer { get; }

    public List<Fault> Faults { get; }

    /// <summary>Notes a fault at a member (or, with an empty path, at this object).</summary>
    public void Fault(string path, string code, string detail)
    {
        if (Faults.Count < MostFaults) Faults.Add(new Fault(path.Length == 0 ? Pointer : $"{Pointer}/{path}", code, detail));
    }

    /// <summary>Runs what may refuse the value of a member, and notes its refusal there.</summary>
    public T? Try<T>(string path, Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (ForecastException e)
        {
            Fault(path, e.Code, e.Message);
            return null;
        }
    }

    public bool Has(string name) => Find(name, required: false) is not null;

    public string? Text(string name, int maxLength, bool required = false)
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong(name, "a text", value);
            return null;
        }

        return ReadText(value, name, maxLength) is { Length: > 0 } text ? text : Empty();

        string? Empty()
        {
            if (value.ValueEquals("")) Fault(name, "text-empty", $"'{name}' is empty");
            return null;
        }
    }

    public bool? Boolean(string name)
    {
        if (Find(name, required: false) is not { } value) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Wrong(name, "true or false", value);
        return null;
    }

    public int? Integer(string name, int minimum, int maximum, bool required = false)
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number)
        {
            Wrong(name, "a whole number", value);
            return null;
        }

        if (value.TryGetInt32(out var number) && number >= minimum && number <= maximum) return number;
        Fault(name, $"{name}-invalid", $"{name} is {Short(value)}; it must be a whole number from {minimum} to {maximum}");
        return null;
    }

    public ulong? Unsigned(string name)
    {
        if (Find(name, required: false) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number)) return number;
        Fault(name, $"{name}-invalid", $"{name} is {Short(value)}; it must be a whole number from 0 to {ulong.MaxValue}");
        return null;
    }

    /// <summary>One of some words, or the default.</summary>
    public string Word(string name, string fallback, params ReadOnlySpan<string> words)
    {
        var text = Text(name, 100);
        if (text is null) return fallback;
        foreach (var word in words)
        {
            if (word.Equals(text, StringComparison.Ordinal)) return word;
        }

        Fault(name, $"{name}-unknown", $"{name} is '{text}'; it must be one of {string.Join(", ", words)}");
        return fallback;
    }

    /// <summary>An array of numbers; null entries are missing values, where allowed.</summary>
    public double[]? Numbers(string name, int maximum, bool missing, bool required = false, int minimum = 1)
    {
        if (Array(name, minimum, maximum, required) is not { } array) return null;
        var numbers = new double[array.GetArrayLength()];
        var i = 0;
        foreach (var entry in array.EnumerateArray())
        {
            var at = i++;
            numbers[at] = double.NaN;
            if (entry.ValueKind == JsonValueKind.Null && missing) continue;
            if (entry.ValueKind != JsonValueKind.Number) Wrong($"{Escape(name)}/{at}", missing ? "a number or null" : "a number", entry, escaped: true);
            else if (!entry.TryGetDouble(out numbers[at]) || !double.IsFinite(numbers[at])) Fault($"{Escape(name)}/{at}", "value-infinite", $"{Short(entry)} is beyond the numbers of double precision");
        }

        return numbers;
    }

    public string[]? Texts(string name, int maximum, int maxLength, bool required = false)
    {
        if (Array(name, 1, maximum, required) is not { } array) return null;
        var texts = new List<string>(array.GetArrayLength());
        var i = 0;
        foreach (var entry in array.EnumerateArray())
        {
            var path = $"{name}/{i++}";
            if (entry.ValueKind != JsonValueKind.String) Wrong(path, "a text", entry, escaped: true);
            else if (ReadText(entry, path, maxLength) is { } text) texts.Add(text);
        }

        return [.. texts];
    }

    /// <summary>Readers of an array of objects.</summary>
    public IReadOnlyList<ObjectReader> Objects(string name, int maximum)
    {
        if (Array(name, 1, maximum, required: true) is not { } array) return [];
        var readers = new List<ObjectReader>(array.GetArrayLength());
        var i = 0;
        foreach (var entry in array.EnumerateArray())
        {
            var path = $"{name}/{i++}";
            if (entry.ValueKind == JsonValueKind.Object) readers.Add(new ObjectReader(entry, $"{Pointer}/{path}", Faults));
            else Wrong(path, "an object", entry, escaped: true);
        }

        return readers;
    }

    /// <summary>The reader of an object that may be left out.</summary>
    public ObjectReader? Member(string name, bool required = false)
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new ObjectReader(value, $"{Pointer}/{name}", Faults);
        Wrong(name, "an object", value);
        return null;
    }

    /// <summary>The reader of an object whose members are names of the caller's choice, with those names.</summary>
    public (ObjectReader Reader, IReadOnlyList<string> Names)? Named(string name, int maximum, int maxLength)
    {
        if (Find(name, required: false) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(name, "an object", value);
            return null;
        }

        var reader = new ObjectReader(value, $"{Pointer}/{name}", Faults);
        var names = reader.Names();
        if (names.Count > maximum) Fault(name, "covariates-too-many", $"'{name}' has {names.Count} members; at most {maximum} are taken");
        foreach (var member in names)
        {
            if (string.IsNullOrWhiteSpace(member)) Fault(name, "text-empty", $"a name in '{name}' is empty");
            else if (member.Length > maxLength) Fault(name, "text-too-long", $"a name in '{name}' has {member.Length} characters; at most {maxLength} are taken");
        }

        return (reader, [.. names.Where(n => !string.IsNullOrWhiteSpace(n)).Take(maximum)]);
    }

    /// <summary>A number that must be there.</summary>
    public double? Number(string name)
    {
        if (Find(name, required: true) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        Wrong(name, "a number", value);
        return null;
    }

    /// <summary>Every member that was not asked for is a fault.</summary>
    public void Close()
    {
        foreach (var name in Names())
        {
            if (!_known.Contains(name)) Fault(Escape(name), "member-unknown", $"there is no member '{name}' here; known are {string.Join(", ", _known)}");
        }
    }

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Short(JsonElement value) => value.GetRawText() is { Length: <= 40 } text ? text : $"{value.GetRawText().AsSpan(0, 40)}...";

    /// <summary>The member, or null where it is absent or null.</summary>
    private JsonElement? Find(string name, bool required)
    {
        _known.Add(name);
        if (_object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) return value;
        if (required) Fault(Escape(name), "member-missing", $"'{name}' is missing");
        return null;
    }

    private JsonElement? Array(string name, int minimum, int maximum, bool required)
    {
        if (Find(name, required) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, "an array", value);
            return null;
        }

        var length = value.GetArrayLength();
        if (length >= minimum && length <= maximum) return value;
        Fault(Escape(name), length < minimum ? "array-empty" : "array-too-long", $"'{name}' has {length} entries; it takes {minimum} to {maximum}");
        return null;
    }

    private void Wrong(string name, string expected, JsonElement value, bool escaped = false) =>
        Fault(escaped ? name : Escape(name), "type-invalid", $"'{name}' is {KindOf(value)}, where {expected} is expected");

    /// <summary>Half a surrogate pair, which JSON can escape but no text can hold, is a fault.</summary>
    private string? ReadText(JsonElement value, string path, int maxLength)
    {
        string text;
        try
        {
            text = value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            Fault(path, "text-invalid", $"'{path}' is no Unicode text");
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal)) Fault(path, "text-invalid", $"'{path}' has a zero character");
        else if (text.Length > maxLength) Fault(path, "text-too-long", $"'{path}' has {text.Length} characters; at most {maxLength} are taken");
        else return text;
        return null;
    }

    private List<string> Names()
    {
        var names = new List<string>();
        foreach (var member in _object.EnumerateObject())
        {
            try
            {
                names.Add(member.Name);
            }
            catch (InvalidOperationException)
            {
                Fault("", "text-invalid", "a member's name is no Unicode text");
            }
        }

        return names;
    }
}
