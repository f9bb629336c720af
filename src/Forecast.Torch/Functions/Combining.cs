using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Tensors one after the other along an existing dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Op.cat.Call(Listed(tensors), dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => Op.cat.Call(tensors, dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Op.cat.Call(tensors.ToArray(), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Tensors of one shape along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Op.stack.Call(tensors as Tensor[] ?? [.. tensors], dim);

    public static Tensor hstack(IList<Tensor> tensors) => Op.hstack.Call(Listed(tensors));

    public static Tensor vstack(IList<Tensor> tensors) => Op.vstack.Call(Listed(tensors));

    public static Tensor vstack(Tensor[] tensors) => Op.vstack.Call(tensors);

    public static Tensor block_diag(params Tensor[] tensors) => Op.block_diag.Call(tensors);

    public static Tensor cartesian_prod(params Tensor[] tensors) => Op.cartesian_prod.Call(tensors);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Op.meshgrid_indexing.Call(tensors.ToArray(), indexing);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => (Tensor[])Op.broadcast_tensors.Call(tensors);

    /// <summary>The coordinates at which <paramref name="condition"/> holds, one tensor a dimension.</summary>
    public static Tensor[] where(Tensor condition) => Op.nonzero_numpy.Call(condition);

    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);

    public static Tensor norm(Tensor input) => input.norm();

    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);

    private static Tensor[] Listed(IList<Tensor> tensors) => tensors as Tensor[] ?? [.. tensors];

    public partial class Tensor
    {
        /// <summary>This tensor where <paramref name="condition"/> holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Op.where_self.Call(condition, this, y);

        /// <summary>How often each whole number occurs, or the sum of its weights.</summary>
        public Tensor bincount(Tensor? weights, long minlength = 0) => Op.bincount.Call(this, weights, minlength);

        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            ReadOnlySpan<long> plane = [dims?.Item1 ?? 0, dims?.Item2 ?? 1];
            return Op.rot90.Call(this, k, plane);
        }
    }
}

internal static partial class Op
{
    internal static readonly Operator cat = new("cat");
    internal static readonly Operator stack = new("stack");
    internal static readonly Operator hstack = new("hstack");
    internal static readonly Operator vstack = new("vstack");
    internal static readonly Operator block_diag = new("block_diag");
    internal static readonly Operator cartesian_prod = new("cartesian_prod");
    internal static readonly Operator meshgrid_indexing = new("meshgrid", "indexing");
    internal static readonly Operator broadcast_tensors = new("broadcast_tensors");
    internal static readonly Operator nonzero_numpy = new("nonzero_numpy");
    internal static readonly Operator bincount = new("bincount");
    internal static readonly Operator rot90 = new("rot90");
}
