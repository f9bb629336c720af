using System.Text.Json;
using Forecast.Models.Training;
using Forecast.Models.Ttm;
using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;

namespace Forecast.Models.Tests.Ttm;

/// <summary>A folder as it is published, with a small network of random weights in it.</summary>
internal sealed class SmallWeights : IDisposable
{
    public SmallWeights(int context = 24, int horizon = 8, string extra = "")
    {
        Folder = Path.Combine(Path.GetTempPath(), $"ttm-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
        var json = $$"""{"model_type": "tinytimemixer", "context_length": {{context}}, "patch_length": 4, "patch_stride": 4, "prediction_length": {{horizon}}, "d_model": 16, "num_layers": 1, "adaptive_patching_levels": 2, "decoder_num_layers": 1{{extra}}}""";
        File.WriteAllText(Path.Combine(Folder, "config.json"), json);
        using var document = JsonDocument.Parse(json);
        using var network = new TtmNetwork(TtmConfig.Read(document.RootElement, "config.json"));
        InitialWeights.Draw(network, seed: 3);
        SafetensorsWriter.Save(Path.Combine(Folder, "model.safetensors"), [.. network.state_dict().Select(s => s.Value.ToSource(s.Key))]);
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
