using Forecast.Models.Xlstm;
using TorchSharp;

namespace Forecast.Models.Engine;

/// <summary>The engine in TorchSharp's public API alone.</summary>
internal sealed class EagerEngine(string name) : ITensorEngine
{
    public bool CanView => false;

    public torch.Tensor View(nint address, long byteLength, IDisposable owner, ReadOnlySpan<long> shape, torch.ScalarType type) =>
        throw new NotSupportedException($"{name} cannot put a tensor over memory that it does not own");

    public bool CanMixPrecision => false;

    public IDisposable MixedPrecision(DeviceType device) => throw new NotSupportedException($"{name} has no word for mixed precision");

    public SlstmOutput Slstm(SlstmInput input) => SlstmCell.Run(input);

    public torch.Tensor? PackSlstm(torch.Tensor recurrent) => null;

    public (torch.Tensor Hidden, MlstmState State) Mlstm(MlstmInput input, MlstmState? state, int chunk) => MlstmCell.Chunkwise(input, state, chunk);

    public ISlstmStack? FuseStack(SlstmStackShape shape, IReadOnlyList<SlstmBlockWeights> blocks) => null;

    public EngineReport Describe()
    {
        try
        {
            var devices = new List<DeviceReport> { HostReport.Cpu() };
            for (var i = 0; i < torch.cuda.device_count(); i++) devices.Add(new DeviceReport($"cuda:{i}", "CUDA device", null, null));
            return new EngineReport(name, true, null, torch.__version__, null, HostReport.LoadedBlas(), torch.get_num_threads(), torch.get_num_interop_threads(), null, null, devices);
        }
        catch (Exception e) when (Missing(e) is { } reason)
        {
            return Unavailable(name, reason);
        }
    }

    /// <summary>What a missing native library says of itself; null for any other failure.</summary>
    internal static string? Missing(Exception error) => error switch
    {
        DllNotFoundException or EntryPointNotFoundException or BadImageFormatException => error.Message,
        TypeInitializationException { InnerException: { } inner } => Missing(inner),
        _ => null,
    };

    internal static EngineReport Unavailable(string name, string reason) => new(name, false, reason, null, null, null, null, null, null, null, []);
}
