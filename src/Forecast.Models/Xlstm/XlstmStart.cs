using System.Globalization;
using Forecast.Core.Numerics;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>
/// Starting weights of a stack, from our own random numbers (Beck et al. 2024, appendix, and the published package): maps N(0, 2/(5 d)),
/// those back to the stack N(0, 4/(n^2 d)) for n blocks; gates that hold on to their memory, each head or unit for another span.
/// </summary>
internal static class XlstmStart
{
    private const double InputBiasDeviation = 0.1;
    private const double LargeInputBias = -10;

    public static void Draw(XlstmStack stack, XlstmConfig config, ulong seed)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in stack.named_parameters().Where(p => p.name.StartsWith("blocks.", StringComparison.Ordinal)))
        {
            var random = new RandomSource(Seeds.Derive(seed, name));
            double[] Normal(double deviation) => [.. Enumerable.Range(0, (int)parameter.NumberOfElements).Select(_ => deviation * random.NextNormal())];
            double[] Uniform(double bound) => [.. Enumerable.Range(0, (int)parameter.NumberOfElements).Select(_ => bound * ((2 * random.NextDouble()) - 1))];
            var place = name.Split('.');
            double[]? values = place[^1] switch
            {
                "_bias_" => SlstmBias(config, int.Parse(place[1], CultureInfo.InvariantCulture)),
                "weight" or "bias" when place[^2] is "conv" => Uniform(1 / Math.Sqrt(parameter.shape[^1] > 1 ? parameter.shape[^1] : Kernel(config, name))),
                "weight" when place[^2] is "proj_down" => Normal(2 / (config.Blocks * Math.Sqrt(config.Width))),
                "weight" when place[^2] is "proj_up" or "q_proj" or "k_proj" or "v_proj" || IsSlstmGate(place) => Normal(Math.Sqrt(2.0 / (5 * config.Width))),
                "weight" when place[^3] is "mlstm_cell" && place[^2] is "igate" or "fgate" => new double[parameter.NumberOfElements],
                "bias" when place[^2] is "igate" => Normal(InputBiasDeviation),
                "bias" when place[^2] is "fgate" => [.. Enumerable.Range(0, config.MlstmHeads).Select(h => (double)ForgetBias(h, config.MlstmHeads))],
                _ => null,  // norms, skips and recurrent kernels start as they were made: at 1, 1 and 0
            };
            if (values is not null) parameter.copy_(tensor(Array.ConvertAll(values, v => (float)v), parameter.shape));
        }
    }

    /// <summary>The same for the large form, whose input gates begin nearly closed.</summary>
    public static void Draw(XlstmLargeStack stack, XlstmLargeConfig config, ulong seed)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in stack.named_parameters().Where(p => p.name.StartsWith("blocks.", StringComparison.Ordinal)))
        {
            var random = new RandomSource(Seeds.Derive(seed, name));
            var place = name.Split('.');
            double? deviation = (place[^2], place[^1]) switch
            {
                ("q" or "k" or "v" or "ogate_preact" or "proj_up" or "proj_up_gate", "weight") => Math.Sqrt(2.0 / (5 * config.Width)),
                ("out_proj" or "proj_down", "weight") => 2 / (config.Blocks * Math.Sqrt(config.Width)),
                ("igate_preact" or "fgate_preact", _) => 0,
                _ => null,  // norms stay at 1
            };
            if (deviation is not { } sd) continue;
            var values = new float[parameter.NumberOfElements];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (place[^2], place[^1]) switch
                {
                    ("igate_preact", "bias") => (float)LargeInputBias,
                    ("fgate_preact", "bias") => ForgetBias(i, config.Heads),
                    _ => (float)(sd * random.NextNormal()),
                };
            }

            parameter.copy_(tensor(values, parameter.shape));
        }
    }

    /// <summary>From 3 to 6 over the heads.</summary>
    private static float ForgetBias(int head, int heads) => (float)(3 + (3.0 * head / Math.Max(1, heads - 1)));

    private static bool IsSlstmGate(string[] place) => place[^2] is "igate" or "fgate" or "zgate" or "ogate" && place[^3] is "xlstm";

    private static int Kernel(XlstmConfig config, string name) =>
        config.SlstmAt.Contains(int.Parse(name.Split('.')[1], CultureInfo.InvariantCulture)) ? config.SlstmConvolution : config.MlstmConvolution;

    /// <summary>Forget biases of -5 to 7 over the units of a head, bent by the block's depth; the other gates at 0. [4, H, D].</summary>
    private static double[] SlstmBias(XlstmConfig config, int block)
    {
        var units = config.Width / config.SlstmHeads;
        var bias = new double[4 * config.Width];
        var bend = 0.3 + (1.3 * block / Math.Max(1, config.Blocks - 1));
        for (var i = 0; i < config.Width; i++) bias[config.Width + i] = -5 + (12 * Math.Pow((double)(i % units) / Math.Max(1, units - 1), bend));
        return bias;
    }
}
