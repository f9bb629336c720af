using System.Diagnostics;
using System.Globalization;
using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// Trains any network: AdamW on shuffled mini-batches, gradients clipped, a loss on the validation span after each epoch, the best
/// weights kept, an end when they stay the best for too long.
/// </summary>
/// <remarks>
/// Everything random is a function of the seed and the epoch: the order of the windows (<see cref="EpochOrder"/>) and the streams of the
/// network's <see cref="ISeeded"/> modules. A training that goes on from a checkpoint therefore ends, on the CPU, with the
/// same bits as one that was never interrupted. Nothing draws from the library's global stream, so trainings may run side by side.
/// </remarks>
/// <typeparam name="TBatch">What the source gives and the loss takes.</typeparam>
/// <param name="network">The network, on its device, with its starting weights; ends with the best ones, in evaluation mode.</param>
/// <param name="source">Windows.</param>
/// <param name="loss">Mean loss of a batch, a scalar.</param>
/// <param name="options">How to train.</param>
/// <param name="seed">Seed of order and dropout.</param>
/// <param name="name">What progress and errors call the network.</param>
public sealed class Trainer<TBatch>(nn.Module network, ITrainingSource<TBatch> source, Func<TBatch, Tensor> loss, TrainerOptions options, ulong seed, string name)
{
    private const int ValidationBatch = 256;

    private readonly TrainerOptions _options = options.Validated();
    private readonly int _windows = options.BatchSize * options.Accumulation;
    private readonly List<EpochRecord> _epochs = [];
    private readonly DeviceType _device = network.parameters().First().device_type;
    private Dictionary<string, Tensor> _best = [];
    private int _bestEpoch;

    private int Steps => Math.Min(_options.StepsPerEpoch ?? int.MaxValue, Math.Max(1, source.Count / _windows));

