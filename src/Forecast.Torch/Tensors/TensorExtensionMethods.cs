using System.Globalization;

namespace TorchSharp;

/// <summary>What a tensor's text shows. All but <see cref="Metadata"/> look the same here.</summary>
public enum TensorStringStyle
{
    Metadata = 0,
    Julia = 1,
    Numpy = 2,
    CSharp = 3,
    Default = 4,
}

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

    /// <summary>Shape, type and device.</summary>
    public static string metastr(this torch.Tensor tensor) => TensorText.Metadata(tensor);

    /// <summary>Shape, type and device on one line, the values in nested brackets on the next; long dimensions show their ends only.</summary>
    public static string str(this torch.Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default)
    {
        var metadata = TensorText.Metadata(tensor);
        var line = newLine ?? Environment.NewLine;
        return style == TensorStringStyle.Metadata ? metadata : metadata + line + TensorText.Values(tensor, fltFormat, line, cultureInfo ?? CultureInfo.InvariantCulture);
    }

    /// <summary>The values in nested brackets, as numpy shows them.</summary>
    public static string npstr(this torch.Tensor tensor, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        TensorText.Values(tensor, fltFormat, newLine ?? Environment.NewLine, cultureInfo ?? CultureInfo.InvariantCulture);

    public static float ToSingle(this torch.Tensor value) => (float)value;

    public static double ToDouble(this torch.Tensor value) => (double)value;

    public static int ToInt32(this torch.Tensor value) => (int)value;

    public static long ToInt64(this torch.Tensor value) => (long)value;

    public static bool ToBoolean(this torch.Tensor value) => (bool)value;
}
