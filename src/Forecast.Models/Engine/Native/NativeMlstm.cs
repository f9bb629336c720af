using Forecast.Models.Xlstm;
using Forecast.Torch;
using TorchSharp;

namespace Forecast.Models.Engine;

/// <summary>The fused chunkwise mLSTM of the shim; <see cref="MlstmCell.Chunkwise"/> is its reference and does what it cannot.</summary>
internal static class NativeMlstm
{
    private static readonly Operator Recurrence = new("forecast::mlstm");
    private static readonly Operator Cuda = new("forecast::mlstm_cuda");

    /// <summary>float32 on one device, without a gradient for the state that it starts from; on CUDA where a block has room for a head.</summary>
    public static bool Fits(MlstmInput input, MlstmState? state) =>
        Recurrence.Exists
        && (input.Q.device_type == DeviceType.CPU || (input.Q.device_type == DeviceType.CUDA && Cuda.Exists && (bool)Cuda.Call(input.Q.shape[3], input.V.shape[3])))
        && new[] { input.Q, input.K, input.V, input.I, input.F, state?.C, state?.N, state?.M }.All(x => x is null || (x.dtype == torch.ScalarType.Float32 && x.device_type == input.Q.device_type))
        && !(torch.is_grad_enabled() && new[] { state?.C, state?.N, state?.M }.Any(x => x?.requires_grad == true));

    /// <param name="input">What is read.</param>
    /// <param name="state">To start from; null = zeros.</param>
    /// <param name="chunk">Steps of a chunk.</param>
    /// <param name="lanes">Floats of the vectors on the CPU: 4, 8 or 16; 0 = the widest that the processor has.</param>
    public static (torch.Tensor Hidden, MlstmState State) Run(MlstmInput input, MlstmState? state, int chunk, long lanes = 0)
    {
        (torch.Tensor Hidden, torch.Tensor C, torch.Tensor N, torch.Tensor M) given = Recurrence.Call(input.Q, input.K, input.V, input.I, input.F, state?.C, state?.N, state?.M, chunk, lanes);
        return (given.Hidden, new MlstmState(given.C, given.N, given.M));
    }
}
