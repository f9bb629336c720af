using Forecast.Models.Xlstm;
using Forecast.Torch;
using TorchSharp;

namespace Forecast.Models.Engine;

/// <summary>The engine that Forecast.Torch brings: tensors over foreign memory, and what libtorch and CUDA say of themselves.</summary>
internal sealed unsafe class NativeEngine : ITensorEngine
{
    private const string Name = "libtorch";

    public bool CanView => true;

    public torch.Tensor View(nint address, long byteLength, IDisposable owner, ReadOnlySpan<long> shape, torch.ScalarType type) =>
        NativeMemory.Wrap((void*)address, byteLength, owner, shape, type);

    public bool CanMixPrecision => true;

    public IDisposable MixedPrecision(DeviceType device) => new Autocast(device);

    public SlstmOutput Slstm(SlstmInput input) => NativeSlstm.Fits(input) ? NativeSlstm.Run(input) : SlstmCell.Run(input);

    public torch.Tensor? PackSlstm(torch.Tensor recurrent) => recurrent.device_type == DeviceType.CPU ? NativeSlstm.Pack(recurrent) : null;

    public (torch.Tensor Hidden, MlstmState State) Mlstm(MlstmInput input, MlstmState? state, int chunk) =>
        NativeMlstm.Fits(input, state) ? NativeMlstm.Run(input, state, chunk) : MlstmCell.Chunkwise(input, state, chunk);

    public ISlstmStack? FuseStack(SlstmStackShape shape, IReadOnlyList<SlstmBlockWeights> blocks) =>
        NativeSlstmStack.Fits(shape, blocks) ? new NativeSlstmStack(shape, blocks) : null;

    public EngineReport Describe()
    {
        try
        {
            var library = NativeLoader.Location;
            var devices = new List<DeviceReport> { HostReport.Cpu() };
            for (var i = 0; i < Native.CudaDevices(); i++) devices.Add(Card(i));
            return new EngineReport(
                Name, true, null, torch.__version__, library, Blas(Native.Text(Native.BuildInfo())), torch.get_num_threads(), torch.get_num_interop_threads(),
                CudaVersion(Native.CudaRuntime()), CudnnVersion(Native.Cudnn()), devices);
        }
        catch (Exception e) when (EagerEngine.Missing(e) is { } reason)
        {
            return EagerEngine.Unavailable(Name, reason);
        }
    }

    /// <summary>1000 * major + 10 * minor.</summary>
    internal static string? CudaVersion(int number) => number > 0 ? $"{number / 1000}.{number % 1000 / 10}" : null;

    /// <summary>10000 * major + 100 * minor + patch since version 9, 1000 * major before.</summary>
    internal static string? CudnnVersion(int number) => number switch
    {
        <= 0 => null,
        < 90000 => $"{number / 1000}.{number % 1000 / 100}.{number % 100}",
        _ => $"{number / 10000}.{number % 10000 / 100}.{number % 100}",
    };

    /// <summary>The library in memory, or else what libtorch was built with.</summary>
    internal static string? Blas(string build)
    {
        const string Key = "BLAS_INFO=";
        if (HostReport.LoadedBlas() is { } loaded) return loaded;
        var at = build.IndexOf(Key, StringComparison.Ordinal);
        return at < 0 ? null : build[(at + Key.Length)..].Split(',', '\n')[0];
    }

    private static DeviceReport Card(int index)
    {
        const int Longest = 256;
        var text = stackalloc byte[Longest];
        DeviceMemory memory;
        Native.Check(Native.CudaName(index, text, Longest));
        Native.Check(Native.CudaMemory(index, &memory));
        return new DeviceReport($"cuda:{index}", Native.Text(text), memory.Total, memory.Free);
    }
}
