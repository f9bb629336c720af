using System.Globalization;
using Forecast.Core;

namespace Forecast.Hosting.Registry;

/// <summary>A registered model in a request: <c>name@3</c>, or <c>name@champion</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version; null = the champion.</param>
public sealed record ModelReference(string Name, int? Version)
{
    private const string Champion = "champion";

    /// <summary>Whether the text means to be a reference; in a model string <c>@</c> stands only within brackets.</summary>
    public static bool Looks(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('@', StringComparison.Ordinal) && text.AsSpan().IndexOfAny("({[") < 0;
    }

    /// <summary>Null when the text is a model string.</summary>
    /// <exception cref="ForecastException"><c>model-reference-invalid</c>.</exception>
    public static ModelReference? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Looks(text)) return null;
        var at = text.LastIndexOf('@');
        var (name, version) = (text[..at], text[(at + 1)..]);
        if (version == Champion) return new ModelReference(name, null);
        return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new ModelReference(name, number)
            : throw new ForecastException("model-reference-invalid", $"'{text}' names no version of a registered model; write name@3 or name@champion", "model");
    }
}
