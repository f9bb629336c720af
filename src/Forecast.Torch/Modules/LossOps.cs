using Forecast.Torch;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The operators of the losses. A reduction crosses as ATen's number for it.</summary>
internal static class LossOps
{
    private static readonly Operator MseOp = new("mse_loss");
    private static readonly Operator SmoothL1Op = new("smooth_l1_loss");
    private static readonly Operator HuberOp = new("huber_loss");
    private static readonly Operator CrossEntropyOp = new("cross_entropy_loss");
    private static readonly Operator NllOp = new("nll_loss_nd");
    private static readonly Operator BinaryOp = new("binary_cross_entropy_with_logits");

    internal static Tensor Mse(Tensor x, Tensor target, nn.Reduction reduction) => MseOp.Call(x, target, (long)reduction);

    internal static Tensor SmoothL1(Tensor x, Tensor target, nn.Reduction reduction, double beta) => SmoothL1Op.Call(x, target, (long)reduction, beta);

    internal static Tensor Huber(Tensor x, Tensor target, nn.Reduction reduction, double delta) => HuberOp.Call(x, target, (long)reduction, delta);

    internal static Tensor CrossEntropy(Tensor x, Tensor target, Tensor? weight, nn.Reduction reduction, long ignoreIndex, double smoothing) =>
        CrossEntropyOp.Call(x, target, weight, (long)reduction, ignoreIndex, smoothing);

    internal static Tensor Nll(Tensor x, Tensor target, Tensor? weight, nn.Reduction reduction) => NllOp.Call(x, target, weight, (long)reduction);

    internal static Tensor BinaryWithLogits(Tensor x, Tensor target, Tensor? weight, Tensor? positive, nn.Reduction reduction) =>
        BinaryOp.Call(x, target, weight, positive, (long)reduction);
}
