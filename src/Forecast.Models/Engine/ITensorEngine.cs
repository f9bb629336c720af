using Forecast.Models.Xlstm;
using TorchSharp;

namespace Forecast.Models.Engine;

/// <summary>
/// What TorchSharp's API has no word for. <see cref="EagerEngine"/> does it in that API alone, so that this project also compiles
/// against the official package; the engine of <c>Engine/Native</c> does it with the internals of Forecast.Torch.
/// </summary>
internal interface ITensorEngine
{
    /// <summary>Whether <see cref="View"/> can do without a copy.</summary>
    bool CanView { get; }

    /// <summary>
    /// A tensor in main memory over bytes that stay where they are, row by row. Changing it changes them.
    /// </summary>
    /// <param name="address">First byte, aligned for the element type.</param>
    /// <param name="byteLength">Exactly the bytes of the shape.</param>
    /// <param name="owner">Disposed when the last tensor over the memory is gone.</param>
    /// <param name="shape">Sizes, outermost first.</param>
    /// <param name="type">Element type.</param>
    /// <exception cref="NotSupportedException">This engine can only copy.</exception>
    torch.Tensor View(nint address, long byteLength, IDisposable owner, ReadOnlySpan<long> shape, torch.ScalarType type);

    /// <summary>Whether <see cref="MixedPrecision"/> is there.</summary>
    bool CanMixPrecision { get; }

    /// <summary>
    /// Matrix products on a device in bfloat16, on this thread until the result is disposed of; what needs float32 keeps it. Holds for
    /// forward passes; backward ones follow the types of theirs.
    /// </summary>
    /// <exception cref="NotSupportedException">This engine cannot.</exception>
    IDisposable MixedPrecision(DeviceType device);

    /// <summary>
    /// The sLSTM recurrence over all steps; <see cref="SlstmCell"/> says what it computes. Gradients reach gates, kernel and bias through
    /// the hidden states.
    /// </summary>
    SlstmOutput Slstm(SlstmInput input);

    /// <summary>A kernel [H, D, 4 D] in the layout that <see cref="Slstm"/> computes with, once for many calls; null when there is none.</summary>
    torch.Tensor? PackSlstm(torch.Tensor recurrent);

    /// <summary>
    /// The mLSTM recurrence in chunks; <see cref="MlstmCell.Chunkwise"/> says what it computes. Gradients reach the inputs through the
    /// hidden states.
    /// </summary>
    (torch.Tensor Hidden, MlstmState State) Mlstm(MlstmInput input, MlstmState? state, int chunk);

    /// <summary>A stack of blocks whose weights no longer change as one operator; null when this engine has none for it.</summary>
    /// <param name="shape">What all blocks share.</param>
    /// <param name="blocks">Their weights, which stay the caller's; what the operator needs in other types or layouts is copied.</param>
    ISlstmStack? FuseStack(SlstmStackShape shape, IReadOnlyList<SlstmBlockWeights> blocks);

    /// <summary>What runs the tensors of this process; an engine that is missing says so instead of throwing.</summary>
    EngineReport Describe();
}
