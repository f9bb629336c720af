using System.Diagnostics;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Ttm;
using NodaTime;

namespace Forecast.TtmBenchmark;

/// <summary>Fits the weights further on the latest 5 % of the training windows, as the catalogue does, and scores them on the test months.</summary>
internal static class FineTuning
{
    public static void Run(string weights, EttData data, TtmNetwork before, IReadOnlyList<string> modes, int threads, int batch)
    {
        var zero = Evaluation.Run(before, data, threads, batch);
        Console.WriteLine($"fine-tuning on the latest 5 % of the training windows; zero-shot MSE {zero.Mse:F4}");
        var panel = TrainingMonths(data);
        foreach (var tune in modes)
        {
            var watch = Stopwatch.StartNew();
            var model = ModelCatalogue.Default.Create($"ttm{{weights: {weights}, tune: {tune}, share: 0.05, head_dropout: 0.7}}");
            var view = panel.AsOf(panel.Series[0].Times[^1]);
            var fitted = (TtmFitted)model.Fit(view, new ForecastTask(before.Config.Horizon, ForecastTask.DefaultLevels), new FitContext(1));
            var seconds = watch.Elapsed.TotalSeconds;
            var score = Evaluation.Run(fitted.Network, data, threads, batch);
            Console.WriteLine($"  tune: {tune,-8} MSE {score.Mse:F4}  MAE {score.Mae:F4}  {seconds:F0} s; {fitted.Summaries.Values.First().Notes[0]}");
        }
    }

    private static Panel TrainingMonths(EttData data)
    {
        var start = Instant.FromUtc(2016, 7, 1, 0, 0);
        var times = Enumerable.Range(0, EttData.TrainingRows).Select(t => start + Duration.FromHours(t)).ToArray();
        return new Panel([.. data.Names.Select((name, c) => TimeSeries.Univariate(name, Frequency.Hourly, times, [.. data.Rows.Take(EttData.TrainingRows).Select(r => (double)r[c])]))]);
    }
}
