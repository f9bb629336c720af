using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>
/// The bytes of one file: mapped into memory, or held in a pinned array. Every read of a file goes through
/// <see cref="Slice"/>, which is where bounds are checked.
/// </summary>
/// <remarks>
/// The mapping ends when the owner is disposed and the last lease is returned. An owner that is never disposed keeps its
/// mapping, so that a span can never point to memory that the collector has taken away. Pages are private to this process:
/// who writes to a tensor over them changes its own copy and never the file. A file must not be shortened by
/// another process while it is mapped: the system would end this process.
/// </remarks>
internal sealed unsafe class WeightMemory : IDisposable
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte[]? _array;
    private readonly byte* _pointer;
    private int _disposed;

    private WeightMemory(string file, MemoryMappedViewAccessor view, long length)
    {
        File = file;
        _view = view;
        Length = length;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
    }

    private WeightMemory(string file, byte[] pinned)
    {
        File = file;
        _array = pinned;
        Length = pinned.Length;
        _pointer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
    }

    /// <summary>Where the bytes came from, for messages.</summary>
    public string File { get; }

    public long Length { get; }

    /// <exception cref="ForecastException">There is no such file, it is empty, or it may not be read.</exception>
    public static WeightMemory Map(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            var length = stream.Length;
            if (length == 0) throw WeightErrors.Invalid(path, "the file is empty");
            using var mapping = MemoryMappedFile.CreateFromFile(stream, mapName: null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
            return new WeightMemory(path, mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite), length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ForecastException("weights-missing", $"there is no file '{path}'", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ForecastException("weights-unreadable", $"'{path}' cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>A copy of <paramref name="bytes"/>, aligned as mapped files are enough for any element.</summary>
    public static WeightMemory Copy(string file, ReadOnlySpan<byte> bytes)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned);
        return new WeightMemory(file, pinned);
    }

    /// <exception cref="ForecastException">The range is not inside the file.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public ReadOnlySpan<byte> Slice(long offset, long count)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (offset < 0 || count < 0 || offset > Length - count)
            throw WeightErrors.Invalid(File, $"bytes {offset} to {(Int128)offset + count} are asked for, but the file has {Length}");
        if (count > int.MaxValue)
            throw WeightErrors.Unsupported(File, $"{count} bytes are more than one span can hold; read them in parts");
        return new ReadOnlySpan<byte>(_pointer + offset, (int)count);
    }

    /// <summary>Keeps the memory until the lease is disposed, whatever happens to the owner.</summary>
    /// <exception cref="ForecastException">The range is not inside the file.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public WeightLease Hold(long offset, long count)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (offset < 0 || count < 0 || offset > Length - count)
            throw WeightErrors.Invalid(File, $"bytes {offset} to {(Int128)offset + count} are asked for, but the file has {Length}");
        return new WeightLease(_view?.SafeMemoryMappedViewHandle, _array, (nint)(_pointer + offset), count);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0 || _view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
