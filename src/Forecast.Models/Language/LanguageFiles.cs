using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Language models from their published files.</summary>
internal static class LanguageFiles
{
    private const string Config = "config.json";

    /// <summary>The network of a folder in the Hugging Face layout: <c>config.json</c> and its weights in whatever format and number of files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="type">Of the weights and of what is computed.</param>
    /// <param name="device">Where it is to run.</param>
    /// <exception cref="ForecastException">No configuration, one of a family that is not built here, or weights that do not fit it.</exception>
    public static LanguageModel Open(string folder, ScalarType type, Device device)
    {
        var path = Path.Combine(folder, Config);
        if (!File.Exists(path)) throw new ForecastException("language-config", $"{folder} holds no {Config}", "weights");
        using var json = Parse(path);
        using var weights = WeightFile.Open(folder);
        return Load(json.RootElement, path, weights, type, device, name => name);
    }

    /// <summary>The network of a configuration, filled.</summary>
    /// <param name="config">What <c>config.json</c> holds.</param>
    /// <param name="source">Where it stands, for errors.</param>
    /// <param name="weights">A file with the weights, under the names of the whole language model or of its body alone.</param>
    /// <param name="type">Of the weights and of what is computed.</param>
    /// <param name="device">Where it is to run.</param>
    /// <param name="rename">Takes a prefix off, or leaves a weight out by null.</param>
    public static LanguageModel Load(JsonElement config, string source, IWeightFile weights, ScalarType type, Device device, Func<string, string?> rename)
    {
        var network = Make(config, source, type);
        try
        {
            var names = network.state_dict();
            weights.LoadInto(network, name => rename(name) is { } own ? Own(own, names) : null);
            network.to(device);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The network of a configuration, its weights not yet loaded.</summary>
    public static LanguageModel Make(JsonElement config, string source, ScalarType type)
    {
        var kind = config.ValueKind == JsonValueKind.Object && config.TryGetProperty("model_type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
        return kind switch
        {
            "gpt2" => new Gpt2(Gpt2Config.Read(config, source), type),
            "opt" => new Opt(OptConfig.Read(config, source), type),
            "llama" or "qwen2" or "mistral" => new Llama(LlamaConfig.Read(config, source), type),
            "" when config.ValueKind == JsonValueKind.Object && config.TryGetProperty("n_embd", out _) => new Gpt2(Gpt2Config.Read(config, source), type),
            "" => new Llama(LlamaConfig.Read(config, source), type),
            _ => throw new ForecastException("language-config", $"{source}: model_type is '{kind}'; known are llama, qwen2, mistral, gpt2 and opt", "model_type"),
        };
    }

    /// <summary>
    /// The network's own name of a weight: a body that was saved alone lacks <c>model.</c>, one saved with a head has <c>transformer.</c> in
    /// front; a head that is tied, causal masks and rotary tables that older files store besides are left out.
    /// </summary>
    private static string? Own(string name, IReadOnlyDictionary<string, Tensor> names)
    {
        if (name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal) || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)) return null;
        if (names.ContainsKey(name)) return name;
        if (name is "lm_head.weight") return null;
        if (names.ContainsKey("model." + name)) return "model." + name;
        const string Outer = "transformer.";
        return name.StartsWith(Outer, StringComparison.Ordinal) ? Own(name[Outer.Length..], names) : name;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonDocument.Parse(stream);
        }
        catch (JsonException e)
        {
            throw new ForecastException("language-config", $"{path} is no JSON: {e.Message}", "weights", inner: e);
        }
    }
}
