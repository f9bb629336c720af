using System.Diagnostics;
using Forecast.Models.Ttm;
using static TorchSharp.torch;

namespace Forecast.TtmBenchmark;

/// <summary>Errors over all test windows and channels, and what it took to forecast them: seconds of the clock, and of all processors together, which others on the machine disturb less.</summary>
internal sealed record Score(double Mse, double Mae, double Seconds, double CpuSeconds);

/// <summary>Forecasts every test window, some at a time, on several threads that each run operators by themselves.</summary>
internal static class Evaluation
{
    public static Score Run(TtmNetwork network, EttData data, int threads, int batch)
    {
        var (context, horizon) = (network.Config.ContextLength, network.Config.Horizon);
        var windows = EttData.TestWindows(horizon);
        var start = EttData.TestStart(context);
        var batches = Enumerable.Range(0, (windows + batch - 1) / batch).Select(b => (First: b * batch, Count: Math.Min(batch, windows - (b * batch)))).ToArray();
        var (squares, absolutes) = (new double[batches.Length], new double[batches.Length]);
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        Parallel.For(0, batches.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, b =>
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var (first, count) = batches[b];
            var past = Window(data, start + first, count, context);
            var forecast = network.Run(new TtmInput(past)).Forecast.data<float>().ToArray();
            var i = 0;
            for (var w = 0; w < count; w++)
            {
                for (var h = 0; h < horizon; h++)
                {
                    var actual = data.Rows[start + first + w + context + h];
                    for (var c = 0; c < data.Channels; c++)
                    {
                        var e = (double)actual[c] - forecast[i++];
                        squares[b] += e * e;
                        absolutes[b] += Math.Abs(e);
                    }
                }
            }
        });
        var (seconds, cpuSeconds) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var values = (double)windows * horizon * data.Channels;
        return new Score(squares.Sum() / values, absolutes.Sum() / values, seconds, cpuSeconds);
    }

    private static Tensor Window(EttData data, int start, int count, int rows)
    {
        var values = new float[count * rows * data.Channels];
        for (var w = 0; w < count; w++)
        {
            for (var t = 0; t < rows; t++) data.Rows[start + w + t].CopyTo(values, ((w * rows) + t) * data.Channels);
        }

        return tensor(values, [count, rows, data.Channels]);
    }
}
