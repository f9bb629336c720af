using Forecast.Core.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// Starting weights from our own random numbers, so that a seed gives the same network on every device and no thread draws from
/// another's stream. The laws are PyTorch's defaults.
/// </summary>
public static class InitialWeights
{
    /// <summary>Linear layers uniform on +-1/sqrt(inputs), recurrent ones on +-1/sqrt(hidden size); other modules keep what they have.</summary>
    public static void Draw(nn.Module network, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var frozen = no_grad();
        foreach (var (name, module) in network.named_modules())
        {
            long? fan = module switch
            {
                Linear linear => linear.in_features,
                LSTM or GRU => module.named_parameters(recurse: false).First(p => p.name.StartsWith("weight_hh", StringComparison.Ordinal)).parameter.shape[1],
                _ => null,
            };
            if (fan is { } inputs) Fill(module, new RandomSource(Seeds.Derive(seed, name)), 1 / Math.Sqrt(inputs));
        }
    }

    /// <summary>All parameters of one module uniform on +-<paramref name="bound"/>.</summary>
    internal static void Uniform(nn.Module module, ulong seed, double bound)
    {
        using var frozen = no_grad();
        Fill(module, new RandomSource(seed), bound);
    }

    private static void Fill(nn.Module module, RandomSource random, double bound)
    {
        foreach (var (_, parameter) in module.named_parameters(recurse: false))
        {
            var values = new float[parameter.NumberOfElements];
            for (var i = 0; i < values.Length; i++) values[i] = (float)(bound * ((2 * random.NextDouble()) - 1));
            using var drawn = tensor(values, parameter.shape);
            parameter.copy_(drawn);
        }
    }
}
