using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>The errors that files of weights give rise to; each names its file.</summary>
internal static class WeightErrors
{
    /// <summary>The file contradicts itself or its format.</summary>
    public static ForecastException Invalid(string file, string what, string? field = null, Exception? inner = null) =>
        new("weights-invalid", $"{Label(file)}: {what}", field, inner: inner);

    /// <summary>The file may be sound, but it is of a kind that is not read here.</summary>
    public static ForecastException Unsupported(string file, string what, string? field = null) =>
        new("weights-unsupported", $"{Label(file)}: {what}", field);

    /// <summary>The pickle asks for more than data.</summary>
    public static ForecastException Refused(string file, string what, string? field = null) =>
        new("pickle-refused", $"{Label(file)}: {what}; nothing in it was run", field);

    /// <summary>A name from a file, made fit for one line of a message.</summary>
    public static string Quote(string name)
    {
        const int Longest = 120;
        var cut = name.Length > Longest ? string.Concat(name.AsSpan(0, Longest), "...") : name;
        return $"'{string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }

    private static string Label(string file) => Path.GetFileName(file) is { Length: > 0 } name ? name : file;
}
