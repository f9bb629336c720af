using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Op.matmul.Call(this, target);
        public Tensor mm(Tensor target) => Op.mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => Op.bmm.Call(this, batch2);
        public Tensor mv(Tensor target) => Op.mv.Call(this, target);
        public Tensor dot(Tensor target) => Op.dot.Call(this, target);
        public Tensor vdot(Tensor target) => Op.vdot.Call(this, target);
        public Tensor outer(Tensor vec2) => Op.outer.Call(this, vec2);
        public Tensor inner(Tensor vec2) => Op.inner.Call(this, vec2);
        public Tensor kron(Tensor other) => Op.kron.Call(this, other);
        public Tensor trace() => Op.trace.Call(this);
        public Tensor det() => Op.det.Call(this);
        public Tensor logdet() => Op.logdet.Call(this);
        public Tensor inverse() => Op.inverse.Call(this);
        public Tensor cholesky(bool upper = false) => Op.cholesky.Call(this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Op.cholesky_solve.Call(this, input2, upper);
        public Tensor cholesky_inverse(bool upper = false) => Op.cholesky_inverse.Call(this, upper);
        public Tensor matrix_power(int n) => Op.matrix_power.Call(this, (long)n);
        public Tensor matrix_exp() => Op.matrix_exp.Call(this);
    }

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);
    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
    public static Tensor trace(Tensor input) => input.trace();
    public static Tensor det(Tensor input) => input.det();
    public static Tensor logdet(Tensor input) => input.logdet();
    public static Tensor inverse(Tensor input) => input.inverse();
    public static Tensor cholesky(Tensor input, bool upper) => input.cholesky(upper);
    public static Tensor cholesky_solve(Tensor input, Tensor input2, bool upper = false) => input.cholesky_solve(input2, upper);
    public static Tensor cholesky_inverse(Tensor input, bool upper = false) => input.cholesky_inverse(upper);
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);
    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
    public static (Tensor, Tensor) slogdet(Tensor A) => Op.slogdet.Call(A);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Op.einsum.Call(equation, tensors);
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => Op.tensordot.Call(a, b, dims1, dims2);
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) => Op.cdist.Call(x1, x2, p, (long)compute_mode);
}

internal static partial class Op
{
    internal static readonly Operator matmul = new("matmul");
    internal static readonly Operator mm = new("mm");
    internal static readonly Operator bmm = new("bmm");
    internal static readonly Operator mv = new("mv");
    internal static readonly Operator dot = new("dot");
    internal static readonly Operator vdot = new("vdot");
    internal static readonly Operator outer = new("outer");
    internal static readonly Operator inner = new("inner");
    internal static readonly Operator kron = new("kron");
    internal static readonly Operator trace = new("trace");
    internal static readonly Operator det = new("det");
    internal static readonly Operator logdet = new("logdet");
    internal static readonly Operator inverse = new("inverse");
    internal static readonly Operator cholesky = new("cholesky");
    internal static readonly Operator cholesky_solve = new("cholesky_solve");
    internal static readonly Operator cholesky_inverse = new("cholesky_inverse");
    internal static readonly Operator matrix_power = new("matrix_power");
    internal static readonly Operator matrix_exp = new("matrix_exp");
    internal static readonly Operator slogdet = new("slogdet");
    internal static readonly Operator einsum = new("einsum");
    internal static readonly Operator tensordot = new("tensordot");
    internal static readonly Operator cdist = new("cdist");
}
