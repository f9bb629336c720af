using static TorchSharp.torch;

namespace Forecast.Models.Verification;

/// <summary>What a network gave, by the names of the golden file. Values are read at once: the tensors may go afterwards.</summary>
public sealed class GoldenResults
{
    private readonly Dictionary<string, (long[] Shape, double[] Values)> _results = new(StringComparer.Ordinal);

    /// <summary>A final result.</summary>
    /// <param name="name">Without <c>golden.output.</c>.</param>
    /// <param name="value">Of any real type, on any device.</param>
    public void Output(string name, Tensor value) => Add(GoldenFile.OutputPrefix + name, value);

    /// <summary>A scalar that was computed outside tensors.</summary>
    /// <param name="name">Without <c>golden.output.</c>.</param>
    /// <param name="value">The number.</param>
    public void Output(string name, double value) => _results[GoldenFile.OutputPrefix + name] = ([], [value]);

    /// <summary>An intermediate result.</summary>
    /// <param name="name">Without <c>golden.mid.</c>.</param>
    /// <param name="value">Of any real type, on any device.</param>
    public void Mid(string name, Tensor value) => Add(GoldenFile.MidPrefix + name, value);

    /// <summary><c>train.gradnorm.NAME</c> of every parameter that has a gradient: its L2 norm.</summary>
    public void GradientNorms(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (parameter.grad is not { } gradient) continue;
            using var scope = NewDisposeScope();
            Output($"train.gradnorm.{name}", Math.Sqrt(gradient.detach().to(ScalarType.Float64).square().sum().item<double>()));
        }
    }

    internal bool TryGet(string name, out (long[] Shape, double[] Values) result) => _results.TryGetValue(name, out result);

    internal static double[] Host(Tensor value)
    {
        using var scope = NewDisposeScope();
        return value.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    private void Add(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _results[name] = (value.shape, Host(value));
    }
}
