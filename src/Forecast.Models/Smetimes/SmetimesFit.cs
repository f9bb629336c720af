using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>Trains the parts around a frozen language model on a panel, and measures how far they err on windows held out.</summary>
internal sealed class SmetimesFit(SmetimesOptions options, SmetimesShape shape, IReadOnlyList<SeriesView> series, Backbone? backbone, Device device, string name)
{
    private const int MostCalibration = 256;

    /// <param name="horizon">Steps that intervals are wanted for.</param>
    /// <param name="context">Seed, progress, cancellation.</param>
    /// <returns>The network, how it was trained, and its intervals: [steps][levels], in deviations of a window.</returns>
    public (SmetimesNetwork Network, SmetimesConfig Config, TrainingLog Log, double[][] Bands) Train(int horizon, FitContext context)
    {
        var config = new SmetimesConfig(
            shape.Segment, backbone?.Width ?? options.Width, options.EffectiveExperts, shape.Prompts != PromptKind.None, options.Layers, options.Hidden, options.Dropout, "tanh");
        var network = new SmetimesNetwork(config, attention: backbone is null);
        InitialWeights.Draw(network, Seeds.Derive(context.Seed, "network"));
        network.to(device);
        var split = WindowSplit.ByTime(series, shape.Rows, shape.Segment, options.Validation);
        using var panel = PanelTensor.Build(series, PanelFeatures.None, FutureScaling.Of(series, PanelFeatures.None), device);
        using var source = new SmetimesTrainingSource(panel, series, shape, split, backbone, context.Cancellation);
        var trainer = new Trainer<SegmentBatch>(network, source, b => Loss(network, b), options.Training, context.Seed, name);
        var log = trainer.Run(context);
        var held = split.ValidationCount > 0 ? split.Validation : split.Training;
        return (network, config, log, Calibrate(new SegmentForecast(network, shape, backbone), panel, held, horizon, context.Cancellation));
    }

    private Tensor Loss(SmetimesNetwork network, SegmentBatch batch)
    {
        using var scope = NewDisposeScope();
        var given = network.Run(batch.Window, batch.Prompts, SegmentForecast.Through(network, backbone));
        return ForecastLosses.SquaredError(given, batch.Targets, batch.Observed).MoveToOuterDisposeScope();
    }

    /// <summary>Forecasts from held-out windows, evenly spread, each as far as its series goes.</summary>
    private double[][] Calibrate(SegmentForecast forecast, PanelTensor panel, IReadOnlyList<WindowRange> held, int horizon, CancellationToken cancellation)
    {
        (int Series, int Origin)[] all = [.. held.SelectMany(r => Enumerable.Range(r.First, r.Count).Select(o => (r.Series, o)))];
        var sizes = Enumerable.Range(0, horizon).Select(_ => new List<double>()).ToArray();
        var stride = Math.Max(1, (all.Length + MostCalibration - 1) / MostCalibration);
        foreach (var part in all.Where((_, i) => i % stride == 0).Chunk(SegmentForecast.Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            var windows = part.Select(w => new SegmentWindow(series[w.Series], w.Origin + 1, panel.Means[w.Series], panel.Scales[w.Series])).ToArray();
            var paths = forecast.Run(windows, horizon);
            for (var i = 0; i < part.Length; i++)
            {
                if (windows[i].Deviation(shape.Rows) is not (> 0 and var deviation)) continue;
                var target = series[part[i].Series].Target;
                for (var h = 0; h < horizon && part[i].Origin + 1 + h < target.Length; h++)
                {
                    var actual = target[part[i].Origin + 1 + h];
                    if (!double.IsNaN(actual)) sizes[h].Add(Math.Abs(actual - paths[i][h]) / deviation);
                }
            }
        }

        return ResidualBands.Of(sizes, shape.Levels);
    }
}
