using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Op.eq_Tensor.Call(this, target);
        public Tensor eq(Scalar target) => Op.eq_Scalar.Call(this, target);
        public Tensor ne(Tensor target) => Op.ne_Tensor.Call(this, target);
        public Tensor ne(Scalar target) => Op.ne_Scalar.Call(this, target);
        public Tensor lt(Tensor target) => Op.lt_Tensor.Call(this, target);
        public Tensor lt(Scalar target) => Op.lt_Scalar.Call(this, target);
        public Tensor le(Tensor target) => Op.le_Tensor.Call(this, target);
        public Tensor le(Scalar target) => Op.le_Scalar.Call(this, target);
        public Tensor gt(Tensor target) => Op.gt_Tensor.Call(this, target);
        public Tensor gt(Scalar target) => Op.gt_Scalar.Call(this, target);
        public Tensor ge(Tensor target) => Op.ge_Tensor.Call(this, target);
        public Tensor ge(Scalar target) => Op.ge_Scalar.Call(this, target);
        public Tensor not_equal(Tensor target) => ne(target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor greater_equal(Tensor target) => ge(target);
        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) => Op.isclose.Call(this, other, rtol, atol, nanEqual);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => Op.isin_Tensor_Tensor.Call(this, test_elements, assumeUnique, invert);
        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) => Op.allclose.Call(this, target, rtol, atol, equal_nan);
        public Tensor max(Tensor other) => maximum(other);
        public Tensor min(Tensor other) => minimum(other);
    }

    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);
    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);
    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);
    public static Tensor le(Tensor left, Tensor right) => left.le(right);
    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);
    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);
    public static Tensor not_equal(Tensor tensor, Tensor target) => tensor.not_equal(target);
    public static Tensor less(Tensor tensor, Tensor target) => tensor.less(target);
    public static Tensor less_equal(Tensor tensor, Tensor target) => tensor.less_equal(target);
    public static Tensor greater(Tensor tensor, Tensor target) => tensor.greater(target);
    public static Tensor greater_equal(Tensor tensor, Tensor target) => tensor.greater_equal(target);
    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) => tensor.isclose(other, rtol, atol, nanEqual);
    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false) => tensor.isin(test_elements, assumeUnique, invert);
    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) => tensor.allclose(target, rtol, atol, equal_nan);
    public static Tensor max(Tensor input, Tensor other) => input.max(other);
    public static Tensor min(Tensor input, Tensor other) => input.min(other);
}

internal static partial class Op
{
    internal static readonly Operator eq_Tensor = new("eq", "Tensor");
    internal static readonly Operator eq_Scalar = new("eq", "Scalar");
    internal static readonly Operator ne_Tensor = new("ne", "Tensor");
    internal static readonly Operator ne_Scalar = new("ne", "Scalar");
    internal static readonly Operator lt_Tensor = new("lt", "Tensor");
    internal static readonly Operator lt_Scalar = new("lt", "Scalar");
    internal static readonly Operator le_Tensor = new("le", "Tensor");
    internal static readonly Operator le_Scalar = new("le", "Scalar");
    internal static readonly Operator gt_Tensor = new("gt", "Tensor");
    internal static readonly Operator gt_Scalar = new("gt", "Scalar");
    internal static readonly Operator ge_Tensor = new("ge", "Tensor");
    internal static readonly Operator ge_Scalar = new("ge", "Scalar");
    internal static readonly Operator isclose = new("isclose");
    internal static readonly Operator isin_Tensor_Tensor = new("isin", "Tensor_Tensor");
    internal static readonly Operator allclose = new("allclose");
}
