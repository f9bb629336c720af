using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>The operands of a pickle's instructions, each checked against what is left before anything is made of it.</summary>
internal ref struct PickleInput(ReadOnlySpan<byte> bytes, string file)
{
    private const int LongestNumber = 256;
    private const int LongestName = 256;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw WeightErrors.Refused(file, $"its pickle claims {count} bytes where {_rest.Length} are left");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>The one number that pickles store with its highest byte first.</summary>
    public double F64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>A whole number in two's complement, lowest byte first; a long where it fits.</summary>
    public object Number(ulong length)
    {
        if (length > LongestNumber) throw WeightErrors.Refused(file, $"its pickle has a whole number of {length} bytes");
        var value = new BigInteger(Take(length));
        if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
        return value;
    }

    public string Text(ulong length, PickleBudget budget)
    {
        var raw = Take(length);
        budget.Bytes(raw.Length * 2L);
        return Utf8(raw);
    }

    /// <summary>Texts of Python 2 have no encoding; those in checkpoints are ASCII.</summary>
    public string Latin(ulong length, PickleBudget budget)
    {
        var raw = Take(length);
        budget.Bytes(raw.Length * 2L);
        return Encoding.Latin1.GetString(raw);
    }

    public byte[] Bytes(ulong length, PickleBudget budget)
    {
        var raw = Take(length);
        budget.Bytes(raw.Length);
        return raw.ToArray();
    }

    /// <summary>The rest of a line, which holds the module or the name of a global.</summary>
    public string Line()
    {
        var end = _rest[..Math.Min(_rest.Length, LongestName)].IndexOf((byte)'\n');
        if (end < 0) throw WeightErrors.Refused(file, $"its pickle names something longer than {LongestName} characters, or is cut short");
        var line = Utf8(_rest[..end]);
        _rest = _rest[(end + 1)..];
        return line;
    }

    private readonly string Utf8(ReadOnlySpan<byte> raw)
    {
        try
        {
            return Strict.GetString(raw);
        }
        catch (DecoderFallbackException e)
        {
            // Python may store half of a surrogate pair, which no text in a checkpoint has any use for.
            throw WeightErrors.Invalid(file, "a text of its pickle is not valid UTF-8", inner: e);
        }
    }
}
