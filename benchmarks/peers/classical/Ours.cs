using System.Diagnostics;
using System.Text.RegularExpressions;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;

namespace Forecast.PeerBenchmarks;

/// <summary>What was found for each series: numbers to judge by, and a tag that must agree before they can be compared.</summary>
internal sealed record Outcome(double[][] Numbers, string[] Tags);

/// <summary>One of our models on a set of series, through the seam that every caller uses.</summary>
internal sealed partial class Ours(string model, PanelView[] views, int horizon, Func<IFittedForecaster, PanelPrediction?, double[]> number)
{
    private static readonly TimeSpan LeastBlock = TimeSpan.FromMilliseconds(150);
    private readonly IForecaster _forecaster = ModelCatalogue.Default.Create(model);
    private readonly ForecastTask _task = new(Math.Max(1, horizon), ForecastTask.DefaultLevels);

    /// <summary>Milliseconds a fit over one block.</summary>
    public double Block(bool wall)
    {
        var (startCpu, start, blocks) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), 0);
        TimeSpan taken;
        do
        {
            foreach (var view in views) Run(view);
            blocks++;
            taken = wall ? Stopwatch.GetElapsedTime(start) : Environment.CpuUsage.TotalTime - startCpu;
        }
        while (taken < LeastBlock);
        return taken.TotalMilliseconds / blocks / views.Length;
    }

    public Outcome Found()
    {
        var fits = Array.ConvertAll(views, Run);
        return new Outcome(
            [.. fits.Select(f => number(f.Fitted, f.Prediction))],
            [.. fits.Select(f => Differences(f.Fitted))]);
    }

    /// <summary>Bytes a fit, of one thread.</summary>
    public long Allocated()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var view in views) Run(view);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / views.Length;
    }

    private (IFittedForecaster Fitted, PanelPrediction? Prediction) Run(PanelView view)
    {
        var fitted = _forecaster.Fit(view, _task, new FitContext(1));
        return (fitted, horizon == 0 ? null : fitted.Predict(KnownFuture.None, horizon, 1));
    }

    /// <summary>"d,D" of a chosen ARIMA, else nothing.</summary>
    private static string Differences(IFittedForecaster fitted)
    {
        var notes = fitted.Summaries.Values.Single().Notes;
        var match = notes.Select(n => ChosenOrder().Match(n)).FirstOrDefault(m => m.Success);
        return match is null ? "" : $"{match.Groups["d"].Value},{(match.Groups["D"].Success ? match.Groups["D"].Value : "0")}";
    }

    [GeneratedRegex(@"chosen: arima\(\d+,(?<d>\d+),\d+\)(\(\d+,(?<D>\d+),\d+\))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ChosenOrder();
}
