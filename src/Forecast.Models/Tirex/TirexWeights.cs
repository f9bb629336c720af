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

    private readonly ConcurrentDictionary<int, Tensor> _prefixes = new();
    private readonly ConcurrentBag<Tensor> _staging = [];
    private readonly bool _bfloat16;
    private readonly Lazy<string> _hash;

    private TirexWeights(TirexNetwork network, Device device, bool bfloat16, Func<string> hash)
    {
        network.to(device);
        network.eval();
        foreach (var parameter in network.parameters()) parameter.requires_grad = false;
        network.Freeze(bfloat16);
        (Network, Device, _bfloat16, _hash) = (network, device, bfloat16, new Lazy<string>(hash));
    }

    public TirexNetwork Network { get; }

    public Device Device { get; }

    /// <summary>SHA-256 of the file of weights.</summary>
    public string Hash => _hash.Value;

    /// <summary>Opens published weights, or makes untrained ones.</summary>
    /// <exception cref="ForecastException">The folder or a file is missing or damaged, or holds other weights.</exception>
    public static TirexWeights Open(TirexOptions options, string model, Device device)
    {
        var bfloat16 = options.Precision == TirexPrecision.BFloat16;
        return string.Equals(options.Weights, TirexOptions.Untrained, StringComparison.OrdinalIgnoreCase)
            ? MakeUntrained(options.Shape, device, bfloat16)
            : Read(ModelFolder.Find(options.Weights, model), device, bfloat16);
    }

    /// <summary>
    /// The blocks on [B, P, p] tokens. Patches in front that are empty in every series leave the same states behind them, whatever the
    /// series: those are computed once and kept.
    /// </summary>
    /// <returns>[B, P less empty ones in front, d].</returns>
    public Tensor Stack(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var patches = (int)tokens.shape[1];
        var full = tokens.isnan().all(2).all(0).cpu().data<bool>().ToArray();
        var empty = Math.Min(Array.FindIndex(full, f => !f) is var first && first < 0 ? patches : first, patches - 1);
        if (empty == 0) return Network.Features(tokens, null, _bfloat16).Output.MoveToOuterDisposeScope();
        return Network.Features(tokens.narrow(1, empty, patches - empty), _prefixes.GetOrAdd(empty, Prefix), _bfloat16).Output.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Main memory for at least so many float64 numbers on their way to the device, [count]. For CUDA it is locked in place, which takes
    /// longer to get than to fill: <see cref="GiveBack"/> keeps it for the next caller.
    /// </summary>
    public Tensor Borrow(long count)
    {
        if (Device.type != DeviceType.CUDA) return empty(count, ScalarType.Float64);
        while (_staging.TryTake(out var kept))
        {
            if (kept.shape[0] >= count) return kept;
            kept.Dispose();
        }

        return empty(count, ScalarType.Float64).pin_memory().DetachFromDisposeScope();
    }

    /// <summary>What was borrowed, once it has been copied.</summary>
    public void GiveBack(Tensor memory)
    {
        if (Device.type == DeviceType.CUDA) _staging.Add(memory);
    }

    /// <summary>[blocks, 4, 1, d]: the states behind so many empty patches.</summary>
    private Tensor Prefix(int patches)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var tokens = full([1, patches, Network.Config.Patch], double.NaN, ScalarType.Float32, Device);
        return Network.Features(tokens, null, _bfloat16).States.DetachFromDisposeScope();
    }

    private static TirexWeights Read(string folder, Device device, bool bfloat16)
    {
        using var file = WeightFile.Open(folder);
        var network = new TirexNetwork(Configuration(file, folder));
        try
        {
            file.LoadInto(network, TirexNetwork.ParameterName);
            var path = file.Path;
            return new TirexWeights(network, device, bfloat16, () =>
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
    private static TirexWeights MakeUntrained(TirexConfig config, Device device, bool bfloat16)
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

        return new TirexWeights(network, device, bfloat16, () => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))));
    }
}
