using System.Globalization;
using System.Text;

namespace Forecast.Models.Language.Tokens;

/// <summary>What a tokeniser does to a text before it cuts it (its <c>normalizer</c>).</summary>
internal static class TextSteps
{
    public static Func<string, string> Sequence(IReadOnlyList<Func<string, string>> steps) => text => steps.Aggregate(text, (t, step) => step(t));

    public static Func<string, string> Form(NormalizationForm form) => text => UnicodeForm.Apply(text, form);

    public static Func<string, string> Prepend(string start) => text => text.Length == 0 ? text : start + text;

    public static Func<string, string> Replace(TextPattern pattern, string content) => text => pattern.Replace(text, content);

    public static Func<string, string> Strip(bool left, bool right) => text => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        _ => text,
    };

    /// <summary>The dotted capital I is the one letter whose small form is two code points in every language.</summary>
    public static string Lowercase(string text) => text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    public static string StripAccents(string text) =>
        string.Concat(text.EnumerateRunes().Where(r => Rune.GetUnicodeCategory(r) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)).Select(r => r.ToString()));
}
