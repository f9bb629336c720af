using System.Runtime.InteropServices;
using TorchSharp;

namespace Forecast.Torch;

/// <summary>Tensors over memory that C# owns.</summary>
internal static unsafe class NativeMemory
{
    /// <summary>A tensor with a copy of <paramref name="bytes"/>, laid out row by row.</summary>
    /// <exception cref="ArgumentException">The bytes are too few or too many for the shape.</exception>
    internal static torch.Tensor Copy(ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape, torch.ScalarType type)
    {
        CheckSize(bytes.Length, shape, type);
        fixed (byte* data = bytes)
        fixed (long* sizes = shape)
        {
            return new torch.Tensor(Native.Check(Native.FromMemory(data, sizes, shape.Length, (int)type, null, 0)));
        }
    }

    /// <summary>A tensor with a copy of <paramref name="values"/>.</summary>
    internal static torch.Tensor Copy<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape, torch.ScalarType type)
        where T : unmanaged => Copy(MemoryMarshal.AsBytes(values), shape, type);

    /// <summary>
    /// A tensor over memory that stays where it is: nothing is copied. <paramref name="owner"/> is kept alive, and disposed if
    /// it can be, when the last tensor that looks at the memory is gone. Writing to the tensor writes to the memory.
    /// </summary>
    /// <param name="data">First byte; must suit the element's alignment.</param>
    /// <param name="byteLength">Bytes that may be read from there.</param>
    /// <param name="owner">What holds the memory: a pin, a mapped file.</param>
    /// <param name="shape">Shape, row by row.</param>
    /// <param name="type">Element type.</param>
    /// <exception cref="ArgumentException">The bytes are too few or too many for the shape, or not aligned.</exception>
    internal static torch.Tensor Wrap(void* data, long byteLength, object owner, ReadOnlySpan<long> shape, torch.ScalarType type)
    {
        CheckSize(byteLength, shape, type);
        if ((nint)data % type.ElementSize() != 0) throw new ArgumentException($"memory at {(nint)data:x} is not aligned for {type}", nameof(data));
        var kept = GCHandle.Alloc(owner);
        fixed (long* sizes = shape)
        {
            var handle = Native.FromMemory(data, sizes, shape.Length, (int)type, &LetGo, GCHandle.ToIntPtr(kept));
            if (handle == 0)
            {
                kept.Free();
                throw Native.Failure();
            }

            return new torch.Tensor(handle);
        }
    }

    /// <summary>A tensor over a managed array, pinned while the tensor lives.</summary>
    internal static torch.Tensor Pin<T>(T[] values, ReadOnlySpan<long> shape, torch.ScalarType type)
        where T : unmanaged
    {
        var pin = new Pinned(values);
        return Wrap((void*)pin.Address, (long)values.Length * sizeof(T), pin, shape, type);
    }

    internal static long Elements(ReadOnlySpan<long> shape)
    {
        var elements = 1L;
        foreach (var size in shape)
        {
            if (size < 0) throw new ArgumentException($"a tensor cannot have a dimension of {size}", nameof(shape));
            elements = checked(elements * size);
        }

        return elements;
    }

    private static void CheckSize(long bytes, ReadOnlySpan<long> shape, torch.ScalarType type)
    {
        var wanted = checked(Elements(shape) * type.ElementSize());
        if (wanted != bytes) throw new ArgumentException($"a tensor of shape [{string.Join(", ", shape.ToArray())}] and type {type} takes {wanted} bytes, not {bytes}", nameof(shape));
    }

    // libtorch may call this from any of its threads, and an exception must not reach it.
    [UnmanagedCallersOnly]
    private static void LetGo(nint context)
    {
        var kept = GCHandle.FromIntPtr(context);
        var owner = kept.Target;
        kept.Free();
        if (owner is IDisposable disposable) ThreadPool.UnsafeQueueUserWorkItem(static owner => owner.Dispose(), disposable, preferLocal: false);
    }

    private sealed class Pinned(Array values) : IDisposable
    {
        private GCHandle handle = GCHandle.Alloc(values, GCHandleType.Pinned);

        public nint Address => handle.AddrOfPinnedObject();

        public void Dispose()
        {
            if (handle.IsAllocated) handle.Free();
        }
    }
}
