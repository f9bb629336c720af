using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Lstm;

/// <summary>
/// Trains one network: on the earlier span, with the later one to say when to stop; then, where that is wanted, once more on both spans for
/// as many epochs as were best.
/// </summary>
internal sealed class LstmFit(LstmShape shape, PanelTensor panel, IReadOnlyList<SeriesView> series, LstmOptions options, Device device, string name)
{
    private readonly WindowSplit _split = WindowSplit.ByTime(series, shape.Lookback, shape.Horizon, options.Validation);
    private readonly TrainerOptions _training = device.type == DeviceType.CPU ? options.Training with { Precision = TrainingPrecision.Float32 } : options.Training;
    private readonly Dictionary<bool, LinearStart> _starts = [];

    private bool Refits => options.Refit && _split.ValidationCount > 0;

    public (LstmNetwork Network, TrainingLog Log) Train(ulong seed, FitContext context)
    {
        var (network, log) = Train(seed, _split, all: false, _training, Part(context, 0));
        if (!Refits || log.BestEpoch == 0) return (network, log);
        network.Dispose();
        var whole = WindowSplit.ByTime(series, shape.Lookback, shape.Horizon, 0);
        var (again, _) = Train(seed, whole, all: true, _training with { StopAfter = log.BestEpoch }, Part(context, 1));
        return (again, log);
    }

    private (LstmNetwork Network, TrainingLog Log) Train(ulong seed, WindowSplit split, bool all, TrainerOptions training, FitContext context)
    {
        using var levels = tensor(shape.Levels.Select(l => (float)l).ToArray(), device: device);
        var network = new LstmNetwork(shape, series.Count);
        network.Start(seed, Start(all, context.Cancellation));
        network.to(device);
        var gatherer = new WindowGatherer(panel, shape.Lookback, shape.Horizon, shape.Features.Past.Count, shape.ShowGaps);
        var source = new WindowSource(gatherer, panel, split, shape.Lookback);
        var trainer = new Trainer<WindowBatch>(network, source, b => Loss(network, b, levels), training, seed, all ? $"{name}, again on all rows" : name);
        return (network, trainer.Run(context));
    }

    private LinearStart Start(bool all, CancellationToken cancellation)
    {
        if (!_starts.TryGetValue(all, out var start)) _starts[all] = start = LinearArEstimator.Start(series, _split, shape.Lookback, shape.Horizon, all, cancellation);
        return start;
    }

    private static Tensor Loss(LstmNetwork network, WindowBatch batch, Tensor levels)
    {
        using var scope = NewDisposeScope();
        return ForecastLosses.Pinball(network.call(batch.Past, batch.Future, batch.Series), batch.Targets, batch.Weights, levels).MoveToOuterDisposeScope();
    }

    /// <summary>The progress of one training as that of both.</summary>
    private FitContext Part(FitContext context, int part) => context.Progress is { } whole && Refits ? context with { Progress = new PartProgress(whole, part, 2) } : context;
}
