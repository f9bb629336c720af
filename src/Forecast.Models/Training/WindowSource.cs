namespace Forecast.Models.Training;

/// <summary>The windows of a panel as a trainer wants them, numbered through all series.</summary>
public sealed class WindowSource : ITrainingSource<WindowBatch>
{
    private readonly WindowGatherer _gatherer;
    private readonly PanelTensor _panel;
    private readonly int _lookback;
    private readonly Numbered _training;
    private readonly Numbered _validation;
    private readonly int _stride;

    /// <param name="gatherer">Makes batches.</param>
    /// <param name="panel">The buffer that it reads.</param>
    /// <param name="split">Windows to learn from and to judge by.</param>
    /// <param name="lookback">L.</param>
    /// <param name="validationWindows">Windows to judge by at most, evenly spread.</param>
    public WindowSource(WindowGatherer gatherer, PanelTensor panel, WindowSplit split, int lookback, int validationWindows = 2000)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(split);
        _gatherer = gatherer;
        _panel = panel;
        _lookback = lookback;
        _training = new Numbered(split.Training);
        _validation = new Numbered(split.Validation);
        _stride = Math.Max(1, (_validation.Count + validationWindows - 1) / validationWindows);
    }

    public int Count => _training.Count;

    public int ValidationCount => (_validation.Count + _stride - 1) / _stride;

    public WindowBatch Load(ReadOnlySpan<int> windows) => Gather(windows, _training, 1);

    public WindowBatch LoadValidation(ReadOnlySpan<int> windows) => Gather(windows, _validation, _stride);

    private WindowBatch Gather(ReadOnlySpan<int> windows, Numbered numbered, int stride)
    {
        var (starts, places) = (new long[windows.Length], new long[windows.Length]);
        for (var i = 0; i < windows.Length; i++)
        {
            var (series, origin) = numbered[windows[i] * stride];
            places[i] = series;
            starts[i] = _panel.Starts[series] + origin - _lookback + 1;
        }

        return _gatherer.Gather(starts, places);
    }

    /// <summary>Ranges of windows as one row of numbers.</summary>
    private sealed class Numbered
    {
        private readonly WindowRange[] _ranges;
        private readonly int[] _ends;

        public Numbered(IEnumerable<WindowRange> ranges)
        {
            _ranges = [.. ranges.Where(r => r.Count > 0)];
            _ends = new int[_ranges.Length];
            for (var i = 0; i < _ranges.Length; i++) _ends[i] = Count = checked(Count + _ranges[i].Count);
        }

        public int Count { get; }

        public (int Series, int Origin) this[int number]
        {
            get
            {
                var found = Array.BinarySearch(_ends, number);
                var at = found >= 0 ? found + 1 : ~found;
                return (_ranges[at].Series, _ranges[at].Last - (_ends[at] - 1 - number));
            }
        }
    }
}
