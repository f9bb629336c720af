using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>The state of a network as safetensors: float32, by the names of its state dict.</summary>
public static class StateFile
{
    public static byte[] Write(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, state.Select(s =>
        {
            var values = s.Value.detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray();
            return WeightSource.Of<float>(s.Key, WeightType.F32, s.Value.shape, values);
        }).ToArray());
        return stream.ToArray();
    }

    /// <summary>Copies the values of a file into a network.</summary>
    /// <exception cref="Forecast.Core.ForecastException">The file is damaged, or names or shapes are not those of the network.</exception>
    public static void Load(nn.Module network, string name, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        using var file = WeightFile.Read(name, bytes);
        var source = file.Names.ToDictionary(n => n, n => tensor(file[n].ToArray<float>(), [.. file[n].Shape]), StringComparer.Ordinal);
        try
        {
            network.load_state_dict(source);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new Core.ForecastException("weights-mismatch", $"{name} does not fit the network: {e.Message}", "archive", inner: e);
        }
    }
}
