using Forecast.Core.Data;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// A panel as one contiguous float32 buffer [channels, rows] on a device, the series one after another, from which the windows of a
/// batch are gathered by the numbers of their rows: no window is stored, and no more is copied than a batch holds.
/// </summary>
/// <remarks>
/// Channels: target (each series shifted and scaled once, in double precision, by its own mean and deviation, which only keeps float32
/// from losing digits: every window is scaled again, so that the network never sees these numbers), observed 0/1, past covariates
/// (gaps filled, scaled as the target is), then what is known ahead (future covariates, calendar; NaN = 0 after scaling).
/// </remarks>
public sealed class PanelTensor : IDisposable
{
    private readonly float[] _host;
    private readonly int _rows;

    private PanelTensor(int channels, int rows, int series)
    {
        _host = new float[(long)channels * rows];
        _rows = rows;
        Channels = channels;
        Starts = new int[series];
        Lengths = new int[series];
        Means = new double[series];
        Scales = new double[series];
        Values = null!;
    }

    /// <summary>[channels, rows].</summary>
    public Tensor Values { get; private set; }

    public int Channels { get; }

    /// <summary>First row of each series.</summary>
    public int[] Starts { get; }

    /// <summary>Rows of each series that are history.</summary>
    public int[] Lengths { get; }

    /// <summary>Mean of each series' target, in its unit.</summary>
    public double[] Means { get; }

    /// <summary>Deviation of each series' target, in its unit; 1 where it is constant.</summary>
    public double[] Scales { get; }

    /// <summary>Whether some target value is missing.</summary>
    public bool HasGaps { get; private set; }

    /// <param name="series">The panel.</param>
    /// <param name="features">What is read.</param>
    /// <param name="scaling">Of the channels known ahead, fixed at the fit.</param>
    /// <param name="device">Where the buffer lies.</param>
    /// <param name="future">Known-future values for <paramref name="horizon"/> rows that are added after each series; null = none are added.</param>
    /// <param name="horizon">Rows added.</param>
    /// <exception cref="Core.ForecastException">A future covariate that is not known for every added row.</exception>
    public static PanelTensor Build(IReadOnlyList<SeriesView> series, PanelFeatures features, FutureScaling scaling, Device device, KnownFuture? future = null, int horizon = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(scaling);
        var added = future is null ? 0 : horizon;
        var panel = new PanelTensor(2 + features.Past.Count + features.FutureChannels, series.Sum(s => s.Length + added), series.Count);
        var row = 0;
        for (var i = 0; i < series.Count; i++)
        {
            (panel.Starts[i], panel.Lengths[i]) = (row, series[i].Length);
            panel.WriteTarget(series[i], i, row);
            for (var c = 0; c < features.Past.Count; c++) panel.WritePast(series[i].Values(features.Past[c]), 2 + c, row);
            panel.WriteFuture(series[i], features, scaling, row, future, added);
            row += series[i].Length + added;
        }

        using var host = tensor(panel._host, [panel.Channels, panel._rows]);
        panel.Values = host.to(device, copy: true).DetachFromDisposeScope();
        return panel;
    }

    public void Dispose() => Values.Dispose();

    private Span<float> Channel(int channel, int row, int count) => _host.AsSpan((channel * _rows) + row, count);

    private void WriteTarget(SeriesView series, int i, int row)
    {
        var y = series.Target;
        (Means[i], Scales[i]) = Moments(y);
        Scale(y, Means[i], Scales[i], Channel(0, row, y.Length));
        var seen = Channel(1, row, y.Length);
        for (var t = 0; t < y.Length; t++)
        {
            seen[t] = double.IsNaN(y[t]) ? 0 : 1;
            HasGaps |= double.IsNaN(y[t]);
        }
    }

    private void WritePast(ReadOnlySpan<double> x, int channel, int row)
    {
        var (mean, scale) = Moments(x);
        Scale(x, mean, scale, Channel(channel, row, x.Length));
    }

    private void WriteFuture(SeriesView series, PanelFeatures features, FutureScaling scaling, int row, KnownFuture? future, int added)
    {
        var first = Channels - features.FutureChannels;
        for (var c = 0; c < features.Future.Count; c++)
        {
            var past = series.Values(features.Future[c]);
            var target = Channel(first + c, row, past.Length + added);
            for (var t = 0; t < past.Length; t++) target[t] = scaling.Apply(c, past[t]);
            if (added == 0) continue;
            var ahead = future![series.Id].Require(features.Future[c], added, series.Id);
            for (var h = 0; h < added; h++) target[past.Length + h] = scaling.Apply(c, ahead[h]);
        }

        if (!features.Calendar) return;
        Span<float> place = stackalloc float[6];
        var later = added == 0 ? [] : series.FutureTimes(added);
        for (var t = 0; t < series.Length + added; t++)
        {
            PanelFeatures.WriteCalendar(t < series.Length ? series.Times[t] : later[t - series.Length], place);
            for (var k = 0; k < 6; k++) _host[((first + features.Future.Count + k) * _rows) + row + t] = place[k];
        }
    }

    /// <summary>Scaled values, gaps filled with the value before (the first one, at the start; 0 when there is none).</summary>
    private static void Scale(ReadOnlySpan<double> x, double mean, double scale, Span<float> target)
    {
        var last = 0f;
        foreach (var v in x)
        {
            if (double.IsNaN(v)) continue;
            last = (float)((v - mean) / scale);
            break;
        }

        for (var t = 0; t < x.Length; t++)
        {
            if (!double.IsNaN(x[t])) last = (float)((x[t] - mean) / scale);
            target[t] = last;
        }
    }

    internal static (double Mean, double Scale) Moments(ReadOnlySpan<double> x)
    {
        double sum = 0, squares = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        var count = 0;
        foreach (var v in x)
        {
            if (double.IsNaN(v)) continue;
            sum += v;
            count++;
            (least, most) = (Math.Min(least, v), Math.Max(most, v));
        }

        if (count == 0) return (0, 1);
        if (least == most) return (least, 1);
        var mean = sum / count;
        foreach (var v in x) squares += double.IsNaN(v) ? 0 : (v - mean) * (v - mean);
        var sd = Math.Sqrt(squares / count);
        return (mean, sd > 0 ? sd : 1);
    }
}
