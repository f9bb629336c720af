using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Forecast.Core;

namespace Forecast.Models.Language.Tokens;

/// <summary>
/// A pattern over the code points of a text. .NET matches UTF-16 units, in which a letter beyond U+FFFF is no letter; so matching runs on
/// a copy that has one unit a code point, where each such code point is replaced by a rare one of the same general category.
/// </summary>
internal sealed class TextPattern
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Regex _regex;

    private TextPattern(Regex regex) => _regex = regex;

    public static TextPattern Literal(string text) => new(new Regex(Regex.Escape(text), RegexOptions.CultureInvariant, Patience));

    /// <exception cref="ForecastException">The pattern uses what .NET's regular expressions do not have.</exception>
    public static TextPattern Expression(string pattern)
    {
        try
        {
            return new TextPattern(new Regex(pattern, RegexOptions.CultureInvariant, Patience));
        }
        catch (ArgumentException e)
        {
            throw new ForecastException("tokenizer-unsupported", $"the tokeniser's pattern {pattern} cannot be used here: {e.Message}", "tokenizer", inner: e);
        }
    }

    /// <summary>The text in order, cut at the matches; each part says whether it is one. Empty parts are left out.</summary>
    /// <exception cref="ForecastException">The pattern took too long on this text.</exception>
    public List<(string Text, bool Matched)> Cut(string text)
    {
        var (copy, places) = OneUnitEach(text);
        var parts = new List<(string, bool)>();
        var done = 0;
        try
        {
            for (var match = _regex.Match(copy); match.Success; match = match.NextMatch())
            {
                if (match.Length == 0) continue;
                Add(done, match.Index, matched: false);
                Add(match.Index, match.Index + match.Length, matched: true);
                done = match.Index + match.Length;
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ForecastException("tokenizer-slow", $"the tokeniser's pattern {_regex} took more than {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s on one text", "tokenizer", inner: e);
        }

        Add(done, copy.Length, matched: false);
        return parts;

        void Add(int from, int to, bool matched)
        {
            if (from < to) parts.Add((text[places[from]..places[to]], matched));
        }
    }

    public string Replace(string text, string content) => string.Concat(Cut(text).Select(p => p.Matched ? content : p.Text));

    private static (string Copy, int[] Places) OneUnitEach(string text)
    {
        var copy = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            places.Add(at);
            copy.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            at += rune.Utf16SequenceLength;
        }

        places.Add(at);
        return (copy.ToString(), [.. places]);
    }

    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\uA640',
        UnicodeCategory.LowercaseLetter => '\uA641',
        UnicodeCategory.TitlecaseLetter => '\u01C5',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u05D0',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u20DD',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u2160',
        UnicodeCategory.OtherNumber => '\u2460',
        UnicodeCategory.Format => '\u200B',
        UnicodeCategory.PrivateUse => '\uE000',
        UnicodeCategory.OtherNotAssigned => '\u0378',
        UnicodeCategory.MathSymbol => '\u2200',
        UnicodeCategory.OtherPunctuation => '\u2020',
        UnicodeCategory.DashPunctuation => '\u2015',
        _ => '\u2605',
    };
}
