using System.Diagnostics;
using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Training;
using NodaTime;
using TorchSharp;

namespace Forecast.TirexBenchmark;

/// <summary>Zero-shot forecasts through the seam that every caller uses.</summary>
internal static class Forecasts
{
    private const int MostRepeats = 50;
    private const int LeastRepeats = 3;

    public static Row Run(Settings settings, int context, int horizon, int batch)
    {
        var patches = ((horizon + 31) / 32).ToString(CultureInfo.InvariantCulture);
        var model = ModelCatalogue.Default.Create($"tirex{{weights: random, precision: {settings.Precision}, patches: {patches}, batch: {batch}}}");
        var random = new Random(1);
        var times = Enumerable.Range(0, context).Select(t => Frequency.Index.Add(Instant.FromUnixTimeSeconds(0), t, TradingCalendar.AlwaysOpen)).ToArray();
        var series = Enumerable.Range(0, batch).Select(i => TimeSeries.Univariate($"s{i}", Frequency.Index, times, [.. times.Select(_ => random.NextDouble())]));
        var history = new Panel([.. series]).AsOf(Instant.MaxValue);
        var fitted = model.Fit(history, new ForecastTask(horizon, ForecastTask.DefaultLevels), new FitContext(1) { Device = settings.Device });
        var seconds = Median(settings, () => fitted.Predict(KnownFuture.None, horizon, 1));
        return new Row($"forecast {settings.Precision}", $"context {context}, horizon {horizon}, batch {batch}", batch / seconds, seconds);
    }

    /// <summary>
    /// Operations of one series, 10^9: for each patch 2 x 12 x (2 x 128 x 2,048 of the maps and the recurrence + 3 x 512 x 1,408), and the maps in
    /// front of the blocks; for each forecast patch those behind them.
    /// </summary>
    public static double Operations(int context, int horizon)
    {
        var read = (horizon + 31) / 32;
        var patches = ((context + 31) / 32) + read - 1;
        const double Blocks = 12.0 * ((2 * 128 * 2048) + (3 * 512 * 1408)), Front = (64 * 2048) + (2048 * 512) + (64 * 512), Behind = (512 * 2048) + (2048 * 288) + (512 * 288);
        return 2e-9 * ((patches * (Blocks + Front)) + (read * Behind));
    }

    /// <summary>The rate of a product of two square float32 matrices.</summary>
    public static Row Rate(Settings settings)
    {
        const int Size = 1024;
        using var scope = torch.NewDisposeScope();
        var a = torch.randn(Size, Size, device: torch.device(TorchDevice.Resolve(settings.Device)));
        var seconds = Median(settings, () =>
        {
            using var product = a.matmul(a);
            using var last = product.narrow(0, 0, 1).cpu();
        });
        return new Row("float32 product", $"{Size} x {Size} x {Size}", 2e-9 * Size * Size * Size / seconds, seconds);
    }

    /// <summary>Seconds of one run: the median of as many as fit into the time, after one that counts for nothing.</summary>
    public static double Median(Settings settings, Action run)
    {
        run();
        var times = new List<double>();
        while (times.Count < LeastRepeats || (times.Sum() < settings.Least && times.Count < MostRepeats))
        {
            var watch = Stopwatch.StartNew();
            run();
            times.Add(watch.Elapsed.TotalSeconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }
}
