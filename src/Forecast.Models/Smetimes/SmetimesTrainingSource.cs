using Forecast.Core.Data;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>Windows to learn from, in units of their series.</summary>
/// <param name="Window">[B, S n].</param>
/// <param name="Targets">[B, S n]: the window a segment later.</param>
/// <param name="Observed">[B, S n], 1 where a target was observed.</param>
/// <param name="Prompts">[B, S, d]; null without prompts.</param>
internal sealed record SegmentBatch(Tensor Window, Tensor Targets, Tensor Observed, Tensor? Prompts);

/// <summary>The windows of a panel, each with the embeddings of its segments' prompts, which are worked out once.</summary>
internal sealed class SmetimesTrainingSource : ITrainingSource<SegmentBatch>, IDisposable
{
    private const int MostValidation = 2000;

    private readonly PanelTensor _panel;
    private readonly SmetimesShape _shape;
    private readonly (int Series, int Origin)[] _training;
    private readonly (int Series, int Origin)[] _validation;

    /// <summary>For each row of the buffer that begins a segment, its place in the table; else -1.</summary>
    private readonly long[] _places;
    private readonly Tensor? _table;

    /// <param name="panel">The buffer.</param>
    /// <param name="series">Its series.</param>
    /// <param name="shape">Segments and windows.</param>
    /// <param name="split">Windows to learn from and to judge by.</param>
    /// <param name="backbone">Null where nothing is put into words.</param>
    /// <param name="cancellation">Of putting segments into words.</param>
    public SmetimesTrainingSource(PanelTensor panel, IReadOnlyList<SeriesView> series, SmetimesShape shape, WindowSplit split, Backbone? backbone, CancellationToken cancellation)
    {
        (_panel, _shape) = (panel, shape);
        _training = Windows(split.Training, series);
        var judged = Windows(split.Validation, series);
        _validation = [.. judged.Where((_, i) => i % Math.Max(1, (judged.Length + MostValidation - 1) / MostValidation) == 0)];
        _places = new long[panel.Values.shape[1]];
        Array.Fill(_places, -1);
        if (shape.Prompts != PromptKind.None) _table = Embed(series, backbone!, cancellation);
    }

    public int Count => _training.Length;

    public int ValidationCount => _validation.Length;

    public SegmentBatch Load(ReadOnlySpan<int> windows) => Gather(windows, _training);

    public SegmentBatch LoadValidation(ReadOnlySpan<int> windows) => Gather(windows, _validation);

    public void Dispose() => _table?.Dispose();

    /// <summary>Every stride-th window, counted from the latest, so that windows share their segments.</summary>
    private (int Series, int Origin)[] Windows(IReadOnlyList<WindowRange> ranges, IReadOnlyList<SeriesView> series) =>
        [.. ranges.SelectMany(r => Enumerable.Range(r.First, r.Count).Where(o => (series[r.Series].Length - 1 - o) % _shape.Stride == 0).Select(o => (r.Series, o)))];

    private Tensor Embed(IReadOnlyList<SeriesView> series, Backbone backbone, CancellationToken cancellation)
    {
        var texts = new List<string>();
        foreach (var own in _training.Concat(_validation).GroupBy(w => w.Series))
        {
            var writer = new PromptWriter(_shape.Prompts, series[own.Key], _panel.Means[own.Key], _panel.Scales[own.Key], 0);
            var target = series[own.Key].Target;
            foreach (var (_, origin) in own)
            {
                for (var s = 0; s < _shape.Segments; s++)
                {
                    var first = origin + 1 - ((_shape.Segments - s) * _shape.Segment);
                    ref var place = ref _places[_panel.Starts[own.Key] + first];
                    if (place >= 0) continue;
                    place = texts.Count;
                    texts.Add(writer.Write(first, target.Slice(first, _shape.Segment)));
                }
            }
        }

        return backbone.Embed(texts, cancellation).DetachFromDisposeScope();
    }

    private SegmentBatch Gather(ReadOnlySpan<int> numbers, (int Series, int Origin)[] windows)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (rows, segment) = (_shape.Rows, _shape.Segment);
        var (starts, places) = (new long[numbers.Length], new long[numbers.Length * _shape.Segments]);
        for (var i = 0; i < starts.Length; i++)
        {
            var (series, origin) = windows[numbers[i]];
            starts[i] = _panel.Starts[series] + origin - rows + 1;
            for (var s = 0; s < _shape.Segments; s++) places[(i * _shape.Segments) + s] = _places[starts[i] + (s * segment)];
        }

        var device = _panel.Values.device;
        var index = tensor(starts, [starts.Length, 1], device: device) + arange(rows + segment, device: device);
        var both = _panel.Values.narrow(0, 0, 2).index_select(1, index.reshape(-1)).reshape(2, starts.Length, rows + segment);
        var prompts = _table?.index_select(0, tensor(places, device: device)).reshape(starts.Length, _shape.Segments, -1);
        return new SegmentBatch(
            both.select(0, 0).narrow(1, 0, rows).contiguous().MoveToOuterDisposeScope(),
            both.select(0, 0).narrow(1, segment, rows).contiguous().MoveToOuterDisposeScope(),
            both.select(0, 1).narrow(1, segment, rows).contiguous().MoveToOuterDisposeScope(),
            prompts?.MoveToOuterDisposeScope());
    }
}
