using System.Text;
using Forecast.Core;

namespace Forecast.Models.Language.Tokens;

/// <summary>The parts of a <c>tokenizer.json</c> put together: added pieces, normaliser, cuts, pairs, template, joins.</summary>
internal sealed class JsonTokenizer : ITokenizer
{
    private readonly Dictionary<int, string> _texts = [];
    private readonly HashSet<int> _special;
    private readonly AddedPieces _raw;
    private readonly AddedPieces _normalized;
    private readonly TokenizerParts _parts;

    public JsonTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        foreach (var (text, number) in parts.Vocabulary) _texts[number] = text;
        foreach (var piece in parts.Added) _texts[piece.Number] = piece.Content;
        _special = [.. parts.Added.Where(p => p.Special).Select(p => p.Number)];
        _raw = new AddedPieces(parts.Added.Where(p => !p.Normalized));
        _normalized = new AddedPieces(parts.Added.Where(p => p.Normalized).Select(p => p with { Content = parts.Normalize(p.Content) }));
        Count = _texts.Count == 0 ? 0 : _texts.Keys.Max() + 1;
    }

    public int Count { get; }

    public long[] Encode(string text, bool special = true)
    {
        var tokens = new List<long>();
        if (special) tokens.AddRange(_parts.Before);
        var first = true;
        foreach (var (raw, piece) in _raw.Cut(Sound(text)))
        {
            if (piece is not null) tokens.Add(piece.Number);
            else Ordinary(raw, first, tokens);
            first = false;
        }

        if (special) tokens.AddRange(_parts.After);
        return [.. tokens];
    }

    public string Decode(IEnumerable<long> tokens)
    {
        var pieces = new List<string>();
        foreach (var token in tokens)
        {
            if (token is < 0 or > int.MaxValue || !_texts.TryGetValue((int)token, out var text))
                throw new ForecastException("token-unknown", $"{token} is no piece of this vocabulary of {Count}", "token");
            if (!_special.Contains((int)token)) pieces.Add(text);
        }

        return string.Concat(_parts.Join(pieces));
    }

    private void Ordinary(string raw, bool first, List<long> tokens)
    {
        foreach (var (text, piece) in _normalized.Cut(_parts.Normalize(raw)))
        {
            if (piece is not null) tokens.Add(piece.Number);
            else foreach (var word in _parts.Cut(new TextPart(text, first))) _parts.Pairs.Encode(word.Text, tokens);
            first = false;
        }
    }

    /// <summary>Lone surrogates become U+FFFD.</summary>
    private static string Sound(string text)
    {
        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) sound.Append(rune.ToString());
        return sound.ToString();
    }
}

/// <summary>What a <c>tokenizer.json</c> says.</summary>
/// <param name="Vocabulary">Number of each piece.</param>
/// <param name="Added">Pieces beside it.</param>
/// <param name="Normalize">What is done to the text first.</param>
/// <param name="Cut">Where it is cut into words.</param>
/// <param name="Pairs">How words become pieces.</param>
/// <param name="Before">Pieces that are put in front of a text.</param>
/// <param name="After">Pieces that are put behind it.</param>
/// <param name="Join">How pieces become text.</param>
internal sealed record TokenizerParts(
    IReadOnlyDictionary<string, int> Vocabulary, IReadOnlyList<AddedPiece> Added, Func<string, string> Normalize, Func<TextPart, IEnumerable<TextPart>> Cut, BytePairs Pairs,
    IReadOnlyList<long> Before, IReadOnlyList<long> After, Func<IReadOnlyList<string>, IReadOnlyList<string>> Join);
