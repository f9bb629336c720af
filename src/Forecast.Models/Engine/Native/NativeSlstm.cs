using Forecast.Models.Xlstm;
using Forecast.Torch;
using TorchSharp;

namespace Forecast.Models.Engine;

/// <summary>The fused sLSTM recurrence of the shim; <see cref="SlstmCell"/> is its reference and does what it cannot.</summary>
internal static class NativeSlstm
{
    private static readonly Operator Recurrence = new("forecast::slstm");
    private static readonly Operator Packing = new("forecast::slstm_pack");
    private static readonly Operator Cuda = new("forecast::slstm_cuda");
    private static readonly Operator Width = new("forecast::slstm_lanes");

    /// <summary>
    /// Without a gradient for the state that it starts from. On the CPU float32 without rounding. On CUDA float32, or bfloat16 products
    /// with float32 states where that is asked for or gates already are bfloat16 (mixed precision): closer to float32 than the published
    /// rounding of every state.
    /// </summary>
    public static bool Fits(SlstmInput input)
    {
        if (input.Recurrent.dtype != torch.ScalarType.Float32 || input.Bias.dtype != torch.ScalarType.Float32 || input.State?.requires_grad == true || !Recurrence.Exists) return false;
        var exact = input.Gates.dtype == torch.ScalarType.Float32;
        return input.Gates.device_type switch
        {
            DeviceType.CPU => exact && !input.BFloat16,
            DeviceType.CUDA => (exact || Halved(input)) && OnCuda(input.Recurrent.shape[1]),
            _ => false,
        };
    }

    /// <param name="input">What is read.</param>
    /// <param name="lanes">Floats of the vectors where nothing is packed: 4, 8 or 16; 0 = the widest that the processor has.</param>
    public static SlstmOutput Run(SlstmInput input, long lanes = 0)
    {
        var bfloat16 = input.Gates.device_type == DeviceType.CUDA && (input.BFloat16 || Halved(input));
        (torch.Tensor Hidden, torch.Tensor State) given = Recurrence.Call(input.Gates, input.Recurrent, input.Bias, input.State, input.ForgetCap, input.Packed, lanes, bfloat16);
        return new SlstmOutput(given.Hidden, given.State);
    }

    /// <summary>The layout of the device that the kernel lies on; null for a kernel that the recurrence does not take.</summary>
    /// <param name="recurrent">[H, D, 4 D].</param>
    /// <param name="lanes">As for <see cref="Run"/>.</param>
    /// <param name="bfloat16">For products in bfloat16, on CUDA.</param>
    public static torch.Tensor? Pack(torch.Tensor recurrent, long lanes = 0, bool bfloat16 = false) =>
        recurrent.dtype == torch.ScalarType.Float32 && Packing.Exists ? (torch.Tensor)Packing.Call(recurrent, lanes, bfloat16) : null;

    /// <summary>Floats of the widest vectors that this processor has.</summary>
    public static long Lanes() => Width.Call(0);

    /// <summary>Whether the shim has a CUDA kernel for heads of so many units.</summary>
    public static bool OnCuda(long units) => Cuda.Exists && (bool)Cuda.Call(units);

    private static bool Halved(SlstmInput input) => input.Gates.dtype == torch.ScalarType.BFloat16;
}
