using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Shape, type and device, without the values; see <see cref="TensorExtensionMethods.str"/> for those.</summary>
        public override string ToString() => this.metastr();
    }
}

internal static class TensorText
{
    private const int EdgeItems = 3;

    internal static string Metadata(torch.Tensor tensor) =>
        tensor.IsInvalid ? "disposed tensor" : $"[{string.Join("x", tensor.shape)}], type = {tensor.dtype}, device = {tensor.device}";

    /// <summary>The values in nested brackets; long dimensions show their ends only.</summary>
    internal static string Values(torch.Tensor tensor, string? format, string newLine, CultureInfo culture)
    {
        if (torch.is_complex(tensor.dtype)) return Render(torch.view_as_real(tensor.resolve_conj()), format, newLine, culture);
        return Render(tensor, format, newLine, culture);
    }

    private static string Render(torch.Tensor tensor, string? format, string newLine, CultureInfo culture)
    {
        using var scope = torch.NewDisposeScope();
        var values = tensor.detach().cpu().to(torch.ScalarType.Float64).contiguous().data<double>();
        var shape = tensor.shape;
        var text = new StringBuilder();
        var whole = torch.is_integral(tensor.dtype);
        var isBool = tensor.dtype == torch.ScalarType.Bool;
        Write(text, values.ToArray(), shape, 0, 0, newLine, value =>
            isBool ? value != 0 ? "True" : "False" : whole ? ((long)value).ToString(culture) : value.ToString(format ?? "g5", culture));
        return text.ToString();
    }

    private static void Write(StringBuilder text, double[] values, long[] shape, int depth, long offset, string newLine, Func<double, string> show)
    {
        if (depth == shape.Length)
        {
            text.Append(show(values[offset]));
            return;
        }

        var stride = 1L;
        for (var d = depth + 1; d < shape.Length; d++) stride *= shape[d];
        var last = depth == shape.Length - 1;
        var cut = shape[depth] > (last ? 2 * EdgeItems + 4 : 2 * EdgeItems);
        text.Append('[');
        for (var i = 0L; i < shape[depth]; i++)
        {
            if (i > 0) text.Append(last ? " " : "," + newLine + new string(' ', depth + 1));
            if (cut && i == EdgeItems)
            {
                text.Append("...");
                i = shape[depth] - EdgeItems - 1;
                continue;
            }

            Write(text, values, shape, depth + 1, offset + (i * stride), newLine, show);
        }

        text.Append(']');
    }
}
