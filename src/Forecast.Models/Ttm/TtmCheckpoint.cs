using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Models.Ttm;

/// <summary>A folder as it is published: <c>config.json</c> and <c>model.safetensors</c> (or a PyTorch checkpoint).</summary>
internal static class TtmCheckpoint
{
    private const string ConfigName = "config.json";

    /// <exception cref="ForecastException">There is no configuration, or none of this network.</exception>
    public static TtmConfig ReadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigName);
        if (!File.Exists(path)) throw new ForecastException("weights-missing", $"the folder '{folder}' holds no {ConfigName}; fetch the whole model with: forecast pull", "weights");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            return TtmConfig.Read(json.RootElement, path);
        }
        catch (JsonException e)
        {
            throw new ForecastException("ttm-config", $"{path} is no JSON: {e.Message}", "weights", inner: e);
        }
    }

    /// <summary>The network with its weights, in main memory, in evaluation mode.</summary>
    /// <exception cref="ForecastException">A file is missing or damaged, or the weights are not those of the configuration.</exception>
    public static TtmNetwork Open(string folder)
    {
        var config = ReadConfig(folder);
        using var file = WeightFile.Open(folder);
        var network = new TtmNetwork(config);
        try
        {
            file.LoadInto(network);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
