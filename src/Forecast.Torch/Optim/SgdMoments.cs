using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>What gradient descent remembers about a parameter: its momentum, from the first step on.</summary>
internal sealed class SgdMoments(Parameter parameter) : MomentTensors(parameter)
{
    internal Tensor? Momentum;

    /// <summary>Takes a copy of the first gradient as the momentum.</summary>
    internal void Start(Tensor gradient) => Replace(ref Momentum, gradient.clone());

    internal void Clear() => Replace(ref Momentum, null);

    internal void Write(BinaryWriter writer) => Write(writer, Momentum);

    internal void Read(BinaryReader reader) => Read(reader, ref Momentum);

    internal void CopyFrom(SgdMoments source) => Copy(ref Momentum, source.Momentum);

    internal void Move(Device device) => Move(ref Momentum, device);

    internal bool CloseTo(SgdMoments other) => Close(Momentum, other.Momentum);

    internal void Dispose() => Momentum?.Dispose();
}
