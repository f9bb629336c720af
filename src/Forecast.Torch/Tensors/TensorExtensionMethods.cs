namespace TorchSharp;

/// <summary>What reads better as an extension of tensors and types.</summary>
public static class TensorExtensionMethods
{
    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentException($"{type} is not an element type", nameof(type)),
    };

    public static float ToSingle(this torch.Tensor value) => (float)value;

    public static double ToDouble(this torch.Tensor value) => (double)value;

    public static int ToInt32(this torch.Tensor value) => (int)value;

    public static long ToInt64(this torch.Tensor value) => (long)value;

    public static bool ToBoolean(this torch.Tensor value) => (bool)value;
}
