using System.Text;
using Forecast.Core;

namespace Forecast.Store.Database;

/// <summary>Text that both databases give back as it was.</summary>
internal static class StoredText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ForecastException">A zero character, which Postgres refuses, or half a surrogate pair, which UTF-8 cannot carry.</exception>
    public static string Checked(string text, string field, string? series = null)
    {
        ArgumentNullException.ThrowIfNull(text, field);
        var bad = text.IndexOf('\0', StringComparison.Ordinal);
        if (bad < 0)
        {
            try
            {
                Strict.GetByteCount(text);
                return text;
            }
            catch (EncoderFallbackException e)
            {
                bad = e.Index;
            }
        }

        throw new ForecastException("text-invalid", $"{field}: the text has a character at position {bad} that cannot be stored (zero, or half of a surrogate pair)", field, series, bad);
    }

    /// <exception cref="ForecastException">The text is blank, or cannot be stored.</exception>
    public static string Named(string text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new ForecastException("name-missing", $"{field} is blank; it needs a name", field);
        return Checked(text, field);
    }

    public static string? Optional(string? text, string field) => text is null ? null : Checked(text, field);

    /// <summary>The word under which an enumeration value is stored.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <exception cref="ForecastException">The store holds a word that this code does not know.</exception>
    public static T Parse<T>(string word)
        where T : struct, Enum => Enum.TryParse<T>(word, ignoreCase: true, out var value)
            ? value
            : throw new ForecastException("store-corrupt", $"the store holds '{word}', which is no {typeof(T).Name}", typeof(T).Name);
}
