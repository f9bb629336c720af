using System.Globalization;
using System.Text;

namespace Forecast.Models.Language.Tokens;

/// <summary>How pieces become a text again (a tokeniser's <c>decoder</c>): each step takes all of them and gives all of them.</summary>
internal static class Joins
{
    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Sequence(IReadOnlyList<Func<IReadOnlyList<string>, IReadOnlyList<string>>> steps) =>
        pieces => steps.Aggregate(pieces, (p, step) => step(p));

    public static IReadOnlyList<string> Bytes(IReadOnlyList<string> pieces) => [Encoding.UTF8.GetString([.. pieces.SelectMany(ByteAlphabet.Read)])];

    /// <summary>Runs of pieces such as <c>&lt;0xC3&gt;</c> become the characters that their bytes spell; bytes that spell none, one U+FFFD each.</summary>
    public static IReadOnlyList<string> ByteFallback(IReadOnlyList<string> pieces)
    {
        var (joined, run) = (new List<string>(), new List<byte>());
        foreach (var piece in pieces)
        {
            if (IsByte(piece, out var value))
            {
                run.Add(value);
                continue;
            }

            Close();
            joined.Add(piece);
        }

        Close();
        return joined;

        void Close()
        {
            if (run.Count == 0) return;
            try
            {
                joined.Add(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. run]));
            }
            catch (DecoderFallbackException)
            {
                joined.Add(new string('\uFFFD', run.Count));
            }

            run.Clear();
        }
    }

    public static IReadOnlyList<string> Fuse(IReadOnlyList<string> pieces) => [string.Concat(pieces)];

    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Replace(TextPattern pattern, string content) => pieces => [.. pieces.Select(p => pattern.Replace(p, content))];

    /// <summary>Takes a character off the ends of each piece, at most so often.</summary>
    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Strip(char content, int start, int stop) => pieces => [.. pieces.Select(piece =>
    {
        var (from, to) = (0, piece.Length);
        while (from < to && from < start && piece[from] == content) from++;
        while (to > from && piece.Length - to < stop && piece[to - 1] == content) to--;
        return piece[from..to];
    })];

    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Metaspace(string space, bool prepended) => pieces => [.. pieces.Select((piece, i) =>
    {
        var text = i == 0 && prepended && piece.StartsWith(space, StringComparison.Ordinal) ? piece[space.Length..] : piece;
        return text.Replace(space, " ", StringComparison.Ordinal);
    })];

    private static bool IsByte(string piece, out byte value)
    {
        value = 0;
        return piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>' && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
    }
}
