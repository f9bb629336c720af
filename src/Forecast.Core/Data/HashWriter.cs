using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Forecast.Core.Data;

/// <summary>
/// SHA-256 over numbers and texts, each text with its length before it, so that different data never give the same bytes.
/// </summary>
internal sealed class HashWriter : IDisposable
{
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[4096];
    private int _used;

    public void Number(long value)
    {
        if (_used == _buffer.Length) Flush();
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_used), value);
        _used += sizeof(long);
    }

    /// <summary>A value bit for bit, but every NaN alike: missing is missing.</summary>
    public void Value(double value) => Number(BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value));

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Number(bytes.Length);
        Flush();
        _sha.AppendData(bytes);
    }

    /// <summary>The hash as lower-case hex.</summary>
    public string Finish()
    {
        Flush();
        return Convert.ToHexStringLower(_sha.GetHashAndReset());
    }

    public void Dispose() => _sha.Dispose();

    private void Flush()
    {
        _sha.AppendData(_buffer.AsSpan(0, _used));
        _used = 0;
    }
}
