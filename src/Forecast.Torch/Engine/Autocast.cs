using TorchSharp;

namespace Forecast.Torch;

/// <summary>
/// Mixed precision on this thread until it is disposed of: libtorch runs matrix products and convolutions in
/// <c>type</c>, and what needs the range in float32. Backward passes belong outside, since they follow the types of their
/// forward operators.
/// </summary>
internal sealed class Autocast : IDisposable
{
    private readonly DeviceType device;
    private readonly int enabledBefore;
    private readonly int typeBefore;
    private bool ended;

    /// <param name="device">Whose operators are cast.</param>
    /// <param name="type">bfloat16 or float16 (CUDA).</param>
    /// <param name="enabled">False: the region is full precision inside another that is not.</param>
    internal unsafe Autocast(DeviceType device, torch.ScalarType type = torch.ScalarType.BFloat16, bool enabled = true)
    {
        this.device = device;
        int wasEnabled;
        int wasType;
        Native.Check(Native.Autocast((int)device, &wasEnabled, &wasType));
        enabledBefore = wasEnabled;
        typeBefore = wasType;
        Native.Check(Native.SetAutocast((int)device, enabled ? 1 : 0, (int)type));
    }

    public void Dispose()
    {
        if (ended) return;
        ended = true;
        Native.Check(Native.SetAutocast((int)device, enabledBefore, typeBefore));
    }
}
