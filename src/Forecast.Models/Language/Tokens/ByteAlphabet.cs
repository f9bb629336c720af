using System.Text;

namespace Forecast.Models.Language.Tokens;

/// <summary>
/// GPT-2's one printable character for each byte: printable Latin-1 stands for itself, the 68 others for U+0100 on, in order. Any text
/// is then a string of pieces, without an unknown one.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Make();
    private static readonly Dictionary<char, byte> Bytes = Characters.Select((c, b) => (c, b)).ToDictionary(p => p.c, p => (byte)p.b);

    public static string Write(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, static (span, source) =>
    {
        var bytes = Encoding.UTF8.GetBytes(source);
        for (var i = 0; i < bytes.Length; i++) span[i] = Characters[bytes[i]];
    });

    /// <summary>The bytes of one piece; those of its UTF-8 where a character of it stands for no byte (an added token).</summary>
    public static byte[] Read(string piece) => piece.All(Bytes.ContainsKey) ? [.. piece.Select(c => Bytes[c])] : Encoding.UTF8.GetBytes(piece);

    private static char[] Make()
    {
        var (characters, next) = (new char[256], 256);
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[b] = printable ? (char)b : (char)next++;
        }

        return characters;
    }
}
