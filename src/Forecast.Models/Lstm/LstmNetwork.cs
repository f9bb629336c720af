using Forecast.Core.Distributions;
using Forecast.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Lstm;

/// <summary>
/// Windows in, quantiles out, all in units of the window:
/// median = skip(z) + head_0(state), and each further quantile a positive step away from the one nearer to the median, so that they cannot
/// cross. The skip is a linear autoregression; the recurrence adds what that cannot say.
/// </summary>
public sealed class LstmNetwork : nn.Module<Tensor, Tensor?, Tensor>
{
    /// <summary>Scale of the steps between quantiles before training, in units of the window.</summary>
    private const double StartingSpread = 0.5;

    private readonly LstmShape _shape;
    private readonly int _middle;
    private readonly Linear embed;
    private readonly ModuleList<LSTM> layers;
    private readonly ModuleList<SeededDropout> dropouts;
    private readonly Linear? known;
    private readonly Linear head;
    private readonly Linear skip;

    public LstmNetwork(LstmShape shape)
        : base(nameof(LstmNetwork))
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        _middle = shape.Levels.ToList().IndexOf(0.5);
        embed = nn.Linear(shape.Patch * shape.PastChannels, shape.Hidden);
        layers = nn.ModuleList<LSTM>([.. Enumerable.Range(0, shape.Layers).Select(_ => nn.LSTM(shape.Hidden, shape.Hidden, batchFirst: true))]);
        dropouts = nn.ModuleList<SeededDropout>([.. Enumerable.Range(0, shape.Layers).Select(i => new SeededDropout(shape.Dropout, $"layer {i}"))]);
        var state = shape.Hidden;
        if (shape.Features.FutureChannels > 0)
        {
            known = nn.Linear(shape.Horizon * shape.Features.FutureChannels, shape.Hidden);
            state += shape.Hidden;
        }

        head = nn.Linear(state, shape.Horizon * shape.Levels.Count);
        skip = nn.Linear(shape.Lookback, shape.Horizon);
        RegisterComponents();
    }

    /// <summary>
    /// Draws the weights, sets the skip to a linear autoregression that was solved before, and the head to quantiles a normal law would
    /// have around it: training begins at the linear forecast.
    /// </summary>
    /// <param name="seed">Of the weights.</param>
    /// <param name="coefficients">[L + 1, H] row by row, the last row the constant.</param>
    public void Start(ulong seed, ReadOnlySpan<double> coefficients)
    {
        InitialWeights.Draw(this, seed);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (lookback, horizon) = (_shape.Lookback, _shape.Horizon);
        var solved = new float[coefficients.Length];
        for (var i = 0; i < solved.Length; i++) solved[i] = (float)coefficients[i];
        var start = tensor(solved, [lookback + 1, horizon]);
        skip.weight!.copy_(start.narrow(0, 0, lookback).t());
        skip.bias!.copy_(start.select(0, lookback));

        var bias = new float[horizon * _shape.Levels.Count];
        for (var i = 0; i < bias.Length; i++) bias[i] = (float)StartingStep(i % _shape.Levels.Count);
        head.weight!.mul_(0.1);
        head.bias!.copy_(tensor(bias));
    }

    /// <param name="input1">[B, L, C] of <see cref="WindowBatch.Past"/>.</param>
    /// <param name="input2">[B, H, D] of <see cref="WindowBatch.Future"/>, or null.</param>
    /// <returns>[B, H, K].</returns>
    public override Tensor forward(Tensor input1, Tensor? input2)
    {
        ArgumentNullException.ThrowIfNull(input1);
        using var scope = NewDisposeScope();
        var batch = input1.shape[0];
        var steps = embed.call(input1.reshape(batch, _shape.Lookback / _shape.Patch, _shape.Patch * _shape.PastChannels));
        for (var i = 0; i < layers.Count; i++)
        {
            var (output, _, _) = layers[i].call(steps);
            steps = dropouts[i].call(output);
        }

        var state = steps.select(1, -1);
        if (known is not null) state = cat([state, known.call(input2!.reshape(batch, -1)).relu()], -1);
        var raw = head.call(state).reshape(batch, _shape.Horizon, _shape.Levels.Count);
        var median = raw.narrow(-1, _middle, 1) + skip.call(input1.select(2, 0)).unsqueeze(-1);
        return Quantiles(raw, median).MoveToOuterDisposeScope();
    }

    private Tensor Quantiles(Tensor raw, Tensor median)
    {
        List<Tensor> parts = [];
        if (_middle > 0) parts.Add(median - raw.narrow(-1, 0, _middle).softplus().flip(-1).cumsum(-1).flip(-1));
        parts.Add(median);
        var above = _shape.Levels.Count - 1 - _middle;
        if (above > 0) parts.Add(median + raw.narrow(-1, _middle + 1, above).softplus().cumsum(-1));
        return cat(parts, -1);
    }

    /// <summary>What softplus turns into the step of a normal law of deviation <see cref="StartingSpread"/>; 0 for the median.</summary>
    private double StartingStep(int level)
    {
        if (level == _middle) return 0;
        var inner = level < _middle ? level + 1 : level - 1;
        var step = StartingSpread * Math.Abs(NormalDistribution.Quantile(_shape.Levels[level]) - NormalDistribution.Quantile(_shape.Levels[inner]));
        return Math.Log(Math.Exp(step) - 1);
    }
}
