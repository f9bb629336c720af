using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>
/// One tensor of a file of weights: type, shape, strides and a view of its bytes. Nothing is read until its bytes are.
/// The name is a label and nothing else: it never becomes a path, whatever characters it holds.
/// </summary>
public sealed class WeightTensor
{
    private readonly WeightStorage _storage;
    private readonly long _start;

    private WeightTensor(string name, WeightType type, ImmutableArray<long> shape, ImmutableArray<long> strides, WeightStorage storage, long start, long count)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Strides = strides;
        ElementCount = count;
        IsContiguous = count <= 1 || StridesAreDense(shape, strides);
        _storage = storage;
        _start = start;
    }

    public string Name { get; }

    public WeightType Type { get; }

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Elements (not bytes) between neighbours along each axis.</summary>
    public ImmutableArray<long> Strides { get; }

    /// <summary>The product of <see cref="Shape"/>.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of the values laid out row by row, which is what <see cref="CopyTo"/> writes.</summary>
    public long ByteLength => ElementCount * Type.Size();

    /// <summary>Whether the stored bytes are already laid out row by row.</summary>
    public bool IsContiguous { get; }

    /// <summary>
    /// The file's own bytes, without a copy; valid until the file is closed.
    /// </summary>
    /// <exception cref="ForecastException">The tensor is strided, damaged, or larger than a span (2 GiB).</exception>
    public ReadOnlySpan<byte> Bytes => _storage.Slice(_start, DenseLength());

    /// <summary>As <see cref="Bytes"/>, as an address that stays valid until the lease is disposed; no limit of size.</summary>
    /// <exception cref="ForecastException">The tensor is strided or damaged.</exception>
    public WeightLease Hold() => _storage.Hold(_start, DenseLength());

    /// <summary>A part of <see cref="Bytes"/>, for tensors that are larger than a span.</summary>
    internal ReadOnlySpan<byte> Slice(long start, long count) => _storage.Slice(_start + start, Math.Min(count, DenseLength() - start));

    /// <summary>Copies the values row by row, whatever their strides.</summary>
    /// <exception cref="ForecastException">The bytes are damaged.</exception>
    /// <exception cref="ArgumentException">The target has not <see cref="ByteLength"/> bytes.</exception>
    public void CopyTo(Span<byte> target)
    {
        if (target.Length != ByteLength) throw new ArgumentException($"the target has {target.Length} bytes, the tensor {ByteLength}", nameof(target));
        if (IsContiguous) Bytes.CopyTo(target);
        else Gather(target);
    }

    /// <summary>The values row by row.</summary>
    /// <typeparam name="T">A type as wide as one element.</typeparam>
    /// <exception cref="ForecastException">An element is not as wide as a <typeparamref name="T"/>, or there are too many.</exception>
    public unsafe T[] ToArray<T>()
        where T : unmanaged
    {
        if (sizeof(T) != Type.Size())
            throw new ForecastException("weight-type", $"{_storage.File}: an element of {WeightErrors.Quote(Name)} is {Type.Name()}, {Type.Size()} bytes, not {sizeof(T)}", Name);
        if (ByteLength > Array.MaxLength)
            throw WeightErrors.Unsupported(_storage.File, $"{WeightErrors.Quote(Name)} has {ByteLength} bytes, more than one array holds", Name);
        var values = new T[ElementCount];
        CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>For messages: type and shape, as in <c>F32 [4, 128, 512]</c>.</summary>
    public override string ToString() => $"{Type.Name()} [{string.Join(", ", Shape)}]";

    /// <summary>Dense values that fill <paramref name="length"/> bytes of the storage from <paramref name="start"/>.</summary>
    /// <exception cref="ForecastException">Shape, type and length contradict one another.</exception>
    internal static WeightTensor Dense(string name, WeightType type, ImmutableArray<long> shape, WeightStorage storage, long start, long length)
    {
        var count = Count(name, shape, storage.File);
        if ((Int128)count * type.Size() != length)
            throw WeightErrors.Invalid(storage.File, $"tensor {WeightErrors.Quote(name)} of type {type.Name()} and shape [{string.Join(", ", shape)}] needs {(Int128)count * type.Size()} bytes, but has {length}", name);
        return new WeightTensor(name, type, shape, DenseStrides(shape), storage, start, count);
    }

    /// <summary>A view with an offset and strides in elements; every element it can reach lies in the storage.</summary>
    /// <exception cref="ForecastException">It reaches beyond its storage, or repeats values so often that it is a claim rather than data.</exception>
    internal static WeightTensor Strided(string name, WeightType type, ImmutableArray<long> shape, ImmutableArray<long> strides, WeightStorage storage, long offset)
    {
        const long RepeatLimit = 1L << 30;
        var count = Count(name, shape, storage.File);
        if (shape.Length != strides.Length || offset < 0 || strides.Any(s => s < 0))
            throw WeightErrors.Invalid(storage.File, $"tensor {WeightErrors.Quote(name)} has shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset}", name);
        Int128 last = offset;
        for (var axis = 0; axis < shape.Length && count > 0; axis++) last += ((Int128)shape[axis] - 1) * strides[axis];
        var size = type.Size();
        if ((count > 0 && (last + 1) * size > storage.Length) || (Int128)offset * size > storage.Length)
            throw WeightErrors.Invalid(storage.File, $"tensor {WeightErrors.Quote(name)} reaches element {last} of a storage of {storage.Length / size}", name);
        var bytes = (Int128)count * size;
        if (bytes > storage.Length && bytes > RepeatLimit)
            throw WeightErrors.Refused(storage.File, $"tensor {WeightErrors.Quote(name)} claims {bytes} bytes, though its storage has {storage.Length}", name);
        return new WeightTensor(name, type, shape, strides, storage, offset * size, count);
    }

    internal WeightTensor Named(string name) => new(name, Type, Shape, Strides, _storage, _start, ElementCount);

    private long DenseLength() => IsContiguous
        ? ByteLength
        : throw WeightErrors.Unsupported(_storage.File, $"tensor {WeightErrors.Quote(Name)} is a strided view; copy it instead", Name);

    private void Gather(Span<byte> target)
    {
        var size = Type.Size();
        var source = _storage.Slice(_start, ReachInBytes());
        var index = new long[Shape.Length];
        for (var (written, position) = (0, 0L); ; written += size)
        {
            source.Slice((int)(position * size), size).CopyTo(target[written..]);
            var axis = Shape.Length - 1;
            for (; axis >= 0; axis--)
            {
                position += Strides[axis];
                if (++index[axis] < Shape[axis]) break;
                position -= Shape[axis] * Strides[axis];
                index[axis] = 0;
            }

            if (axis < 0) return;
        }
    }

    private long ReachInBytes()
    {
        var reach = 1L;
        for (var axis = 0; axis < Shape.Length; axis++) reach += (Shape[axis] - 1) * Strides[axis];
        return reach * Type.Size();
    }

    private static long Count(string name, ImmutableArray<long> shape, string file)
    {
        Int128 count = 1;
        foreach (var size in shape)
        {
            if (size < 0) throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(name)} has a negative size {size}", name);
            count *= size;
            // One more factor below 2^63 still fits 128 bits.
            if (count > long.MaxValue / 16) throw WeightErrors.Invalid(file, $"tensor {WeightErrors.Quote(name)} has more elements than can be counted: [{string.Join(", ", shape)}]", name);
        }

        return (long)count;
    }

    private static ImmutableArray<long> DenseStrides(ImmutableArray<long> shape)
    {
        var strides = new long[shape.Length];
        for (var (axis, step) = (shape.Length - 1, 1L); axis >= 0; step *= Math.Max(1, shape[axis--])) strides[axis] = step;
        return [.. strides];
    }

    private static bool StridesAreDense(ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        for (var (axis, step) = (shape.Length - 1, 1L); axis >= 0; axis--)
        {
            if (shape[axis] == 1) continue;
            if (strides[axis] != step) return false;
            step *= shape[axis];
        }

        return true;
    }
}
