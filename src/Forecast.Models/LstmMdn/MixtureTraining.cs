using Forecast.Core.Forecasting;
using Forecast.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.LstmMdn;

/// <summary>Trains networks on the windows of one series and scale.</summary>
internal sealed class MixtureTraining
{
    private readonly LstmMdnOptions _options;
    private readonly MixtureShape _shape;
    private readonly MixtureWindows _windows;
    private readonly Device _device;
    private readonly string _name;
    private readonly TrainerOptions _training;
    private readonly int _later;
    private readonly GaussianMixture? _start;
    private readonly GaussianMixture? _whole;

    public MixtureTraining(LstmMdnOptions options, MixtureShape shape, MixtureWindows windows, Device device, string name)
    {
        (_options, _shape, _windows, _device, _name) = (options, shape, windows, device, name);
        _training = device.type == DeviceType.CPU ? options.Training with { Precision = TrainingPrecision.Float32 } : options.Training;
        _later = (int)(options.Validation * windows.Count);
        if (!options.FromMixture) return;
        _start = MixtureFit.Fit(windows.Targets.AsSpan(0, windows.Count - _later), shape.Components);
        _whole = MixtureFit.Fit(windows.Targets, shape.Components);
    }

    /// <summary>Weights by name, and how they came about.</summary>
    public (Dictionary<string, float[]> Weights, TrainingLog Log) Run(ulong seed, FitContext context)
    {
        using var scope = NewDisposeScope();
        var input = tensor(_windows.Inputs(), [_windows.Count, _options.Lookback, _shape.Features]).to(_device);
        var target = tensor(Array.ConvertAll(_windows.Targets, v => (float)v), [_windows.Count, 1]).to(_device);
        var early = _windows.Count - _later;
        var source = _options.StopsOnTraining ? new MixtureSource(input, target, early, 0, early) : new MixtureSource(input, target, early, early, _later);
        var (weights, log) = Train(seed, _start, source, _training, context);
        if (!_options.Refit || _later == 0) return (weights, log);
        var all = new MixtureSource(input, target, _windows.Count, 0, 0);
        return (Train(seed, _whole, all, _training with { StopAfter = log.BestEpoch }, context).Weights, log);
    }

    private (Dictionary<string, float[]> Weights, TrainingLog Log) Train(ulong seed, GaussianMixture? start, MixtureSource source, TrainerOptions training, FitContext context)
    {
        using var scope = NewDisposeScope();
        using var network = new MixtureNetwork(_shape);
        if (start is null) network.Start(seed);
        else network.Start(seed, start);
        network.to(_device);
        var trainer = new Trainer<MixtureBatch>(network, source, b => MixtureLoss.Of(network, b.Input, b.Target, _options.Regularise), training, seed, _name);
        var log = trainer.Run(context);
        var weights = network.state_dict().ToDictionary(s => s.Key, s => s.Value.detach().cpu().contiguous().data<float>().ToArray(), StringComparer.Ordinal);
        return (weights, log);
    }
}
