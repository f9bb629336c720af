using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>start, start + step, ... below stop. Whole numbers give int64, others the default type, unless told.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var whole = start.IsIntegral && stop.IsIntegral && step.IsIntegral;
        return Op.arange_start_step.Call(start, stop, step, dtype ?? (whole ? ScalarType.Int64 : defaultType), Arg.None, Place(device)).Made(requires_grad);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>Numbers at equal distances, both ends included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.linspace.Call(start, end, steps, Type(dtype, null), Arg.None, Place(device)).Made(requires_grad);

    /// <summary>Powers of <paramref name="base"/> whose exponents lie at equal distances, both ends included.</summary>
    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.logspace.Call(start, end, steps, @base, Type(dtype, null), Arg.None, Place(device)).Made(requires_grad);

    /// <summary>Ones on the diagonal; square unless told.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Op.eye_m.Call(rows, columns < 0 ? rows : columns, Type(dtype, names), Arg.None, Place(device)).Made(requires_grad);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Op.empty_strided.Call(size, strides, Type(dtype, names), Arg.None, Place(device)).Made(requires_grad);

    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Op.hann_window_periodic.Call(len, periodic, Type(dtype, null), Arg.None, Place(device)).Made(requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Op.zeros_like.Call(input, Same(dtype, names), Arg.None, device).Made(requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Op.ones_like.Call(input, Same(dtype, names), Arg.None, device).Made(requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Op.empty_like.Call(input, Same(dtype, names), Arg.None, device).Made(requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Op.full_like.Call(input, value, Same(dtype, names), Arg.None, device).Made(requires_grad);

    private static ScalarType? Same(ScalarType? dtype, string[]? names) =>
        names is null ? dtype : throw new NotSupportedException("named dimensions are not supported");

    public partial class Tensor
    {
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty_like(this, dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full_like(this, value, dtype, device, requires_grad);

        /// <summary>As <see cref="torch.zeros(long[], ScalarType?, Device?, bool, string[])"/>, of this tensor's type and device.</summary>
        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => new_zeros([size], dtype, device, requires_grad);

        public Tensor new_zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => new_zeros([rows, columns], dtype, device, requires_grad);

        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones([size], dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones([rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
    }
}

internal static partial class Op
{
    internal static readonly Operator arange_start_step = new("arange", "start_step");
    internal static readonly Operator linspace = new("linspace");
    internal static readonly Operator logspace = new("logspace");
    internal static readonly Operator eye_m = new("eye", "m");
    internal static readonly Operator empty_strided = new("empty_strided");
    internal static readonly Operator hann_window_periodic = new("hann_window", "periodic");
    internal static readonly Operator zeros_like = new("zeros_like");
    internal static readonly Operator ones_like = new("ones_like");
    internal static readonly Operator empty_like = new("empty_like");
    internal static readonly Operator full_like = new("full_like");
}
