using System.Diagnostics;
using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Ttm;
using NodaTime;

namespace Forecast.TtmBenchmark;

/// <summary>
/// Fits the weights further as the published few-shot protocol does: on the latest 5 % of the windows of the training months, stopped by
/// the validation months, everything else the catalogue's defaults; then scores them once on the test months, which the fit never sees.
/// </summary>
internal static class FineTuning
{
    public static void Run(string weights, EttData data, TtmNetwork before, IReadOnlyList<string> modes, ulong seed, int threads, int batch)
    {
        var zero = Evaluation.Run(before, data, threads, batch);
        Console.WriteLine($"fine-tuning on the latest 5 % of the training windows, seed {seed}; zero-shot MSE {zero.Mse:F4}  MAE {zero.Mae:F4}");
        var panel = KnownMonths(data);
        var validation = (double)EttData.ValidationRows / (EttData.TrainingRows + EttData.ValidationRows - before.Config.ContextLength);
        foreach (var tune in modes)
        {
            var watch = Stopwatch.StartNew();
            var model = ModelCatalogue.Default.Create(string.Create(CultureInfo.InvariantCulture, $"ttm{{weights: {weights}, tune: {tune}, share: 0.05, validation: {validation:F5}}}"));
            var view = panel.AsOf(panel.Series[0].Times[^1]);
            var fitted = (TtmFitted)model.Fit(view, new ForecastTask(before.Config.Horizon, ForecastTask.DefaultLevels), new FitContext(seed));
            var seconds = watch.Elapsed.TotalSeconds;
            var score = Evaluation.Run(fitted.Network, data, threads, batch);
            Console.WriteLine($"  tune: {tune,-8} MSE {score.Mse:F4}  MAE {score.Mae:F4}  {seconds:F0} s; {fitted.Summaries.Values.First().Notes[0]}");
        }
    }

    /// <summary>Training and validation months.</summary>
    private static Panel KnownMonths(EttData data)
    {
        const int Rows = EttData.TrainingRows + EttData.ValidationRows;
        var start = Instant.FromUtc(2016, 7, 1, 0, 0);
        var times = Enumerable.Range(0, Rows).Select(t => start + Duration.FromHours(t)).ToArray();
        return new Panel([.. data.Names.Select((name, c) => TimeSeries.Univariate(name, Frequency.Hourly, times, [.. data.Rows.Take(Rows).Select(r => (double)r[c])]))]);
    }
}
