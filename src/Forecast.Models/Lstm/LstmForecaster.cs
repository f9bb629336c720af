using System.Globalization;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.LinearAr;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Lstm;

/// <summary>A recurrent network for the whole panel with a quantile head. See the folder's README.</summary>
public sealed class LstmForecaster(LstmOptions options, string name) : IForecaster
{
    private readonly LstmOptions _options = options.Validated();

    public string Name => name;

    public FitScope Scope => FitScope.Global;

    public string? EngineOn(string device) => TorchDevice.Describe(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var device = TorchDevice.Open(context.Device);
        SeriesView[] series = [.. history.Series.Where(s => LinearArLaw.Observed(s) > 0)];
        if (series.Length == 0) Lookback.Filled(history.Series[0].Target, history.Series[0].Id);
        var shape = LstmShape.Of(_options, series, task, Array.Exists(series, s => LinearArLaw.Observed(s) < s.Length));
        var split = WindowSplit.ByTime(series, shape.Lookback, shape.Horizon, _options.Validation);
        var start = LinearArEstimator.StartingPoint(series, split, shape.Lookback, shape.Horizon, context.Cancellation);

        using var panel = PanelTensor.Build(series, shape.Features, shape.Scaling, device);
        var gatherer = new WindowGatherer(panel, shape.Lookback, shape.Horizon, shape.Features.Past.Count, shape.ShowGaps);
        var source = new WindowSource(gatherer, panel, split, shape.Lookback);
        using var levels = tensor(shape.Levels.Select(l => (float)l).ToArray(), device: device);
        var training = device.type == DeviceType.CPU ? _options.Training with { Precision = TrainingPrecision.Float32 } : _options.Training;
        var (networks, logs) = (new LstmNetwork[_options.Seeds], new TrainingLog[_options.Seeds]);
        for (var i = 0; i < networks.Length; i++)
        {
            var seed = Seeds.Derive(context.Seed, "network", i.ToString(CultureInfo.InvariantCulture));
            var network = networks[i] = new LstmNetwork(shape);
            network.Start(seed, start);
            network.to(device);
            var trainer = new Trainer<WindowBatch>(network, source, b => Loss(network, b, levels), training, seed, networks.Length == 1 ? name : $"{name}, network {i + 1} of {networks.Length}");
            logs[i] = trainer.Run(Part(context, i));
        }

        return new LstmFitted(this, new LstmState(shape, logs), networks, device, history);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return LstmFitted.Load(this, archive, TorchDevice.Open("cpu"));
    }

    private static Tensor Loss(LstmNetwork network, WindowBatch batch, Tensor levels)
    {
        using var scope = NewDisposeScope();
        return ForecastLosses.Pinball(network.call(batch.Past, batch.Future), batch.Targets, batch.Weights, levels).MoveToOuterDisposeScope();
    }

    /// <summary>The progress of one network as that of the whole fit.</summary>
    private FitContext Part(FitContext context, int network) => context.Progress is { } whole && _options.Seeds > 1
        ? context with { Progress = new Scaled(whole, network, _options.Seeds) }
        : context;

    private sealed class Scaled(IProgress<double> whole, int part, int parts) : IProgress<double>
    {
        public void Report(double value) => whole.Report((part + value) / parts);
    }
}
