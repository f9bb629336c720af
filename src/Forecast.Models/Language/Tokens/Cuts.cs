using System.Text;

namespace Forecast.Models.Language.Tokens;

/// <summary>A part of a text, and whether nothing stands before it.</summary>
internal readonly record struct TextPart(string Text, bool First);

/// <summary>Where a tokeniser cuts a text into words, within which alone pieces are joined (its <c>pre_tokenizer</c>).</summary>
internal static class Cuts
{
    private const string GptPattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static Func<TextPart, IEnumerable<TextPart>> Sequence(IReadOnlyList<Func<TextPart, IEnumerable<TextPart>>> cuts) =>
        part => cuts.Aggregate((IEnumerable<TextPart>)[part], (parts, cut) => parts.SelectMany(cut));

    /// <summary>GPT-2's words, each written in the alphabet of bytes.</summary>
    public static Func<TextPart, IEnumerable<TextPart>> Bytes(bool prefixSpace, bool words)
    {
        var cut = words ? Split(TextPattern.Expression(GptPattern), CutBehavior.Isolated, invert: false) : part => [part];
        return part => cut(prefixSpace && !part.Text.StartsWith(' ') ? part with { Text = " " + part.Text } : part).Select(p => p with { Text = ByteAlphabet.Write(p.Text) });
    }

    /// <summary>Spaces become a visible character, which begins the word behind it.</summary>
    /// <param name="space">The visible character.</param>
    /// <param name="prepend">Whether a text gets one in front: <c>always</c>, only the <c>first</c> part, or <c>never</c>.</param>
    /// <param name="split">Whether words are cut in front of it.</param>
    public static Func<TextPart, IEnumerable<TextPart>> Metaspace(string space, string prepend, bool split)
    {
        var cut = split ? Split(TextPattern.Literal(space), CutBehavior.MergedWithNext, invert: false) : part => [part];
        return part =>
        {
            var text = part.Text.Replace(" ", space, StringComparison.Ordinal);
            var wanted = prepend is "always" || (prepend is "first" && part.First);
            return cut(part with { Text = wanted && !text.StartsWith(space, StringComparison.Ordinal) ? space + text : text });
        };
    }

    /// <param name="pattern">What is looked for.</param>
    /// <param name="behavior">What becomes of it.</param>
    /// <param name="invert">Whether the rest is taken for what was found.</param>
    public static Func<TextPart, IEnumerable<TextPart>> Split(TextPattern pattern, CutBehavior behavior, bool invert) => part =>
    {
        var parts = pattern.Cut(part.Text).Select(p => (p.Text, Matched: p.Matched != invert)).ToList();
        return Kept(parts, behavior).Select((text, i) => new TextPart(text, part.First && i == 0));
    };

    private static IEnumerable<string> Kept(IReadOnlyList<(string Text, bool Matched)> parts, CutBehavior behavior)
    {
        if (behavior is CutBehavior.Removed) return parts.Where(p => !p.Matched).Select(p => p.Text);
        if (behavior is CutBehavior.Isolated) return parts.Select(p => p.Text);
        var words = new List<string>();
        var open = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            var (text, matched) = parts[i];
            var joins = i > 0 && behavior switch
            {
                CutBehavior.MergedWithPrevious => matched && !parts[i - 1].Matched,
                CutBehavior.MergedWithNext => !matched && parts[i - 1].Matched,
                _ => matched == parts[i - 1].Matched,
            };
            if (!joins && open.Length > 0)
            {
                words.Add(open.ToString());
                open.Clear();
            }

            open.Append(text);
        }

        if (open.Length > 0) words.Add(open.ToString());
        return words;
    }
}

/// <summary>What becomes of what a cut found.</summary>
internal enum CutBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
