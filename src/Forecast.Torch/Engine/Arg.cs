using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;

namespace Forecast.Torch;

/// <summary>
/// One argument of an operator, on its way across. Everything that an operator takes converts to it by itself: tensors (null
/// stands for an absent optional), numbers, lists, names. <c>default</c> means "as the operator's schema says".
/// </summary>
internal readonly ref struct Arg
{
    private readonly ValueTag tag;
    private readonly int count;
    private readonly long bits;

    /// <summary>First element of a list; pinned for the time of the call. A null reference for anything else.</summary>
    private readonly ref readonly byte data;

    /// <summary>What must not be collected before the call has returned.</summary>
    internal readonly object? Owner;

    private Arg(ValueTag tag, long bits, int count = 0, object? owner = null)
    {
        this.tag = tag;
        this.bits = bits;
        this.count = count;
        Owner = owner;
    }

    private Arg(ValueTag tag, ref readonly byte data, int count, object? owner = null)
    {
        this.tag = tag;
        this.count = count;
        this.data = ref data;
        Owner = owner;
    }

    /// <summary>For <c>fixed</c>.</summary>
    public ref readonly byte GetPinnableReference() => ref data;

    internal bool IsDefault => tag == ValueTag.Default;

    /// <summary>An optional that is absent, where the schema's default is something else.</summary>
    internal static Arg None => new(ValueTag.None, 0);

    /// <summary>Writes the argument; <paramref name="pinned"/> is the address that pinning the argument gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe void Write(NativeValue* target, byte* pinned)
    {
        target->Tag = tag;
        target->Count = count;
        target->Integer = pinned == null ? bits : (nint)pinned;
    }

    public static implicit operator Arg(torch.Tensor? tensor) => tensor is null ? None : new(ValueTag.Tensor, tensor.Handle, 0, tensor);

    public static implicit operator Arg(long value) => new(ValueTag.Int, value);

    public static implicit operator Arg(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    public static implicit operator Arg(long? value) => value is { } some ? some : None;

    public static implicit operator Arg(double? value) => value is { } some ? some : None;

    public static implicit operator Arg(bool? value) => value is { } some ? some : None;

    public static implicit operator Arg(torch.ScalarType type) => new(ValueTag.Int, (int)type);

    public static implicit operator Arg(torch.ScalarType? type) => type is { } some ? some : None;

    public static implicit operator Arg(Scalar? value) => value is null ? None : value.ToArg();

    public static implicit operator Arg(torch.Device? device) => device is null ? None : new(ValueTag.Device, (int)device.type, device.index);

    public static implicit operator Arg(torch.Generator? generator) => generator is null ? None : new(ValueTag.Generator, generator.Handle, 0, generator);

    public static implicit operator Arg(long[]? values) => values is null ? None : Of(values.AsSpan());

    public static implicit operator Arg(ReadOnlySpan<long> values) => Of(values);

    public static implicit operator Arg(ReadOnlySpan<double> values) =>
        new(ValueTag.Doubles, ref Unsafe.As<double, byte>(ref NotNull(values)), values.Length);

    public static implicit operator Arg(ReadOnlySpan<bool> values) =>
        new(ValueTag.Bools, ref Unsafe.As<bool, byte>(ref NotNull(values)), values.Length);

    public static implicit operator Arg(ReadOnlySpan<byte> utf8) => new(ValueTag.Text, ref NotNull(utf8), utf8.Length);

    public static implicit operator Arg(string? text) => text is null ? None : Encoding.UTF8.GetBytes(text).AsSpan();

    public static implicit operator Arg(Span<byte> utf8) => (ReadOnlySpan<byte>)utf8;

    public static implicit operator Arg(torch.Tensor?[] tensors)
    {
        // Few operators take lists, and few of those are small: an array a call is cheap beside them.
        var handles = new nint[tensors.Length + 1];
        for (var i = 0; i < tensors.Length; i++) handles[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
        return new(ValueTag.Tensors, ref Unsafe.As<nint, byte>(ref handles[0]), tensors.Length, tensors);
    }

    /// <summary>A complex number, as two doubles that the caller keeps for the time of the call.</summary>
    internal static Arg Complex(ReadOnlySpan<double> parts) => new(ValueTag.Complex, ref Unsafe.As<double, byte>(ref NotNull(parts)), 2);

    private static Arg Of(ReadOnlySpan<long> values) => new(ValueTag.Ints, ref Unsafe.As<long, byte>(ref NotNull(values)), values.Length);

    /// <summary>A reference for a list that may be empty; it is never read then.</summary>
    private static ref T NotNull<T>(ReadOnlySpan<T> values)
        where T : unmanaged => ref values.IsEmpty ? ref Empty<T>.Storage[0] : ref Unsafe.AsRef(in values[0]);

    private static class Empty<T>
    {
        internal static readonly T[] Storage = new T[1];
    }
}
