using System.Diagnostics.CodeAnalysis;
using Forecast.Core;

namespace Forecast.Models.Weights;

/// <summary>How a file of weights is written.</summary>
public enum WeightFormat
{
    /// <summary>A <c>.safetensors</c> file: a JSON header and the raw values.</summary>
    Safetensors,

    /// <summary>A JSON index with several files of weights beside it.</summary>
    Sharded,

    /// <summary>PyTorch's zip archive with a pickle (<c>.pt</c>, <c>.pth</c>, <c>.ckpt</c>, <c>.bin</c>).</summary>
    Checkpoint,
}

/// <summary>
/// An open file of named tensors. Reading it runs nothing and copies nothing; close it when the bytes are no longer looked at.
/// </summary>
public interface IWeightFile : IDisposable
{
    /// <summary>The file, as it was asked for.</summary>
    string Path { get; }

    WeightFormat Format { get; }

    /// <summary>Tensor names in the order of the file.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>
    /// What the file says beside tensors: the header's <c>__metadata__</c>; for a checkpoint its other entries, each as JSON text
    /// (<c>hyper_parameters</c> among them).
    /// </summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="ForecastException">No tensor has this name.</exception>
    WeightTensor this[string name] { get; }

    bool TryGet(string name, [MaybeNullWhen(false)] out WeightTensor tensor);
}
