using System.Text.Unicode;

namespace Forecast.Hosting.Data;

/// <summary>
/// Passes a file's bytes on and refuses, at the line where it happens, what is no UTF-8 text or more than the limit, so that
/// neither garbage nor a compressed bomb reaches the parser.
/// </summary>
/// <param name="inner">The decompressed bytes.</param>
/// <param name="display">The file as messages name it.</param>
/// <param name="maxBytes">Most bytes allowed.</param>
/// <param name="expectedSize">Bytes, modulo 2^32, that there must have been at the end: GZipStream itself takes a file that was cut short for a whole one.</param>
internal sealed class TextGuardStream(Stream inner, string display, long maxBytes, uint? expectedSize) : Stream
{
    private readonly byte[] _tail = new byte[8];
    private int _tailLength;
    private long _total;
    private int _line = 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _total; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = ReadInner(buffer);
        _total += read;
        if (_total > maxBytes) throw DataErrors.TooLarge(display, maxBytes);
        var last = read == 0 && buffer.Length > 0;
        if (last && expectedSize is { } size && (uint)_total != size) throw DataErrors.GzipInvalid(display);
        Check(buffer[..read], last);
        return read;
    }

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int ReadInner(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw DataErrors.GzipInvalid(display, e);
        }
    }

    private void Check(ReadOnlySpan<byte> bytes, bool last)
    {
        if (bytes.Contains((byte)0)) throw DataErrors.NotText(display, _line + bytes[..bytes.IndexOf((byte)0)].Count((byte)'\n'));

        // A character may be cut by the end of a read: its first bytes wait for the next.
        if (_tailLength > 0)
        {
            var take = Math.Min(bytes.Length, _tail.Length - _tailLength);
            bytes[..take].CopyTo(_tail.AsSpan(_tailLength));
            var joined = _tail.AsSpan(0, _tailLength + take);
            var length = CharacterLength(joined[0]);
            if (joined.Length < length)
            {
                if (last || !IsPrefix(joined)) throw DataErrors.NotUtf8(display, _line);
                _tailLength = joined.Length;
                return;
            }

            if (!Utf8.IsValid(joined[..length])) throw DataErrors.NotUtf8(display, _line);
            bytes = bytes[(length - _tailLength)..];
            _tailLength = 0;
        }

        var complete = bytes.Length - CutCharacter(bytes);
        if (!Utf8.IsValid(bytes[..complete])) throw DataErrors.NotUtf8(display, _line + LinesBeforeFault(bytes[..complete]));
        _line += bytes[..complete].Count((byte)'\n');
        bytes[complete..].CopyTo(_tail);
        _tailLength = bytes.Length - complete;
    }

    private static int CharacterLength(byte lead) => lead switch
    {
        >= 0xF0 => 4,
        >= 0xE0 => 3,
        >= 0xC0 => 2,
        _ => 1,
    };

    private static bool IsPrefix(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes[1..])
        {
            if ((b & 0xC0) != 0x80) return false;
        }

        return true;
    }

    /// <summary>Bytes at the end that begin a character without finishing it.</summary>
    private static int CutCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if ((b & 0xC0) == 0x80) continue;
            return CharacterLength(b) > back ? back : 0;
        }

        return 0;
    }

    private static int LinesBeforeFault(ReadOnlySpan<byte> bytes)
    {
        var lines = 0;
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end && Utf8.IsValid(bytes[..end]))
        {
            lines++;
            bytes = bytes[(end + 1)..];
        }

        return lines;
    }
}
