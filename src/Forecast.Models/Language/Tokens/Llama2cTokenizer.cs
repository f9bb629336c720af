using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Forecast.Core;

namespace Forecast.Models.Language.Tokens;

/// <summary>
/// The binary vocabulary of llama2.c: the length of the longest piece (int32), then for each piece its score (float32), its length (int32)
/// and its UTF-8 bytes, all little-endian. Pieces 0, 1, 2 are unknown, begin, end; byte b is piece b + 3. A text is begun by a space;
/// then, again and again, the two neighbours whose joined piece has the highest score are joined, the leftmost on ties.
/// </summary>
internal sealed class Llama2cTokenizer : ITokenizer
{
    private const int FirstByte = 3;
    private const int Largest = 1 << 24;

    private readonly byte[][] _pieces;
    private readonly float[] _scores;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private Llama2cTokenizer(byte[][] pieces, float[] scores)
    {
        (_pieces, _scores) = (pieces, scores);

        // Latin-1 makes each byte one character, so that pieces that are no UTF-8 by themselves are keys as well.
        for (var i = 0; i < pieces.Length; i++) _numbers.TryAdd(Encoding.Latin1.GetString(pieces[i]), i);
    }

    public int Count => _pieces.Length;

    /// <exception cref="ForecastException">The file is damaged.</exception>
    public static Llama2cTokenizer Open(string path) => Read(File.ReadAllBytes(path), path);

    public static Llama2cTokenizer Read(ReadOnlySpan<byte> bytes, string source)
    {
        if (bytes.Length > Largest) throw Damaged("is too large for a vocabulary");
        var at = sizeof(int);
        var (pieces, scores) = (new List<byte[]>(), new List<float>());
        while (at < bytes.Length)
        {
            if (bytes.Length - at < 8) throw Damaged($"ends within piece {pieces.Count}");
            var score = BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]);
            if (length < 0 || length > bytes.Length - at - 8) throw Damaged($"gives piece {pieces.Count} a length of {length}");
            if (float.IsNaN(score)) throw Damaged($"gives piece {pieces.Count} no score");
            scores.Add(score);
            pieces.Add(bytes.Slice(at + 8, length).ToArray());
            at += 8 + length;
        }

        return pieces.Count > FirstByte + byte.MaxValue ? new Llama2cTokenizer([.. pieces], [.. scores]) : throw Damaged($"holds {pieces.Count} pieces; at least {FirstByte + byte.MaxValue + 1} are wanted");

        ForecastException Damaged(string what) => new("tokenizer-damaged", $"{source} {what}", "tokenizer");
    }

    public long[] Encode(string text, bool special = true)
    {
        var tokens = new List<int>();
        if (special) tokens.Add(1);
        var first = tokens.Count;
        if (text.Length > 0) AddCharacter(" "u8, tokens);
        Span<byte> buffer = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes()) AddCharacter(buffer[..rune.EncodeToUtf8(buffer)], tokens);
        Merge(tokens, first);
        return [.. tokens.Select(t => (long)t)];
    }

    public string Decode(IEnumerable<long> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (token < 0 || token >= Count) throw new ForecastException("token-unknown", $"{token} is no piece of this vocabulary of {Count}", "token");
            if (token < FirstByte) continue;
            if (token < FirstByte + 256 && IsByte(_pieces[token], out var value)) bytes.Add(value);
            else bytes.AddRange(_pieces[token]);
        }

        var text = Encoding.UTF8.GetString([.. bytes]);
        return text.StartsWith(' ') ? text[1..] : text;
    }

    private void AddCharacter(ReadOnlySpan<byte> character, List<int> tokens)
    {
        if (_numbers.TryGetValue(Encoding.Latin1.GetString(character), out var number)) tokens.Add(number);
        else foreach (var b in character) tokens.Add(b + FirstByte);
    }

    /// <summary>Joins the adjacent pair of the highest score, the leftmost where scores tie, until no pair is a piece.</summary>
    private void Merge(List<int> tokens, int first)
    {
        var pairs = new List<(int Joined, float Score)>(tokens.Count);
        for (var i = first; i + 1 < tokens.Count; i++) pairs.Add(Pair(tokens[i], tokens[i + 1]));
        while (true)
        {
            var (best, place) = (float.NegativeInfinity, -1);
            for (var i = 0; i < pairs.Count; i++)
            {
                if (pairs[i].Score > best) (best, place) = (pairs[i].Score, i);
            }

            if (place < 0) return;
            tokens[first + place] = pairs[place].Joined;
            tokens.RemoveAt(first + place + 1);
            pairs.RemoveAt(place);
            if (place < pairs.Count) pairs[place] = Pair(tokens[first + place], tokens[first + place + 1]);
            if (place > 0) pairs[place - 1] = Pair(tokens[first + place - 1], tokens[first + place]);
        }
    }

    /// <summary>The piece that two make and its score; minus infinity where they make none.</summary>
    private (int Joined, float Score) Pair(int left, int right) =>
        _numbers.TryGetValue(Encoding.Latin1.GetString(_pieces[left]) + Encoding.Latin1.GetString(_pieces[right]), out var number) ? (number, _scores[number]) : (-1, float.NegativeInfinity);

    /// <summary>Pieces such as <c>&lt;0x0A&gt;</c> stand for a byte.</summary>
    private static bool IsByte(byte[] piece, out byte value)
    {
        value = 0;
        return piece is [(byte)'<', (byte)'0', (byte)'x', _, _, (byte)'>'] && byte.TryParse(Encoding.ASCII.GetString(piece, 3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
    }
}
