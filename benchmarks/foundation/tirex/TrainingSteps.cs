using Forecast.Models.Engine;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.TirexBenchmark;

/// <summary>Forward and backward pass of one sLSTM layer: the maps of its inputs and the recurrence, 4 heads of 128 units.</summary>
internal static class TrainingSteps
{
    private const int Width = 512;
    private const int Heads = 4;
    private const int Steps = 64;

    public static IEnumerable<Row> Run(Settings settings, int batch)
    {
        var device = TorchDevice.Open(settings.Device);
        using var layer = new SlstmLayer(Width, Heads, SlstmLayout.InputMajor, 15);
        using (no_grad())
        {
            foreach (var parameter in layer.parameters()) parameter.normal_(0, 1 / Math.Sqrt(Width / Heads));
        }

        layer.to(device);
        foreach (var bfloat16 in device.type == DeviceType.CUDA ? new[] { false, true } : [false])
        {
            using var scope = NewDisposeScope();
            var (input, cotangent) = (randn(batch, Steps, Width, device: device), randn(batch, Steps, Width, device: device));
            var seconds = Forecasts.Median(settings, () =>
            {
                Step(layer, input, cotangent, bfloat16);
                if (device.type == DeviceType.CUDA) cuda.synchronize();
            });
            yield return new Row($"sLSTM {(bfloat16 ? "bfloat16" : "float32")}", $"training step, width {Width}, {Steps} steps, batch {batch}", 1000 * seconds, seconds);
        }
    }

    private static void Step(SlstmLayer layer, Tensor input, Tensor cotangent, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        using var leaf = input.detach().requires_grad_();
        Tensor hidden;
        using (bfloat16 ? TensorEngine.Current.MixedPrecision(leaf.device_type) : null)
        {
            hidden = layer.Recur(layer.GateInputs(leaf, leaf), null, bfloat16).Hidden;
        }

        hidden.backward([cotangent]);
        foreach (var parameter in layer.parameters()) parameter.grad?.zero_();
    }
}
