using System.Globalization;
using Forecast.Core;

namespace Forecast.Models.Language.Tokens;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016): a word starts as its characters; the neighbours whose merge stands first in the list are
/// joined, the leftmost on ties, until none is left.
/// </summary>
internal sealed class BytePairs
{
    private readonly IReadOnlyDictionary<string, int> _vocabulary;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Joined)> _merges = [];
    private readonly int? _unknown;
    private readonly bool _byteFallback;
    private readonly bool _fuseUnknown;
    private readonly bool _wholeFirst;

    /// <param name="vocabulary">Number of each piece.</param>
    /// <param name="merges">Pairs, the first to be joined first.</param>
    /// <param name="unknown">Piece of characters that have none; null = such characters vanish.</param>
    /// <param name="byteFallback">Whether such characters become the pieces of their bytes, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</param>
    /// <param name="fuseUnknown">Whether neighbouring unknown pieces are one.</param>
    /// <param name="wholeFirst">Whether a word that is a piece by itself is that piece, whatever the merges say.</param>
    /// <exception cref="ForecastException">A merge of pieces that are not in the vocabulary.</exception>
    public BytePairs(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, string? unknown, bool byteFallback, bool fuseUnknown, bool wholeFirst)
    {
        (_vocabulary, _byteFallback, _fuseUnknown, _wholeFirst) = (vocabulary, byteFallback, fuseUnknown, wholeFirst);
        _unknown = unknown is null ? null : Number(unknown);
        for (var i = 0; i < merges.Count; i++)
        {
            var (left, right) = merges[i];
            _merges.TryAdd((Number(left), Number(right)), (i, Number(left + right)));
        }

        int Number(string piece) => vocabulary.TryGetValue(piece, out var number)
            ? number
            : throw new ForecastException("tokenizer-damaged", $"the tokeniser's merges or unknown piece name '{piece}', which is not in its vocabulary", "tokenizer");
    }

    public void Encode(string word, List<long> tokens)
    {
        if (_wholeFirst && _vocabulary.TryGetValue(word, out var whole))
        {
            tokens.Add(whole);
            return;
        }

        var pieces = Characters(word);
        var queue = new PriorityQueue<(int Place, int Left, int Right), (int Rank, int Place)>();
        var (before, after) = (new int[pieces.Count], new int[pieces.Count]);
        for (var i = 0; i < pieces.Count; i++) (before[i], after[i]) = (i - 1, i + 1 < pieces.Count ? i + 1 : -1);
        for (var i = 0; i < pieces.Count; i++) Offer(i);
        while (queue.TryDequeue(out var offer, out _))
        {
            var (place, left, right) = offer;
            var next = after[place];

            // An offer is stale once either side was joined with something else.
            if (pieces[place] != left || next < 0 || pieces[next] != right) continue;
            pieces[place] = _merges[(left, right)].Joined;
            pieces[next] = -1;
            after[place] = after[next];
            if (after[place] >= 0) before[after[place]] = place;
            if (before[place] >= 0) Offer(before[place]);
            Offer(place);
        }

        foreach (var piece in pieces)
        {
            if (piece >= 0) tokens.Add(piece);
        }

        void Offer(int place)
        {
            if (after[place] >= 0 && _merges.TryGetValue((pieces[place], pieces[after[place]]), out var merge)) queue.Enqueue((place, pieces[place], pieces[after[place]]), (merge.Rank, place));
        }
    }

    private List<int> Characters(string word)
    {
        var pieces = new List<int>(word.Length);
        Span<byte> bytes = stackalloc byte[4];
        var unknownBefore = false;
        foreach (var rune in word.EnumerateRunes())
        {
            var known = _vocabulary.TryGetValue(rune.ToString(), out var number);
            if (known) pieces.Add(number);
            else if (!(_byteFallback && AddBytes(bytes[..rune.EncodeToUtf8(bytes)], pieces)) && _unknown is { } unknown)
            {
                if (!(_fuseUnknown && unknownBefore)) pieces.Add(unknown);
                unknownBefore = true;
                continue;
            }

            unknownBefore = false;
        }

        return pieces;
    }

    private bool AddBytes(ReadOnlySpan<byte> bytes, List<int> pieces)
    {
        var start = pieces.Count;
        foreach (var b in bytes)
        {
            if (!_vocabulary.TryGetValue(ByteName(b), out var number))
            {
                pieces.RemoveRange(start, pieces.Count - start);
                return false;
            }

            pieces.Add(number);
        }

        return true;
    }

    private static string ByteName(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");
}
