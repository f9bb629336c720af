using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>What Adam remembers about a parameter: the count of steps, running averages of gradient and squared gradient, and the largest of the latter.</summary>
internal sealed class AdamMoments(Parameter parameter) : MomentTensors(parameter)
{
    internal long Step;
    internal Tensor? Mean;
    internal Tensor? Square;
    internal Tensor? LargestSquare;

    internal void Start(bool amsGrad)
    {
        Step = 0;
        Replace(ref Mean, Zeros());
        Replace(ref Square, Zeros());
        Replace(ref LargestSquare, amsGrad ? Zeros() : null);
    }

    /// <summary>Starts to keep the largest average, when AMSGrad was switched on after the start.</summary>
    internal void StartLargest() => Replace(ref LargestSquare, Zeros());

    internal void KeepLargest(Tensor largest) => Replace(ref LargestSquare, largest);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Step);
        Write(writer, Mean);
        Write(writer, Square);
        Write(writer, LargestSquare);
    }

    internal void Read(BinaryReader reader)
    {
        Step = reader.ReadInt64();
        Read(reader, ref Mean);
        Read(reader, ref Square);
        Read(reader, ref LargestSquare);
    }

    internal void CopyFrom(AdamMoments source)
    {
        Step = source.Step;
        Copy(ref Mean, source.Mean);
        Copy(ref Square, source.Square);
        Copy(ref LargestSquare, source.LargestSquare);
    }

    internal void Move(Device device)
    {
        Move(ref Mean, device);
        Move(ref Square, device);
        Move(ref LargestSquare, device);
    }

    internal bool CloseTo(AdamMoments other) =>
        Step == other.Step && Close(Mean, other.Mean) && Close(Square, other.Square) && Close(LargestSquare, other.LargestSquare);

    internal void Dispose()
    {
        Mean?.Dispose();
        Square?.Dispose();
        LargestSquare?.Dispose();
    }
}
