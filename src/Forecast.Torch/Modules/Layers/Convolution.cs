using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    /// <summary>How much to pad a convolution's input: not at all, or so that the output is as long as the input.</summary>
    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }

    /// <summary>What stands in the padding.</summary>
    public enum PaddingModes
    {
        Zeros = 0,
        Reflect = 1,
        Replicate = 2,
        Circular = 3,
        Constant = 4,
    }
}

namespace TorchSharp.Modules
{
    /// <summary>What convolutions of any number of dimensions share: sizes, padding, weight (out, in/groups, kernel...), bias (out).</summary>
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
            Padding? padding_type, long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype) : base(name)
        {
            Arguments.Positive(in_channels, nameof(in_channels));
            Arguments.Positive(out_channels, nameof(out_channels));
            Arguments.Positive(groups, nameof(groups));
            foreach (var size in kernel_size) Arguments.Positive(size, nameof(kernel_size));
            foreach (var step in stride) Arguments.Positive(step, nameof(stride));
            foreach (var step in dilation) Arguments.Positive(step, nameof(dilation));
            foreach (var size in padding) Arguments.NotNegative(size, nameof(padding));
            if (in_channels % groups != 0 || out_channels % groups != 0)
                throw new ArgumentException($"{in_channels} input and {out_channels} output channels cannot be split into {groups} equal groups.", nameof(groups));
            if (padding_type == Padding.Same && stride.Any(s => s != 1))
                throw new ArgumentException("Padding to the same length needs a stride of 1.", nameof(stride));
            (this.in_channels, this.out_channels, this.groups) = (in_channels, out_channels, groups);
            (this.kernel_size, this.stride, this.padding, this.dilation) = (kernel_size, stride, padding, dilation);
            (this.padding_type, this.padding_mode) = (padding_type, padding_mode);
            weight = new Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device));
            if (bias) this.bias = new Parameter(empty([out_channels], dtype, device));
            reset_parameters();
        }

        public long in_channels { get; }

        public long out_channels { get; }

        public long groups { get; set; }

        public long[] kernel_size { get; set; }

        public long[] stride { get; set; }

        public long[] padding { get; }

        public long[] dilation { get; set; }

        public Padding? padding_type { get; }

        public PaddingModes padding_mode { get; set; }

        public Parameter? weight
        {
            get;
            set => ConditionallyRegisterParameter(nameof(weight), field = value);
        }

        public Parameter? bias
        {
            get;
            set => ConditionallyRegisterParameter(nameof(bias), field = value);
        }

        /// <summary>Draws weight and bias anew: uniform on ±1/√(in/groups · kernel), as PyTorch does.</summary>
        public void reset_parameters() => nn.init.KaimingLinear(weight!, bias);

        /// <summary>Padding left and right of each dimension, last dimension first, as <c>pad</c> wants it.</summary>
        private protected long[] PaddingBySide()
        {
            var sides = new long[2 * kernel_size.Length];
            for (var i = 0; i < kernel_size.Length; i++)
            {
                var d = kernel_size.Length - 1 - i;
                var total = padding_type switch
                {
                    Padding.Same => dilation[d] * (kernel_size[d] - 1),
                    Padding.Valid => 0,
                    _ => 2 * padding[d],
                };
                (sides[2 * i], sides[2 * i + 1]) = (total / 2, total - total / 2);
            }
            return sides;
        }
    }

    /// <summary>Cross-correlation along time: (N, in, L) or (in, L) to (N, out, L') or (out, L').</summary>
    /// <remarks>L' = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.</remarks>
    public class Conv1d : Convolution
    {
        internal Conv1d(long in_channels, long out_channels, long kernel_size, long stride, long padding, Padding? padding_type, long dilation,
            PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], [padding], padding_type, [dilation], groups, bias, padding_mode, device, dtype)
        {
        }

        /// <exception cref="ArgumentException">The input is neither (N, in, L) nor (in, L).</exception>
        public override Tensor forward(Tensor input)
        {
            var dims = input.dim();
            if (dims is not (2 or 3) || input.shape[dims - 2] != in_channels)
                throw new ArgumentException($"Conv1d takes (batch, {in_channels}, length) or ({in_channels}, length), not [{string.Join(", ", input.shape)}].", nameof(input));
            if (padding_mode is not (PaddingModes.Zeros or PaddingModes.Constant))
            {
                using var padded = nn.functional.pad(input, PaddingBySide(), padding_mode);
                return nn.functional.conv1d(padded, weight!, bias, stride[0], 0, dilation[0], groups);
            }
            return padding_type is { } type
                ? nn.functional.conv1d_padding(input, weight!, bias, stride[0], type, dilation[0], groups)
                : nn.functional.conv1d(input, weight!, bias, stride[0], padding[0], dilation[0], groups);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A convolution along time, padded by a number of steps on both sides.</summary>
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, null, dilation, padding_mode, groups, bias, device, dtype);

            /// <summary>A convolution along time, padded to the same length or not at all.</summary>
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, 0, padding, dilation, padding_mode, groups, bias, device, dtype);
        }
    }
}
