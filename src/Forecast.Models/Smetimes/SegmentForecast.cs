using Forecast.Core.Data;
using Forecast.Models.Training;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>The rows of a series up to an origin, and the unit that the network reads them in.</summary>
/// <param name="Series">The series.</param>
/// <param name="Rows">Rows of it that may be read.</param>
/// <param name="Mean">Taken off each value.</param>
/// <param name="Scale">Each is divided by.</param>
internal readonly record struct SegmentWindow(SeriesView Series, int Rows, double Mean, double Scale)
{
    /// <summary>The last <paramref name="rows"/> rows, gaps closed by the value before.</summary>
    public double[] Last(int rows)
    {
        // Only what is missing at the start of the window is looked for before it.
        var window = Series.Target[(Rows - rows)..Rows];
        return Lookback.Filled(double.IsNaN(window[0]) ? Series.Target[..Rows] : window, Series.Id)[^rows..];
    }

    /// <summary>Population standard deviation of those rows, gaps closed; 0 where they do not move.</summary>
    public double Deviation(int rows)
    {
        var y = Last(rows);
        if (Lookback.IsConstant(y)) return 0;
        var mean = y.Average();
        return Math.Sqrt(y.Sum(v => (v - mean) * (v - mean)) / y.Length);
    }
}

/// <summary>Forecasts of many windows at once, segment after segment.</summary>
internal sealed class SegmentForecast(SmetimesNetwork network, SmetimesShape shape, Backbone? backbone)
{
    public const int Batch = 256;

    /// <summary>What stands between encoder and decoder: the language model, or the layer in its place.</summary>
    public static Func<Tensor, Tensor> Through(SmetimesNetwork network, Backbone? backbone) => backbone is null ? network.Attention!.call : backbone.Through;

    /// <param name="windows">Each has at least one segment; as many whole segments are read as all of them have.</param>
    /// <param name="horizon">Steps.</param>
    /// <returns>For each window a forecast a step, in the unit of its series.</returns>
    public double[][] Run(IReadOnlyList<SegmentWindow> windows, int horizon)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var segments = Math.Min(shape.Segments, windows.Min(w => w.Rows) / shape.Segment);
        var rows = segments * shape.Segment;
        var flat = new float[windows.Count * rows];
        for (var i = 0; i < windows.Count; i++)
        {
            var y = windows[i].Last(rows);
            for (var t = 0; t < rows; t++) flat[(i * rows) + t] = (float)((y[t] - windows[i].Mean) / windows[i].Scale);
        }

        var device = network.parameters().First().device;
        var writers = shape.Prompts == PromptKind.None ? [] : windows.Select(w => new PromptWriter(shape.Prompts, w.Series, w.Mean, w.Scale, Ahead(w, horizon))).ToArray();
        var given = network.RollOut(
            tensor(flat, [windows.Count, rows], device: device), Prompts(windows, writers, segments), horizon, Through(network, backbone),
            (step, next) => backbone!.Embed(Texts(windows, writers, step, next)).unsqueeze(1));
        var host = given.cpu().contiguous().data<float>().ToArray();
        return [.. windows.Select((w, i) => Array.ConvertAll(host[(i * horizon)..((i + 1) * horizon)], z => w.Mean + (w.Scale * z)))];
    }

    /// <summary>Rows beyond the series that prompts of forecast segments, and notes about the segments after them, reach into.</summary>
    private int Ahead(SegmentWindow window, int horizon) => Math.Max(0, window.Rows + horizon + (2 * shape.Segment) - window.Series.Length);

    private Tensor? Prompts(IReadOnlyList<SegmentWindow> windows, PromptWriter[] writers, int segments)
    {
        if (writers.Length == 0) return null;
        var texts = windows.SelectMany((w, i) => Enumerable.Range(0, segments).Select(s =>
        {
            var first = w.Rows - ((segments - s) * shape.Segment);
            return writers[i].Write(first, w.Series.Target.Slice(first, shape.Segment));
        })).ToArray();
        return backbone!.Embed(texts).reshape(windows.Count, segments, -1);
    }

    /// <summary>The prompts of a segment that was forecast, from its forecast.</summary>
    private string[] Texts(IReadOnlyList<SegmentWindow> windows, PromptWriter[] writers, int step, Tensor next)
    {
        var host = next.cpu().contiguous().data<float>().ToArray();
        return [.. windows.Select((w, i) =>
        {
            var values = Array.ConvertAll(host[(i * shape.Segment)..((i + 1) * shape.Segment)], z => w.Mean + (w.Scale * z));
            return writers[i].Write(w.Rows + (step * shape.Segment), values);
        })];
    }
}
