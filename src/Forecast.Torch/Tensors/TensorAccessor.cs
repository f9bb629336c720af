using System.Collections;
using System.Runtime.CompilerServices;

namespace TorchSharp.Utils;

/// <summary>
/// The elements of a tensor in main memory, read and written in place through its strides. It keeps the tensor alive.
/// </summary>
/// <typeparam name="T">The element type, as the tensor holds it.</typeparam>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T>
{
    private readonly torch.Tensor tensor;
    private readonly nint data;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.dtype != torch.TypeOf<T>()) throw new InvalidOperationException($"the tensor holds {tensor.dtype}, not {typeof(T).Name}");
        if (tensor.is_conj() || tensor.is_neg()) throw new InvalidOperationException("the tensor is a lazy conjugate or negative; call resolve_conj() or resolve_neg() first");
        this.tensor = tensor;
        data = tensor.HostData();
        shape = tensor.shape;
        strides = tensor.stride();
        Count = tensor.NumberOfElements;
        contiguous = tensor.is_contiguous();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    /// <summary>One element by its place in each dimension.</summary>
    public T this[params long[] indices]
    {
        get => At(Offset(indices));
        set => At(Offset(indices)) = value;
    }

    /// <summary>All elements in row order.</summary>
    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements, in row order, from <paramref name="tensorIndex"/> on, until the tensor or the span ends.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = Amount(target.Length, tensorIndex);
        if (contiguous)
        {
            Row(tensorIndex, count).CopyTo(target);
        }
        else
        {
            for (var i = 0; i < count; i++) target[i] = At(OffsetOf(tensorIndex + i));
        }

        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Overwrites elements, in row order, from <paramref name="tensorIndex"/> on, until the tensor or the span ends.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var count = Amount(source.Length, tensorIndex);
        if (contiguous)
        {
            source[..count].CopyTo(Row(tensorIndex, count));
        }
        else
        {
            for (var i = 0; i < count; i++) At(OffsetOf(tensorIndex + i)) = source[i];
        }

        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0L; i < Count; i++) yield return At(contiguous ? i : OffsetOf(i));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing to release: the tensor belongs to its holder.</summary>
    public void Dispose()
    {
    }

    private unsafe ref T At(long offset)
    {
        if (tensor.IsInvalid) throw new ObjectDisposedException(nameof(torch.Tensor), "the tensor was disposed of");
        return ref Unsafe.Add(ref Unsafe.AsRef<T>((void*)data), (nint)offset);
    }

    private unsafe Span<T> Row(long from, int count)
    {
        _ = tensor.Handle;
        return count == 0 ? [] : System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref At(from), count);
    }

    private int Amount(int room, long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex > Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex), tensorIndex, $"the tensor has {Count} elements");
        return (int)Math.Min(room, Count - tensorIndex);
    }

    private long Offset(long[] indices)
    {
        if (indices.Length != shape.Length) throw new ArgumentException($"the tensor has {shape.Length} dimensions, not {indices.Length}", nameof(indices));
        var offset = 0L;
        for (var d = 0; d < shape.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= shape[d]) throw new ArgumentOutOfRangeException(nameof(indices), $"index {indices[d]} lies outside dimension {d} of length {shape[d]}");
            offset += indices[d] * strides[d];
        }

        return offset;
    }

    private long OffsetOf(long element)
    {
        var offset = 0L;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            offset += element % shape[d] * strides[d];
            element /= shape[d];
        }

        return offset;
    }
}
