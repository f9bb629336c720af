namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Pads both sides of the last dimension alike.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad, pad], mode, value);

            /// <summary>Pads the last dimension on the left and on the right.</summary>
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            /// <summary>Pads the last dimension (left, right), then the one before it.</summary>
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>Pads by pairs (before, after), last dimension first. A negative number crops, in constant mode.</summary>
            /// <exception cref="ArgumentException">The numbers are not pairs, or more than the input has dimensions.</exception>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                ArgumentNullException.ThrowIfNull(pad);
                if (pad.Length % 2 != 0 || pad.Length > 2 * input.dim())
                    throw new ArgumentException($"Padding comes in pairs, at most one for each of the input's {input.dim()} dimensions, not {pad.Length} numbers.", nameof(pad));
                return mode switch
                {
                    PaddingModes.Constant => NnOps.PadConstant(input, pad, value),
                    PaddingModes.Zeros => NnOps.PadConstant(input, pad, 0),
                    PaddingModes.Reflect => NnOps.Pad(input, pad, "reflect"),
                    PaddingModes.Replicate => NnOps.Pad(input, pad, "replicate"),
                    PaddingModes.Circular => NnOps.Pad(input, pad, "circular"),
                    _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown padding mode."),
                };
            }
        }
    }
}
