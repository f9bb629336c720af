using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>Fits a network further on a panel, or from nothing.</summary>
internal sealed class TtmFit(TtmOptions options, string name)
{
    /// <param name="series">The panel; every series has an observation.</param>
    /// <param name="task">Horizon and levels.</param>
    /// <param name="start">Published weights; null = none.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="context">Seed and progress.</param>
    public (TtmQuantileNetwork Network, TrainingLog Log) Train(IReadOnlyList<SeriesView> series, ForecastTask task, TtmPretrained? start, Device device, FitContext context)
    {
        var given = start?.Config ?? FromScratch(series, task.Horizon);
        if (options.Quantiles && task.Horizon > given.Horizon)
            throw new ForecastException("horizon-too-long", $"model '{name}': the head gives {given.Horizon} steps, and quantiles of {task.Horizon} cannot be had by feeding them back; use weights of a longer horizon", "horizon");
        var config = given with { FilterLength = Math.Min(task.Horizon, given.Horizon), HeadDropout = options.HeadDropout ?? (start is null ? given.HeadDropout : TtmOptions.PublishedHeadDropout) };
        double[] levels = options.Quantiles ? [.. QuantileSteps.BaseLevels.Concat(task.Levels).Distinct().Order()] : [];
        var network = new TtmQuantileNetwork(config, levels);
        network.Start(Seeds.Derive(context.Seed, "network"));
        start?.CopyTo(network.Network);
        network.to(device);
        network.Freeze(options.Tune);
        var longest = series.MaxBy(s => s.Length)!;
        var split = Latest(WindowSplit.ByTime(series, config.ContextLength, config.Horizon, options.Validation), options.Share);
        if (split.TrainingCount == 0) throw Lookback.TooShort(longest, config.ContextLength, config.Horizon);
        using var panel = PanelTensor.Build(series, PanelFeatures.None, FutureScaling.Of(series, PanelFeatures.None), device);
        var source = new TtmTrainingSource(panel, config, split, series[0].Frequency);
        using var known = tensor(levels.Select(l => (float)l).ToArray(), device: device);
        var training = device.type == DeviceType.CPU ? options.Training with { Precision = TrainingPrecision.Float32 } : options.Training;
        var trainer = new Trainer<TtmBatch>(network, source, b => Loss(network, config, b, known), training, context.Seed, name);
        var log = trainer.Run(context);
        start?.Blend(network.Network, options.EffectiveBlend);
        return (network, log);
    }

    private static Tensor Loss(TtmQuantileNetwork network, TtmConfig config, TtmBatch batch, Tensor levels)
    {
        using var scope = NewDisposeScope();
        var given = network.Run(batch.Input);
        var loss = network.Levels.Count > 0 ? ForecastLosses.Pinball(given, batch.Targets, batch.Observed, levels) : TtmLoss.Of(config, given, batch.Targets, batch.Observed);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The latest share of each series' training windows.</summary>
    private static WindowSplit Latest(WindowSplit split, double share) => share >= 1
        ? split
        : split with { Training = [.. split.Training.Select(r => r.Count > 0 ? r with { First = r.Last - (int)Math.Ceiling(share * r.Count) + 1 } : r)] };

    /// <summary>Eight patches, two levels of two layers each: the published proportions in small.</summary>
    private TtmConfig FromScratch(IReadOnlyList<SeriesView> series, int horizon)
    {
        const int Patches = 8;
        var rows = options.Context ?? Lookback.Choose(series, horizon);
        var patch = Math.Max(1, rows / Patches);
        var width = options.Width - (options.Width % 2);
        return new TtmConfig
        {
            ContextLength = rows,
            PatchLength = patch,
            PatchStride = patch,
            PredictionLength = horizon,
            Width = width,
            Layers = 2,
            Levels = 2,
            DecoderWidth = width,
            DecoderLayers = 2,
            Dropout = 0.1,
            HeadDropout = 0.1,
        };
    }
}
