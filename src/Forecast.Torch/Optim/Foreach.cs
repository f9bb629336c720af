using Forecast.Torch;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Operators over lists of tensors: one crossing of the border for all parameters of a group, one kernel on CUDA.</summary>
internal static class Foreach
{
    private static readonly Operator AddScalarOp = new("_foreach_add_", "Scalar");
    private static readonly Operator AddListOp = new("_foreach_add_", "List");
    private static readonly Operator SumListOp = new("_foreach_add", "List");
    private static readonly Operator MultiplyOp = new("_foreach_mul_", "Scalar");
    private static readonly Operator DivideOp = new("_foreach_div_", "Scalar");
    private static readonly Operator AddProductOp = new("_foreach_addcmul_", "Scalar");
    private static readonly Operator AddQuotientOp = new("_foreach_addcdiv_", "Scalar");
    private static readonly Operator SqrtOp = new("_foreach_sqrt");
    private static readonly Operator NegateOp = new("_foreach_neg");
    private static readonly Operator MaximumOp = new("_foreach_maximum", "List");
    private static readonly Operator NormOp = new("_foreach_norm", "Scalar");

    /// <summary>x += value.</summary>
    internal static void Add(Tensor[] x, double value) => AddScalarOp.Do(x, value);

    /// <summary>x += alpha · y.</summary>
    internal static void Add(Tensor[] x, Tensor[] y, double alpha) => AddListOp.Do(x, y, alpha);

    /// <summary>x + alpha · y.</summary>
    internal static Tensor[] Sum(Tensor[] x, Tensor[] y, double alpha) => SumListOp.Call(x, y, alpha);

    /// <summary>x *= value.</summary>
    internal static void Multiply(Tensor[] x, double value) => MultiplyOp.Do(x, value);

    /// <summary>x /= value.</summary>
    internal static void Divide(Tensor[] x, double value) => DivideOp.Do(x, value);

    /// <summary>x += value · a · b.</summary>
    internal static void AddProduct(Tensor[] x, Tensor[] a, Tensor[] b, double value) => AddProductOp.Do(x, a, b, value);

    /// <summary>x += value · a / b.</summary>
    internal static void AddQuotient(Tensor[] x, Tensor[] a, Tensor[] b, double value) => AddQuotientOp.Do(x, a, b, value);

    /// <summary>√x.</summary>
    internal static Tensor[] Sqrt(Tensor[] x) => SqrtOp.Call(x);

    /// <summary>−x.</summary>
    internal static Tensor[] Negate(Tensor[] x) => NegateOp.Call(x);

    /// <summary>The larger of x and y, entry by entry.</summary>
    internal static Tensor[] Maximum(Tensor[] x, Tensor[] y) => MaximumOp.Call(x, y);

    /// <summary>The p-norm of each tensor.</summary>
    internal static Tensor[] Norms(Tensor[] x, double p) => NormOp.Call(x, p);

    internal static void Dispose(Tensor[] tensors)
    {
        foreach (var tensor in tensors) tensor.Dispose();
    }
}
