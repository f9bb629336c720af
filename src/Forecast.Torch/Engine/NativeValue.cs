using System.Runtime.InteropServices;

namespace Forecast.Torch;

/// <summary>What a <see cref="NativeValue"/> holds; the numbers are the shim's <c>FtTag</c>.</summary>
internal enum ValueTag
{
    Default = 0,
    None = 1,
    Tensor = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    Complex = 6,
    Ints = 7,
    Doubles = 8,
    Bools = 9,
    Tensors = 10,
    Text = 11,
    Device = 12,
    Generator = 13,
}

/// <summary>One argument or result as it crosses the border: a tag, a count and eight bytes. Mirrors the shim's <c>FtValue</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] public ValueTag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Real;
    [FieldOffset(8)] public nint Handle;
}

/// <summary>What a tensor is like, in one call. The two pointers live as long as the tensor does. Mirrors <c>FtTensorInfo</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTensorInfo
{
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
    public int Dimensions;
    public long Elements;
    public long* Sizes;
    public long* Strides;
}

/// <summary>Memory of one CUDA device in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DeviceMemory
{
    public long Total;
    public long Free;
}

/// <summary>The answers of <see cref="Native.Flags"/>.</summary>
[Flags]
internal enum TensorFlags
{
    None = 0,
    RequiresGrad = 1,
    Leaf = 2,
    Contiguous = 4,
    Pinned = 8,
    Sparse = 16,
    Conjugate = 32,
    Negative = 64,
}
