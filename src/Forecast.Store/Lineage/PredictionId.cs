using System.Globalization;

namespace Forecast.Store.Lineage;

/// <summary>
/// The forecast id of a row of a back-test: its key, spelt out, so that a hundred thousand of them need no column.
/// <c>run~model~series~fold</c>, each part percent-encoded (RFC 3986; a tilde in a part becomes <c>%7E</c>).
/// </summary>
public sealed record PredictionId(string RunId, string Model, string Series, int Fold)
{
    private const char Separator = '~';

    public override string ToString() => string.Join(Separator, Encode(RunId), Encode(Model), Encode(Series), Fold.ToString(CultureInfo.InvariantCulture));

    /// <summary>Null when the text is no such id.</summary>
    public static PredictionId? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(Separator);
        return parts.Length == 4 && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var fold)
            ? new PredictionId(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[2]), fold)
            : null;
    }

    private static string Encode(string part) => Uri.EscapeDataString(part).Replace("~", "%7E", StringComparison.Ordinal);
}
