using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>A network with weights that no longer change, ready on a device, and what it remembers of empty patches.</summary>
internal sealed class TirexWeights
{
    private const string Hyper = "hyper_parameters";
    private const string ConfigName = "config.json";
    private const int UntrainedSeed = 20;

    private readonly ConcurrentDictionary<(int Patches, bool BFloat16), Tensor[]> _prefixes = new();
    private readonly Lazy<string> _hash;

    private TirexWeights(TirexNetwork network, Device device, Func<string> hash)
    {
        network.to(device);
        network.eval();
        foreach (var parameter in network.parameters()) parameter.requires_grad = false;
        network.Freeze();
        (Network, Device, _hash) = (network, device, new Lazy<string>(hash));
    }

    public TirexNetwork Network { get; }

    public Device Device { get; }

    /// <summary>SHA-256 of the file of weights.</summary>
    public string Hash => _hash.Value;

    /// <summary>Opens published weights, or makes untrained ones.</summary>
    /// <exception cref="ForecastException">The folder or a file is missing or damaged, or holds other weights.</exception>
    public static TirexWeights Open(TirexOptions options, string model, Device device) => string.Equals(options.Weights, TirexOptions.Untrained, StringComparison.OrdinalIgnoreCase)
        ? MakeUntrained(options.Shape, device)
        : Read(ModelFolder.Find(options.Weights, model), device);

    /// <summary>
    /// The blocks on [B, P, p] tokens. Patches in front that are empty in every series leave the same states behind them, whatever the
    /// series: those are computed once and kept.
    /// </summary>
    /// <returns>[B, P less empty ones in front, d].</returns>
    public Tensor Stack(Tensor tokens, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        var (batch, patches) = (tokens.shape[0], (int)tokens.shape[1]);
        var full = tokens.isnan().all(2).all(0).cpu().data<bool>().ToArray();
        var empty = Math.Min(Array.FindIndex(full, f => !f) is var first && first < 0 ? patches : first, patches - 1);
        if (empty == 0) return Network.Stack(Network.Embed(tokens), null, bfloat16).Output.MoveToOuterDisposeScope();
        var states = _prefixes.GetOrAdd((empty, bfloat16), key => Prefix(key.Patches, key.BFloat16));
        var start = Array.ConvertAll(states, s => s.expand(s.shape[0], batch, s.shape[2]));
        return Network.Stack(Network.Embed(tokens.narrow(1, empty, patches - empty)), start, bfloat16).Output.MoveToOuterDisposeScope();
    }

    private Tensor[] Prefix(int patches, bool bfloat16)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var tokens = full([1, patches, Network.Config.Patch], double.NaN, ScalarType.Float32, Device);
        var states = Network.Stack(Network.Embed(tokens), null, bfloat16, keepStates: true).States;
        foreach (var state in states) state.DetachFromDisposeScope();
        return states;
    }

    private static TirexWeights Read(string folder, Device device)
    {
        using var file = WeightFile.Open(folder);
        var network = new TirexNetwork(Configuration(file, folder));
        try
        {
            file.LoadInto(network, TirexNetwork.ParameterName);
            var path = file.Path;
            return new TirexWeights(network, device, () =>
            {
                using var stream = File.OpenRead(path);
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            });
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Of the checkpoint itself; of <c>config.json</c> beside it where the file has none.</summary>
    private static TirexConfig Configuration(IWeightFile file, string folder)
    {
        var beside = Path.Combine(folder, ConfigName);
        var (text, source) = file.Metadata.TryGetValue(Hyper, out var inside)
            ? (inside, $"{Hyper} of {Path.GetFileName(file.Path)}")
            : File.Exists(beside)
                ? (File.ReadAllText(beside), beside)
                : throw new ForecastException("tirex-config", $"{Path.GetFileName(file.Path)} names no sizes: it has no {Hyper}, and there is no {ConfigName} beside it", "weights");
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            return TirexConfig.Read(json.RootElement, source);
        }
        catch (JsonException e)
        {
            throw new ForecastException("tirex-config", $"{source} is no JSON: {e.Message}", "weights", inner: e);
        }
    }

    /// <summary>Random weights from a fixed seed, with a read-out of zeros: every quantile is the mean of the context.</summary>
    private static TirexWeights MakeUntrained(TirexConfig config, Device device)
    {
        var network = new TirexNetwork(config);
        var text = $"{TirexOptions.Untrained} {JsonSerializer.Serialize(config)}";
        using (no_grad())
        {
            using var generator = new Generator(UntrainedSeed);
            foreach (var (name, parameter) in network.named_parameters())
            {
                if (name.StartsWith(TirexNetwork.ReadOut, StringComparison.Ordinal) || name.EndsWith(".bias", StringComparison.Ordinal)) parameter.zero_();
                else if (parameter.dim() > 1) parameter.normal_(0, 1 / Math.Sqrt(parameter.shape[^1]), generator);
            }
        }

        return new TirexWeights(network, device, () => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))));
    }
}
