using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>The state of a network as safetensors: by the names of its state dict.</summary>
public static class StateFile
{
    public static byte[] Write(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [.. state.Select(s => s.Value.detach().ToSource(s.Key))]);
        return stream.ToArray();
    }

    /// <summary>Copies the values of a file into a network.</summary>
    /// <exception cref="Core.ForecastException">The file is damaged, or names or shapes are not those of the network.</exception>
    public static void Load(nn.Module network, string name, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        using var file = WeightFile.Read(name, bytes);
        file.LoadInto(network);
    }
}
