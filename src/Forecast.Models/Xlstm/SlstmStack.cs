using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>What the blocks of a stack share.</summary>
/// <param name="Heads">H.</param>
/// <param name="ForgetCap">Greatest forget pre-activation.</param>
/// <param name="NormEps">Added to a row's mean square.</param>
/// <param name="GroupEps">Added to a head's variance.</param>
/// <param name="BFloat16">Matrix products in bfloat16 with sums and states in float32; else everything in float32.</param>
internal sealed record SlstmStackShape(long Heads, double ForgetCap, double NormEps, double GroupEps, bool BFloat16);

/// <summary>Weights of one block, x + sLSTM(norm(x)) and then x + down(silu(gate(y)) * up(y)), y = norm(x).</summary>
/// <param name="Norm">[d].</param>
/// <param name="Maps">[H, D, 4 D]: from a head's inputs to its gates.</param>
/// <param name="Recurrent">[H, D, 4 D].</param>
/// <param name="Bias">[4 H D], by head, gate and unit.</param>
/// <param name="Scale">[d]: what the norm per head is multiplied by.</param>
/// <param name="FeedForwardNorm">[d].</param>
/// <param name="Gate">[I, d].</param>
/// <param name="Up">[I, d].</param>
/// <param name="Down">[d, I].</param>
internal sealed record SlstmBlockWeights(Tensor Norm, Tensor Maps, Tensor Recurrent, Tensor Bias, Tensor Scale, Tensor FeedForwardNorm, Tensor Gate, Tensor Up, Tensor Down);

/// <summary>Blocks whose weights no longer change.</summary>
internal interface ISlstmStack : IDisposable
{
    /// <summary>All blocks, without a gradient.</summary>
    /// <param name="input">[B, T, d].</param>
    /// <param name="states">[blocks, 4, B or 1, d] to start from; null = the start of a series.</param>
    /// <returns>[B, T, d], and the states after the last step [blocks, 4, B, d].</returns>
    (Tensor Output, Tensor States) Run(Tensor input, Tensor? states);
}