    /// <param name="context">Progress and cancellation; its seed and device are not used.</param>
    /// <param name="from">What an interrupted training had kept, or null to begin.</param>
    /// <param name="keep">Given a checkpoint after each epoch.</param>
    /// <exception cref="ForecastException">Nothing to train on, or a loss or gradient that is not finite: names epoch and step.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the network keeps the weights of the moment.</exception>
    public TrainingLog Run(FitContext context, ModelArchive? from = null, Action<ModelArchive>? keep = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_options.Precision == TrainingPrecision.BFloat16 && !TensorEngine.Current.CanMixPrecision)
            throw new ForecastException("precision-missing", $"{name}: the tensor engine of this build trains in float32 only", "precision");
        if (source.Count == 0) throw new ForecastException("no-window", $"{name}: there is no window to train on", "lookback");
        using var optimizer = optim.AdamW(network.parameters(), _options.LearningRate, weight_decay: _options.WeightDecay);
        try
        {
            if (from is null) Record(0, double.NaN, 0);
            else TrainerCheckpoint.Restore(from, network, optimizer, out _best, _epochs, out _bestEpoch);
            var watch = Stopwatch.StartNew();
            var first = _epochs.Count;
            for (var epoch = first; epoch <= (_options.StopAfter ?? _options.Epochs) && !Exhausted; epoch++)
            {
                var mean = Train(epoch, optimizer, context);
                Record(epoch, mean, _options.RateAt(((long)epoch * Steps) - 1, (long)_options.Epochs * Steps));
                keep?.Invoke(TrainerCheckpoint.Make(network, optimizer, _best, _epochs, _bestEpoch));
                var pace = watch.Elapsed / (epoch - first + 1);
                context.Training?.Report(new TrainingProgress(name, epoch, _options.Epochs, mean, _epochs[^1].ValidationLoss, pace * (_options.Epochs - epoch)));
            }

            Restore();
            network.eval();
            context.Progress?.Report(1);
            return new TrainingLog([.. _epochs], _bestEpoch, Exhausted && _epochs.Count <= _options.Epochs);
        }
        finally
        {
            foreach (var tensor in _best.Values) tensor.Dispose();
            _best.Clear();
        }
    }

    private bool Exhausted => source.ValidationCount > 0 && _epochs[^1].Epoch - _bestEpoch >= _options.Patience;

    private double Train(int epoch, optim.Optimizer optimizer, FitContext context)
    {
        network.train();
        var text = epoch.ToString(CultureInfo.InvariantCulture);
        foreach (var seeded in network.modules().OfType<ISeeded>()) seeded.Reseed(Seeds.Derive(seed, "dropout", text));
        var order = EpochOrder.Draw(source.Count, Math.Min(source.Count, Steps * _windows), seed, epoch);
        double sum = 0;
        for (var step = 0; step < Steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var rate = _options.RateAt(((epoch - 1L) * Steps) + step, (long)_options.Epochs * Steps);
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rate;
            sum += Step(epoch, step, order.AsSpan(step * _windows, Math.Min(_windows, order.Length - (step * _windows))), optimizer);
            context.Progress?.Report((epoch - 1 + ((step + 1.0) / Steps)) / _options.Epochs);
        }

        return sum / Steps;
    }

    /// <summary>One step of the optimiser: gradients of all its batches added up, clipped, applied.</summary>
    private double Step(int epoch, int step, ReadOnlySpan<int> windows, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        double sum = 0;
        for (var start = 0; start < windows.Length; start += _options.BatchSize)
        {
            var part = windows[start..Math.Min(windows.Length, start + _options.BatchSize)];
            var share = (double)part.Length / windows.Length;
            var value = Forward(source.Load(part)) * share;
            value.backward();
            sum += value.item<float>();
        }

        if (!double.IsFinite(sum)) throw NotFinite("the loss", sum, epoch, step);
        var norm = nn.utils.clip_grad_norm_(network.parameters(), _options.ClipNorm);
        if (!double.IsFinite(norm)) throw NotFinite("the gradient's norm", norm, epoch, step);
        optimizer.step();
        return sum;
    }

    /// <summary>Judges the network as it is, and keeps its weights if none were better.</summary>
    private void Record(int epoch, double mean, double rate)
    {
        var validation = Validate();
        _epochs.Add(new EpochRecord(epoch, mean, validation, rate));

        // Without a validation span there is no better or worse: the latest weights are kept.
        if (epoch > 0 && !double.IsNaN(validation) && !(validation < _epochs[_bestEpoch].ValidationLoss)) return;
        _bestEpoch = epoch;
        foreach (var tensor in _best.Values) tensor.Dispose();
        using var frozen = no_grad();
        _best = network.state_dict().ToDictionary(s => s.Key, s => s.Value.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
    }

    private double Validate()
    {
        if (source.ValidationCount == 0) return double.NaN;
        network.eval();
        using var frozen = no_grad();
        double sum = 0;
        for (var start = 0; start < source.ValidationCount; start += ValidationBatch)
        {
            using var scope = NewDisposeScope();
            int[] numbers = [.. Enumerable.Range(start, Math.Min(ValidationBatch, source.ValidationCount - start))];
            sum += Forward(source.LoadValidation(numbers)).item<float>() * numbers.Length;
        }

        var mean = sum / source.ValidationCount;
        return double.IsFinite(mean) ? mean : throw NotFinite("the validation loss", mean, _epochs.Count, Steps);
    }

    private Tensor Forward(TBatch batch)
    {
        using var mixed = _options.Precision == TrainingPrecision.BFloat16 ? TensorEngine.Current.MixedPrecision(_device) : null;
        return loss(batch);
    }

    private void Restore()
    {
        using var frozen = no_grad();
        network.load_state_dict(_best);
    }

    private ForecastException NotFinite(string what, double value, int epoch, int step) =>
        new("training-not-finite", $"{name}: {what} is {value} in epoch {epoch}, step {step + 1} of {Steps}; a lower learning_rate or cleaner data may help", "learning_rate");
}
