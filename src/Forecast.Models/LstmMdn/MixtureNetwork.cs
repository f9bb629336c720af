using Forecast.Core.Numerics;
using Forecast.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.LstmMdn;

/// <summary>
/// A recurrent network whose last state gives a Gaussian mixture a step: logits, means and deviations by three linear maps (Bishop
/// 1994). Weights are named <c>lstm.weight_ih_l0 ... dense.weight pi.weight mu.weight sigma.weight</c>.
/// </summary>
public sealed class MixtureNetwork : nn.Module<Tensor, (Tensor LogPi, Tensor Mu, Tensor Sigma)>
{
    private readonly MixtureShape _shape;
    private readonly nn.Module lstm;
    private readonly Linear? dense;
    private readonly Linear pi;
    private readonly Linear mu;
    private readonly Linear sigma;

    public MixtureNetwork(MixtureShape shape)
        : base(nameof(MixtureNetwork))
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rectified && shape.Layers != 1) throw new ArgumentException("the rectified cell has one layer", nameof(shape));
        _shape = shape;
        lstm = shape.Rectified ? new RectifiedLstm(shape.Features, shape.Hidden) : nn.LSTM(shape.Features, shape.Hidden, shape.Layers, batchFirst: true);
        if (shape.Dense > 0) dense = nn.Linear(shape.Hidden, shape.Dense);
        var outputs = shape.Steps * shape.Components;
        pi = nn.Linear(shape.Top, outputs);
        mu = nn.Linear(shape.Top, outputs);
        sigma = nn.Linear(shape.Top, outputs);
        RegisterComponents();
    }

    /// <param name="input">[B, T, F].</param>
    /// <returns>Logarithms of the weights, means and deviations, each [B, steps, k].</returns>
    public override (Tensor LogPi, Tensor Mu, Tensor Sigma) forward(Tensor input)
    {
        var (logits, means, deviations) = Raw(input);
        using (logits) return (logits.log_softmax(-1), means, deviations);
    }

    /// <summary>As <see cref="forward"/>, with the logits themselves, which the published regulariser looks at.</summary>
    internal (Tensor Logits, Tensor Mu, Tensor Sigma) Raw(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var state = lstm is RectifiedLstm rectified ? rectified.call(input) : Recur(input).Output.select(1, -1);
        if (dense is not null) state = dense.call(state).relu();
        long[] shape = [input.shape[0], _shape.Steps, _shape.Components];
        var raw = sigma.call(state).reshape(shape);
        var deviations = _shape.Link == DeviationLink.Softplus ? raw.softplus() + MixtureShape.SoftplusFloor : raw.elu() + (1 + MixtureShape.EluFloor);
        return (pi.call(state).reshape(shape).MoveToOuterDisposeScope(), mu.call(state).reshape(shape).MoveToOuterDisposeScope(), deviations.MoveToOuterDisposeScope());
    }

    /// <summary>The recurrent layers alone, with hyperbolic tangents: states of the top layer [B, T, hidden], last states and cells [layers, B, hidden].</summary>
    internal (Tensor Output, Tensor Hidden, Tensor Cell) Recur(Tensor input) => ((LSTM)lstm).call(input);

    /// <summary>Draws the weights: linear and recurrent layers by PyTorch's laws, from our own random numbers.</summary>
    internal void Start(ulong seed)
    {
        InitialWeights.Draw(this, seed);
        if (lstm is RectifiedLstm rectified) InitialWeights.Uniform(rectified, Seeds.Derive(seed, "lstm"), 1 / Math.Sqrt(_shape.Hidden));
    }

    /// <summary>Draws the weights, and sets the heads to give, whatever the input, nearly the given mixture.</summary>
    /// <param name="seed">Of the draws.</param>
    /// <param name="mixture">k components; the first step's and every other's.</param>
    internal void Start(ulong seed, GaussianMixture mixture)
    {
        Start(seed);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Set(pi, [.. mixture.Weights.Select(w => Math.Log(Math.Max(w, 1e-6)))]);
        Set(mu, mixture.Means);
        Set(sigma, [.. mixture.Deviations.Select(_shape.Unlinked)]);
    }

    private void Set(Linear head, IReadOnlyList<double> values)
    {
        head.weight!.mul_(0.01);
        var bias = new float[_shape.Steps * _shape.Components];
        for (var i = 0; i < bias.Length; i++) bias[i] = (float)values[i % _shape.Components];
        head.bias!.copy_(tensor(bias));
    }
}
