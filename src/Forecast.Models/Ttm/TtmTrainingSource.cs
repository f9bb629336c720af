using Forecast.Core.Time;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Windows to learn from, in units of their series.</summary>
/// <param name="Input">What the network reads: [B, L, 1].</param>
/// <param name="Targets">[B, H].</param>
/// <param name="Observed">[B, H], 1 = observed.</param>
internal sealed record TtmBatch(TtmInput Input, Tensor Targets, Tensor Observed);

/// <summary>The windows of a panel as the network reads them: gaps are 0, the series' mean, and marked.</summary>
internal sealed class TtmTrainingSource(PanelTensor panel, TtmConfig config, WindowSplit split, Frequency frequency) : ITrainingSource<TtmBatch>
{
    private const int MostValidation = 2000;

    private readonly (int Series, int Origin)[] _training = Windows(split.Training, 1);
    private readonly (int Series, int Origin)[] _validation = Windows(split.Validation, Math.Max(1, (split.ValidationCount + MostValidation - 1) / MostValidation));

    public int Count => _training.Length;

    public int ValidationCount => _validation.Length;

    public TtmBatch Load(ReadOnlySpan<int> windows) => Gather(windows, _training);

    public TtmBatch LoadValidation(ReadOnlySpan<int> windows) => Gather(windows, _validation);

    private static (int Series, int Origin)[] Windows(IReadOnlyList<WindowRange> ranges, int stride) =>
        [.. ranges.SelectMany(r => Enumerable.Range(r.First, r.Count).Select(o => (r.Series, o))).Where((_, i) => i % stride == 0)];

    private TtmBatch Gather(ReadOnlySpan<int> numbers, (int Series, int Origin)[] windows)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (length, horizon) = (config.ContextLength, config.Horizon);
        var starts = new long[numbers.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            var (series, origin) = windows[numbers[i]];
            starts[i] = panel.Starts[series] + origin - length + 1;
        }

        var device = panel.Values.device;
        var rows = tensor(starts, [starts.Length, 1], device: device) + arange(length + horizon, device: device);
        var both = panel.Values.narrow(0, 0, 2).index_select(1, rows.reshape(-1)).reshape(2, starts.Length, length + horizon);
        var (values, observed) = (both.select(0, 0) * both.select(0, 1), both.select(0, 1));
        var input = new TtmInput(values.narrow(1, 0, length).unsqueeze(-1).MoveToOuterDisposeScope())
        {
            Observed = observed.narrow(1, 0, length).unsqueeze(-1).MoveToOuterDisposeScope(),
            Frequency = TtmFrequencies.Tokens(config, frequency, starts.Length, device)?.MoveToOuterDisposeScope(),
        };
        return new TtmBatch(input, values.narrow(1, length, horizon).MoveToOuterDisposeScope(), observed.narrow(1, length, horizon).MoveToOuterDisposeScope());
    }
}
