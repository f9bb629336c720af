using System.Runtime.InteropServices;

namespace Forecast.Models.Weights;

/// <summary>
/// A promise that the bytes at <see cref="Address"/> stay where they are until this is disposed, even when their file is closed
/// first. What a tensor over the file's memory holds on to.
/// </summary>
public sealed unsafe class WeightLease : IDisposable
{
    private readonly byte[]? _array;
    private SafeBuffer? _view;

    internal WeightLease(SafeBuffer? view, byte[]? array, nint address, long length)
    {
        byte* unused = null;
        view?.AcquirePointer(ref unused);
        _view = view;
        _array = array;
        Address = address;
        Length = length;
    }

    /// <summary>Address of the first byte.</summary>
    public nint Address { get; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    public void Dispose()
    {
        Interlocked.Exchange(ref _view, null)?.ReleasePointer();
        GC.KeepAlive(_array);
    }
}
