using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// The weights of a recurrent layer in the order ATen wants them (for each layer and direction: input-to-hidden, hidden-to-hidden,
/// and their biases) under PyTorch's names, and the flat buffer that cuDNN reads them from.
/// </summary>
internal sealed class RecurrentWeights
{
    /// <summary>cuDNN's numbers for the kinds of cell.</summary>
    internal enum Cell
    {
        Lstm = 2,
        Gru = 3,
    }

    private readonly Cell _cell;

    internal RecurrentWeights(nn.Module owner, Cell cell, long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout,
        bool bidirectional, Device? device, ScalarType? dtype)
    {
        Arguments.Positive(inputSize, nameof(inputSize));
        Arguments.Positive(hiddenSize, nameof(hiddenSize));
        Arguments.Positive(numLayers, nameof(numLayers));
        Arguments.Probability(dropout, nameof(dropout));
        (_cell, InputSize, HiddenSize, Layers) = (cell, inputSize, hiddenSize, numLayers);
        (HasBias, BatchFirst, Dropout, Bidirectional) = (bias, batchFirst, dropout, bidirectional);

        var gates = (cell == Cell.Lstm ? 4 : 3) * hiddenSize;
        var flat = new List<Tensor>();
        for (var layer = 0; layer < numLayers; layer++)
            for (var direction = 0; direction < Directions; direction++)
            {
                var width = layer == 0 ? inputSize : hiddenSize * Directions;
                var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                Add("weight_ih" + suffix, gates, width);
                Add("weight_hh" + suffix, gates, hiddenSize);
                if (!bias) continue;
                Add("bias_ih" + suffix, gates);
                Add("bias_hh" + suffix, gates);
            }
        Flat = [.. flat];

        // Uniform on ±1/√hidden for every tensor, biases included, as PyTorch does.
        var bound = 1.0 / Math.Sqrt(hiddenSize);
        foreach (var tensor in Flat) nn.init.uniform_(tensor, -bound, bound);
        Flatten();

        void Add(string name, params long[] shape)
        {
            var parameter = new Parameter(empty(shape, dtype, device));
            owner.register_parameter(name, parameter);
            flat.Add(parameter);
        }
    }

    internal Tensor[] Flat { get; }

    internal long InputSize { get; }

    internal long HiddenSize { get; }

    internal long Layers { get; }

    internal bool HasBias { get; }

    internal bool BatchFirst { get; }

    internal double Dropout { get; }

    internal bool Bidirectional { get; }

    internal long Directions => Bidirectional ? 2 : 1;

    /// <summary>Lays the weights out as views of one buffer, as cuDNN wants them; otherwise it copies them in every call. Elsewhere a no-op.</summary>
    internal void Flatten()
    {
        if (Flat[0].device_type != DeviceType.CUDA || !NnOps.CudnnTakes(Flat[0])) return;
        using var _ = no_grad();
        NnOps.FlattenForCudnn(Flat, HasBias ? 4 : 2, InputSize, (long)_cell, HiddenSize, Layers, BatchFirst, Bidirectional);
    }

    /// <summary>Checks an input (time, batch, features), batch first if so asked, or (time, features) without a batch.</summary>
    internal void CheckInput(Tensor input)
    {
        var dims = input.dim();
        if (dims is not (2 or 3) || input.shape[^1] != InputSize)
            throw new ArgumentException(
                $"A recurrent layer of input size {InputSize} takes {(BatchFirst ? $"(batch, time, {InputSize})" : $"(time, batch, {InputSize})")} or (time, {InputSize}), not [{string.Join(", ", input.shape)}].",
                nameof(input));
    }

    /// <summary>Checks a state, (layers · directions, batch, hidden), or without the batch when the input has none.</summary>
    internal void CheckState(Tensor input, Tensor state, string name)
    {
        ReadOnlySpan<long> wanted = input.dim() == 2
            ? [Layers * Directions, HiddenSize]
            : [Layers * Directions, input.size(BatchFirst ? 0 : 1), HiddenSize];
        if (!state.shape.AsSpan().SequenceEqual(wanted))
            throw new ArgumentException($"The state {name} has shape [{string.Join(", ", state.shape)}], wanted is [{string.Join(", ", wanted.ToArray())}].", name);
    }

    /// <summary>A state of zeros for a batched input.</summary>
    internal Tensor ZeroState(Tensor input) => zeros([Layers * Directions, input.size(BatchFirst ? 0 : 1), HiddenSize], input.dtype, input.device);
}
