using System.Diagnostics.CodeAnalysis;
using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>What all kinds of files share: tensors by name, and the memory they look into.</summary>
internal sealed class WeightTable(
    string path, WeightFormat format, IReadOnlyList<WeightTensor> tensors, Lazy<IReadOnlyDictionary<string, string>> metadata, IReadOnlyList<IDisposable> owners) : IWeightFile
{
    private readonly Dictionary<string, WeightTensor> _byName = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);

    public string Path => path;

    public WeightFormat Format => format;

    public IReadOnlyList<string> Names { get; } = [.. tensors.Select(t => t.Name)];

    public IReadOnlyDictionary<string, string> Metadata => metadata.Value;

    public WeightTensor this[string name] => TryGet(name, out var tensor)
        ? tensor
        : throw new ForecastException("weight-missing", $"{System.IO.Path.GetFileName(path)} has no tensor {WeightErrors.Quote(name)}", name);

    public bool TryGet(string name, [MaybeNullWhen(false)] out WeightTensor tensor) => _byName.TryGetValue(name, out tensor);

    public void Dispose()
    {
        foreach (var owner in owners) owner.Dispose();
    }
}
