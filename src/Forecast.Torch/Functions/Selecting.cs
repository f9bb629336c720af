using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index) => Op.gather.Call(this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Op.scatter_src.Call(this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Op.scatter_add.Call(this, dim, index, src);
        public Tensor index_select(long dim, Tensor index) => Op.index_select.Call(this, dim, index);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Op.index_add.Call(this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Op.index_copy.Call(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Op.index_fill_int_Scalar.Call(this, dim, index, value);
        public Tensor select_scatter(Tensor src, long dim, long index) => Op.select_scatter.Call(this, src, dim, index);
        public Tensor masked_fill(Tensor mask, Scalar value) => Op.masked_fill_Scalar.Call(this, mask, value);
        public Tensor masked_select(Tensor mask) => Op.masked_select.Call(this, mask);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Op.masked_scatter.Call(this, mask, value);
        public Tensor take(Tensor index) => Op.take.Call(this, index);
        public Tensor take_along_dim(Tensor indices) => Op.take_along_dim.Call(this, indices);
        public Tensor take_along_dim(Tensor indices, long dim) => Op.take_along_dim.Call(this, indices, dim);
        public Tensor nonzero() => Op.nonzero.Call(this);
        public Tensor argwhere() => Op.argwhere.Call(this);
    }

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);
    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);
    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);
    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);
    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) => input.index_add(dim, index, source, alpha);
    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy(dim, index, source);
    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill(dim, index, value);
    public static Tensor select_scatter(Tensor input, Tensor src, long dim, long index) => input.select_scatter(src, dim, index);
    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);
    public static Tensor take(Tensor input, Tensor index) => input.take(index);
    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) => input.take_along_dim(indices, dim);
    public static Tensor nonzero(Tensor input) => input.nonzero();
    public static Tensor argwhere(Tensor input) => input.argwhere();
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Op.where_self.Call(condition, x, y);
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) => Op.searchsorted_Tensor.Call(sorted_sequence, values, out_int32, right, Arg.None, sorter);
}

internal static partial class Op
{
    internal static readonly Operator gather = new("gather");
    internal static readonly Operator scatter_src = new("scatter", "src");
    internal static readonly Operator scatter_add = new("scatter_add");
    internal static readonly Operator index_select = new("index_select");
    internal static readonly Operator index_add = new("index_add");
    internal static readonly Operator index_copy = new("index_copy");
    internal static readonly Operator index_fill_int_Scalar = new("index_fill", "int_Scalar");
    internal static readonly Operator select_scatter = new("select_scatter");
    internal static readonly Operator masked_fill_Scalar = new("masked_fill", "Scalar");
    internal static readonly Operator masked_select = new("masked_select");
    internal static readonly Operator masked_scatter = new("masked_scatter");
    internal static readonly Operator take = new("take");
    internal static readonly Operator take_along_dim = new("take_along_dim");
    internal static readonly Operator nonzero = new("nonzero");
    internal static readonly Operator argwhere = new("argwhere");
    internal static readonly Operator where_self = new("where", "self");
    internal static readonly Operator searchsorted_Tensor = new("searchsorted", "Tensor");
}
