using System.Text;

namespace Forecast.Models.Language.Tokens;

/// <summary>A piece that stands beside the vocabulary and is looked for in the text itself.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether it is control and no text.</param>
/// <param name="Normalized">Whether it is looked for behind the normaliser.</param>
/// <param name="Left">Whether it swallows white space in front.</param>
/// <param name="Right">Whether it swallows white space behind.</param>
/// <param name="Whole">Whether it counts only where no letter or digit touches it.</param>
internal sealed record AddedPiece(int Number, string Content, bool Special, bool Normalized, bool Left, bool Right, bool Whole);

/// <summary>Cuts a text at added pieces: leftmost first, the longest where several begin at one place.</summary>
internal sealed class AddedPieces(IEnumerable<AddedPiece> pieces)
{
    private readonly Dictionary<char, AddedPiece[]> _byFirst = pieces.Where(p => p.Content.Length > 0)
        .GroupBy(p => p.Content[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(p => p.Content.Length).ToArray());

    /// <summary>Parts of the text in order; a part is either an added piece or text.</summary>
    public IEnumerable<(string Text, AddedPiece? Piece)> Cut(string text)
    {
        var done = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Match(text, i) is not { } piece) continue;
            var (from, to) = (i, i + piece.Content.Length);
            while (piece.Left && from > done && char.IsWhiteSpace(text[from - 1])) from--;
            while (piece.Right && to < text.Length && char.IsWhiteSpace(text[to])) to++;
            if (from > done) yield return (text[done..from], null);
            yield return (piece.Content, piece);
            done = to;
            i = to - 1;
        }

        if (done < text.Length) yield return (text[done..], null);
    }

    private AddedPiece? Match(string text, int at) => _byFirst.TryGetValue(text[at], out var candidates)
        ? Array.Find(candidates, p => string.CompareOrdinal(text, at, p.Content, 0, p.Content.Length) == 0 && (!p.Whole || IsWhole(text, at, p.Content.Length)))
        : null;

    private static bool IsWhole(string text, int at, int length)
    {
        var before = at == 0 || !IsWord(Rune.TryGetRuneAt(text, at - 1, out var b) ? b : new Rune('a'));
        return before && (at + length >= text.Length || !IsWord(Rune.GetRuneAt(text, at + length)));
    }

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';
}
