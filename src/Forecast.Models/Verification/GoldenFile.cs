using System.Text.Json;
using Forecast.Core;
using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Verification;

/// <summary>
/// An open golden file: weights under the names of a published format, inputs (<c>golden.input.*</c>), results (<c>golden.output.*</c>)
/// and intermediate results (<c>golden.mid.*</c>), and the network's configuration in the header.
/// </summary>
public sealed class GoldenFile : IDisposable
{
    internal const string InputPrefix = "golden.input.";
    internal const string OutputPrefix = "golden.output.";
    internal const string MidPrefix = "golden.mid.";
    private const string Prefix = "golden.";

    private readonly IWeightFile _file;
    private readonly IWeightFile? _weights;
    private readonly JsonDocument _config;

    private GoldenFile(IWeightFile file, IWeightFile? weights, string? weightsPath, JsonDocument config, Device device)
    {
        _file = file;
        _weights = weights;
        _config = config;
        WeightsPath = weightsPath;
        Device = device;
        Family = file.Metadata.GetValueOrDefault("family");
        Inputs = [.. Names(InputPrefix)];
    }

    public string Path => _file.Path;

    /// <summary>What the header says; null when it says nothing.</summary>
    public string? Family { get; }

    /// <summary>The network's configuration; keys that begin with <c>_</c> are the file's own.</summary>
    public JsonElement Config => _config.RootElement;

    /// <summary>Which network of its family the configuration says that it is of; null when it says nothing.</summary>
    public string? Kind => Config.TryGetProperty("_kind", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;

    /// <summary>Where the network is to run.</summary>
    public Device Device { get; }

    /// <summary>The folder or file of weights that was given beside the golden file, or null.</summary>
    public string? WeightsPath { get; }

    /// <summary>Names of the inputs, without <c>golden.input.</c>.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Weights: of the folder given, else of this file. Those of this file include its golden tensors: see <see cref="WeightName"/>.</summary>
    public IWeightFile Weights => _weights ?? _file;

    /// <summary>Full names of the results that are to be met, in the order of the file.</summary>
    internal IReadOnlyList<string> Expected => [.. _file.Names.Where(n => n.StartsWith(OutputPrefix, StringComparison.Ordinal) || n.StartsWith(MidPrefix, StringComparison.Ordinal))];

    /// <param name="path">A safetensors file.</param>
    /// <param name="weights">Folder or file with the weights, where the golden file has none; null = its own.</param>
    /// <param name="device">Where the network is to run.</param>
    /// <exception cref="ForecastException">A file is missing or damaged, or there is nothing golden in it.</exception>
    public static GoldenFile Open(string path, string? weights, Device device)
    {
        var file = WeightFile.Open(path);
        IWeightFile? beside = null;
        try
        {
            if (!file.Names.Any(n => n.StartsWith(OutputPrefix, StringComparison.Ordinal)))
                throw new ForecastException("golden-missing", $"{System.IO.Path.GetFileName(path)} holds no tensor '{OutputPrefix}...' to verify against", "FILE");
            beside = weights is null ? null : WeightFile.Open(weights);
            return new GoldenFile(file, beside, weights, ReadConfig(file), device);
        }
        catch
        {
            beside?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>The renaming for <see cref="WeightTensors.LoadInto(IWeightFile, nn.Module, Func{string, string?}?, bool)"/> that leaves golden tensors out.</summary>
    public static string? WeightName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? null : name;
    }

    public bool HasInput(string name) => _file.TryGet(InputPrefix + name, out _);

    /// <summary>A copy of an input on the device.</summary>
    /// <exception cref="ForecastException">There is no such input.</exception>
    public Tensor Input(string name)
    {
        using var host = _file[InputPrefix + name].ToTensor();
        return host.to(Device, copy: true);
    }

    /// <summary>An input where the file has it, else null.</summary>
    public Tensor? InputOrNone(string name) => HasInput(name) ? Input(name) : null;

    /// <summary>Whether the file holds the result, so that costly ones can be left out.</summary>
    /// <param name="name">Full name, <c>golden.output.</c> included.</param>
    public bool Expects(string name) => _file.TryGet(name, out _);

    public void Dispose()
    {
        _config.Dispose();
        _weights?.Dispose();
        _file.Dispose();
    }

    internal WeightTensor Wanted(string name) => _file[name];

    private IEnumerable<string> Names(string prefix) => _file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]);

    private static JsonDocument ReadConfig(IWeightFile file)
    {
        try
        {
            var config = JsonDocument.Parse(file.Metadata.GetValueOrDefault("config") ?? "{}");
            if (config.RootElement.ValueKind == JsonValueKind.Object) return config;
            config.Dispose();
        }
        catch (JsonException e)
        {
            throw new ForecastException("golden-config", $"the configuration in the header of {System.IO.Path.GetFileName(file.Path)} is no JSON: {e.Message}", "FILE", inner: e);
        }

        throw new ForecastException("golden-config", $"the configuration in the header of {System.IO.Path.GetFileName(file.Path)} is no JSON object", "FILE");
    }
}
