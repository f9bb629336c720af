using System.Buffers.Binary;
using System.IO.Compression;
using CsvHelper;

namespace Forecast.Hosting.Data;

/// <summary>Opens a CSV file, plain or compressed, as a reader of records that are known to be UTF-8 text.</summary>
internal static class CsvInput
{
    private const int LongestRecord = 1 << 20;

    /// <exception cref="Core.ForecastException">The file is empty, too large, binary, not gzip though named so, or cannot be opened.</exception>
    public static CsvReader Open(FileRequest request) => Open(request.Path, request.Display, request.MaxBytes);

    /// <inheritdoc cref="Open(FileRequest)"/>
    public static CsvReader Open(string path, string display, long maxBytes)
    {
        var file = OpenFile(path, display);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            var read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
            file.Position = 0;
            if (read == 0) throw DataErrors.Empty(display);
            var isGzip = read == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
            var named = CsvPath.IsCompressed(path);
            if (named && !isGzip) throw DataErrors.GzipNot(display);
            if (isGzip && !named) throw DataErrors.GzipNamedPlain(display);
            if (!named && file.Length > maxBytes) throw DataErrors.TooLarge(display, maxBytes);
            var guarded = named
                ? new TextGuardStream(new GZipStream(file, CompressionMode.Decompress), display, maxBytes, StatedSize(file, display))
                : new TextGuardStream(file, display, maxBytes, expectedSize: null);
            return CsvReader.Create(guarded, Options(display), leaveOpen: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The last four bytes of a gzip file: its decompressed size modulo 2^32 (RFC 1952, ISIZE).</summary>
    private static uint StatedSize(FileStream file, string display)
    {
        const int smallest = 18;
        if (file.Length < smallest) throw DataErrors.GzipInvalid(display);
        Span<byte> size = stackalloc byte[sizeof(uint)];
        file.Position = file.Length - size.Length;
        file.ReadExactly(size);
        file.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(size);
    }

    private static FileStream OpenFile(string path, string display)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataErrors.Unreadable(display, e);
        }
    }

    private static CsvReaderOptions Options(string display) => new()
    {
        Separator = ',',
        TrackLineNumbers = true,
        AllowLineBreaksInQuotes = false,  // one bad quote must not swallow the rest of the file
        TrimWhitespace = true,
        SkipEmptyLines = false,
        DetectSeparatorHint = false,
        HasHeader = false,                // the first record is looked at before it is believed to be a header
        MaxRecordSize = LongestRecord,
        OnMalformedRecord = bad => throw DataErrors.Quote(display, bad.LineNumber),
    };
}
