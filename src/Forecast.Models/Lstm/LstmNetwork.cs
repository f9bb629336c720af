using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Lstm;

/// <summary>
/// Windows in, quantiles out, all in units of the window:
/// median = linear(z) + skip(z) + head_0(state), and each further quantile a positive step away from the one nearer to the median, so that they cannot
/// cross. The first term is a linear autoregression that was solved before, of the series itself or of the panel, and
/// stays as it is; skip and recurrence learn what it does not say.
/// </summary>
public sealed class LstmNetwork : nn.Module<Tensor, Tensor?, Tensor, Tensor>
{
    /// <summary>Scale of the steps between quantiles before training, in units of the window.</summary>
    private const double StartingSpread = 0.5;

    /// <summary>Steps up to which all scores at once are less work than chunks.</summary>
    private const int MostParallelSteps = 64;

    private readonly LstmShape _shape;
    private readonly int _middle;
    private readonly Linear embed;
    private readonly ModuleList<LSTM> layers;
    private readonly XlstmStack? stack;
    private readonly XlstmLargeStack? large;
    private readonly ModuleList<SeededDropout> dropouts;
    private readonly Linear? known;
    private readonly Linear head;
    private readonly Linear skip;
    private readonly Tensor linear;

    /// <param name="shape">Sizes.</param>
    /// <param name="series">Series that may have a linear autoregression of their own; the last one of [series + 1] is the panel's.</param>
    public LstmNetwork(LstmShape shape, int series)
        : base(nameof(LstmNetwork))
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = shape;
        _middle = shape.Levels.ToList().IndexOf(0.5);
        embed = nn.Linear(shape.Patch * shape.PastChannels, shape.Hidden);
        var layered = shape.Stack is null ? shape.Layers : 0;
        layers = nn.ModuleList<LSTM>([.. Enumerable.Range(0, layered).Select(_ => nn.LSTM(shape.Hidden, shape.Hidden, batchFirst: true))]);
        stack = shape.Stack is { Large: false } blocks ? new XlstmStack(blocks.Config(shape.Hidden)) : null;
        large = shape.Stack is { Large: true } published ? new XlstmLargeStack(published.LargeConfig(shape.Hidden)) : null;
        dropouts = nn.ModuleList<SeededDropout>([.. Enumerable.Range(0, Math.Max(1, layered)).Select(i => new SeededDropout(shape.Dropout, $"layer {i}"))]);
        var state = shape.Hidden;
        if (shape.Features.FutureChannels > 0)
        {
            known = nn.Linear(shape.Horizon * shape.Features.FutureChannels, shape.Hidden);
            state += shape.Hidden;
        }

        head = nn.Linear(state, shape.Horizon * shape.Levels.Count);
        skip = nn.Linear(shape.Lookback, shape.Horizon);
        linear = zeros([series + 1, shape.Lookback + 1, shape.Horizon]);
        RegisterComponents();
    }

    /// <summary>
    /// Draws the weights, takes over linear autoregressions that were solved before, and sets the head to quantiles a normal law would
    /// have around them: training begins at the linear forecast.
    /// </summary>
    internal void Start(ulong seed, LinearStart start)
    {
        InitialWeights.Draw(this, seed);
        if (stack is not null) XlstmStart.Draw(stack, _shape.Stack!.Config(_shape.Hidden), seed);
        if (large is not null) XlstmStart.Draw(large, _shape.Stack!.LargeConfig(_shape.Hidden), seed);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var size = start.Shared.Length;
        var solved = new float[(start.Own.Count + 1) * size];
        for (var s = 0; s <= start.Own.Count; s++)
        {
            var from = s < start.Own.Count ? start.Own[s] ?? start.Shared : start.Shared;
            for (var i = 0; i < size; i++) solved[(s * size) + i] = (float)from[i];
        }

        linear.copy_(tensor(solved, linear.shape));
        skip.weight!.zero_();
        skip.bias!.zero_();
        head.weight!.mul_(0.1);
        head.bias!.copy_(tensor(QuantileSteps.Normal(_shape.Levels, StartingSpread)).repeat(_shape.Horizon));
    }

    /// <param name="input1">[B, L, C] of <see cref="WindowBatch.Past"/>.</param>
    /// <param name="input2">[B, H, D] of <see cref="WindowBatch.Future"/>, or null.</param>
    /// <param name="input3">[B] of <see cref="WindowBatch.Series"/>; the number of series stands for one that was not trained on.</param>
    /// <returns>[B, H, K].</returns>
    public override Tensor forward(Tensor input1, Tensor? input2, Tensor input3)
    {
        ArgumentNullException.ThrowIfNull(input1);
        using var scope = NewDisposeScope();
        var batch = input1.shape[0];
        var steps = embed.call(input1.reshape(batch, _shape.Lookback / _shape.Patch, _shape.Patch * _shape.PastChannels));
        if (stack is not null)
        {
            var form = steps.shape[1] <= MostParallelSteps ? MlstmForm.Parallel : MlstmForm.Chunkwise;
            steps = dropouts[0].call(stack.Run(steps, null, form).Output);
        }

        if (large is not null) steps = dropouts[0].call(large.Run(steps, null, MlstmForm.Chunkwise).Output);
        for (var i = 0; i < layers.Count; i++)
        {
            var (output, _, _) = layers[i].call(steps);
            steps = dropouts[i].call(output);
        }

        var state = steps.select(1, -1);
        if (known is not null) state = cat([state, known.call(input2!.reshape(batch, -1)).relu()], -1);
        var raw = head.call(state).reshape(batch, _shape.Horizon, _shape.Levels.Count);
        var z = input1.select(2, 0);
        var median = raw.narrow(-1, _middle, 1) + (Linear(z, input3) + skip.call(z)).unsqueeze(-1);
        return QuantileSteps.Quantiles(raw, median, _middle).MoveToOuterDisposeScope();
    }

    /// <summary>[B, H]: the autoregression of each window's series.</summary>
    private Tensor Linear(Tensor z, Tensor series)
    {
        var own = linear.index_select(0, series);
        return z.unsqueeze(1).bmm(own.narrow(1, 0, _shape.Lookback)).squeeze(1) + own.select(1, _shape.Lookback);
    }
}
