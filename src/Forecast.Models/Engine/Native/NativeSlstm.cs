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
    /// On the CPU float32 without rounding, and without a gradient for the state that it starts from. On CUDA bfloat16 products with
    /// float32 states, which is closer to float32 than the published rounding of every state; without gradients.
    /// </summary>
    public static bool Fits(SlstmInput input)
    {
        if (input.Gates.dtype != torch.ScalarType.Float32 || input.Recurrent.dtype != torch.ScalarType.Float32 || input.State?.requires_grad == true || !Recurrence.Exists) return false;
        return input.Gates.device_type switch
        {
            DeviceType.CPU => !input.BFloat16,
            DeviceType.CUDA => input.BFloat16 && !Learns(input) && OnCuda(input.Recurrent.shape[1]),
            _ => false,
        };
    }

    /// <param name="input">What is read.</param>
    /// <param name="lanes">Floats of the vectors where nothing is packed: 4, 8 or 16; 0 = the widest that the processor has.</param>
    public static SlstmOutput Run(SlstmInput input, long lanes = 0)
    {
        (torch.Tensor Hidden, torch.Tensor State) given = Recurrence.Call(input.Gates, input.Recurrent, input.Bias, input.State, input.ForgetCap, input.Packed, lanes);
        return new SlstmOutput(given.Hidden, given.State);
    }

    public static torch.Tensor? Pack(torch.Tensor recurrent, long lanes = 0) => recurrent.dtype == torch.ScalarType.Float32 && recurrent.device_type == DeviceType.CPU && Packing.Exists ? (torch.Tensor)Packing.Call(recurrent, lanes) : null;

    /// <summary>Floats of the widest vectors that this processor has.</summary>
    public static long Lanes() => Width.Call(0);

    private static bool OnCuda(long units) => Cuda.Exists && (bool)Cuda.Call(units);

    private static bool Learns(SlstmInput input) => torch.is_grad_enabled() && (input.Gates.requires_grad || input.Recurrent.requires_grad || input.Bias.requires_grad);
}
