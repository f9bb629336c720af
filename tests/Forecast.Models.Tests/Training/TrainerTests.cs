using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 10, BatchSize = 8, LearningRate = 0.02, Patience = 10 };

    [Fact]
    public void One_cycle_rises_over_three_tenths_and_falls_to_nothing()
    {
        var options = Options with { LearningRate = 0.25, Schedule = LearningRateSchedule.OneCycle };
        var rates = Enumerable.Range(0, 100).Select(s => options.RateAt(s, 100)).ToArray();
        rates[0].ShouldBe(0.01, 1e-12);
        rates[29].ShouldBe(0.25, 1e-12);
        rates[99].ShouldBe(1e-6, 1e-12);
        rates[..30].ShouldBeInOrder(SortDirection.Ascending);
        rates[29..].ShouldBeInOrder(SortDirection.Descending);
        rates[14].ShouldBe(0.01 + (0.24 * 0.5 * (1 - Math.Cos(Math.PI * 14 / 29))), 1e-12);
    }

    [Fact]
    public void Five_epochs_and_five_more_from_a_checkpoint_end_with_the_same_bits_as_ten()
    {
        Assert.SkipUnless(TestDevice.IsCpu, "bits are promised on the CPU");
        using var whole = new Regression(seed: 1);
        var log = whole.Train(Options);

        using var interrupted = new Regression(seed: 1);
        using var kill = new CancellationTokenSource();
        ModelArchive? kept = null;
        var epochs = 0;
        Should.Throw<OperationCanceledException>(() => interrupted.Train(Options, kill, keep: checkpoint =>
        {
            if (++epochs != 5) return;
            kept = Copy(checkpoint);
            kill.Cancel();
        }));
        using var resumed = new Regression(seed: 999);  // other weights: all must come from the checkpoint
        var after = resumed.Train(Options, from: kept);

        after.Epochs.ShouldBe(log.Epochs);
        after.BestEpoch.ShouldBe(log.BestEpoch);
        resumed.Bits().ShouldBe(whole.Bits());
        interrupted.Bits().ShouldNotBe(whole.Bits());
    }

    [Fact]
    public void The_loss_falls_and_the_weights_of_the_best_epoch_are_kept()
    {
        using var problem = new Regression(seed: 2);

        var log = problem.Train(Options);

        log.Best.ValidationLoss.ShouldBeLessThan(0.3 * log.Epochs[0].ValidationLoss);
        log.Best.ValidationLoss.ShouldBe(log.Epochs.Min(e => e.ValidationLoss));
        problem.ValidationLoss().ShouldBe(log.Best.ValidationLoss, 1e-6);
        problem.Network.training.ShouldBeFalse();
    }

    [Fact]
    public void Patience_ends_a_training_that_no_longer_gets_better()
    {
        using var problem = new Regression(seed: 3);

        var log = problem.Train(Options with { Epochs = 50, LearningRate = 0.5, Schedule = LearningRateSchedule.Constant, Patience = 2 });

        log.StoppedEarly.ShouldBeTrue();
        log.Epochs[^1].Epoch.ShouldBe(log.BestEpoch + 2);
        problem.ValidationLoss().ShouldBe(log.Best.ValidationLoss, 1e-6);
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_epoch_and_step()
    {
        using var problem = new Regression(seed: 4);
        problem.Poison(window: 17);

        var error = Should.Throw<ForecastException>(() => problem.Train(Options));

        error.Code.ShouldBe("training-not-finite");
        error.Message.ShouldMatch("the loss is NaN in epoch 1, step [1-8] of 8");
    }

    [Fact]
    public void Accumulated_batches_take_the_step_of_one_large_batch()
    {
        using var large = new Regression(seed: 5, dropout: 0);
        using var small = new Regression(seed: 5, dropout: 0);

        large.Train(Options with { Epochs = 2, BatchSize = 16 });
        small.Train(Options with { Epochs = 2, BatchSize = 4, Accumulation = 4 });

        foreach (var (a, b) in large.Weights().Zip(small.Weights())) b.ShouldBe(a, 1e-5f);
    }

    [Fact]
    public void Progress_reaches_one_and_tells_epochs_losses_and_the_time_left()
    {
        using var problem = new Regression(seed: 6);
        var (shares, told) = (new List<double>(), new List<TrainingProgress>());

        problem.Train(Options with { Epochs = 3 }, progress: new Collect<double>(shares), training: new Collect<TrainingProgress>(told));

        shares.ShouldBe(shares.Order());
        shares[^1].ShouldBe(1);
        told.Select(t => t.Epoch).ShouldBe([1, 2, 3]);
        told.ShouldAllBe(t => double.IsFinite(t.Loss) && double.IsFinite(t.ValidationLoss) && t.Epochs == 3);
        told[^1].Remaining.ShouldBe(TimeSpan.Zero);
        told[0].Remaining.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void Mixed_precision_trains_to_nearly_the_same_and_keeps_float32_weights()
    {
        using var full = new Regression(seed: 8, dropout: 0);
        using var mixed = new Regression(seed: 8, dropout: 0);

        var (a, b) = (full.Train(Options with { Epochs = 3 }), mixed.Train(Options with { Epochs = 3, Precision = TrainingPrecision.BFloat16 }));

        b.Best.ValidationLoss.ShouldBe(a.Best.ValidationLoss, 0.1 * a.Best.ValidationLoss);
        mixed.Bits().ShouldNotBe(full.Bits());
        mixed.Network.parameters().ShouldAllBe(p => p.dtype == ScalarType.Float32);
    }

    [Fact]
    public void A_checkpoint_of_another_network_is_refused()
    {
        using var problem = new Regression(seed: 7);
        ModelArchive? kept = null;
        problem.Train(Options with { Epochs = 1 }, keep: c => kept = Copy(c));
        using var other = new Regression(seed: 7, hidden: 5);

        Should.Throw<ForecastException>(() => other.Train(Options, from: kept)).Code.ShouldBe("weights-mismatch");
    }

    [Theory]
    [InlineData(0, 0.0001)]
    [InlineData(9, 0.001)]
    [InlineData(55, 0.0005)]
    [InlineData(99, 0.0000003)]
    public void The_learning_rate_rises_and_then_falls_as_half_a_cosine(int step, double rate) =>
        new TrainerOptions { LearningRate = 0.001, Warmup = 0.1 }.RateAt(step, 100).ShouldBe(rate, Math.Max(0.1 * rate, 1e-7));

    [Fact]
    public void An_epoch_sees_different_windows_each_once_and_each_epoch_its_own()
    {
        var first = EpochOrder.Draw(100, 60, seed: 1, epoch: 1);

        first.Distinct().Count().ShouldBe(60);
        first.ShouldAllBe(n => n >= 0 && n < 100);
        EpochOrder.Draw(100, 60, seed: 1, epoch: 1).ShouldBe(first);
        EpochOrder.Draw(100, 60, seed: 1, epoch: 2).ShouldNotBe(first);
    }

    private static ModelArchive Copy(ModelArchive archive)
    {
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        return ModelArchive.Open(stream);
    }

    private sealed class Collect<T>(List<T> into) : IProgress<T>
    {
        public void Report(T value) => into.Add(value);
    }

    /// <summary>y = tanh(x W): 64 windows to learn from, 20 to judge by, a network with dropout.</summary>
    private sealed class Regression : IDisposable, ITrainingSource<(Tensor X, Tensor Y)>
    {
        private readonly float[] _x = new float[84 * 3];
        private readonly float[] _y = new float[84];
        private readonly ulong _seed;
        private readonly Device _device = device(TestDevice.Name);

        public Regression(ulong seed, double dropout = 0.1, int hidden = 8)
        {
            _seed = 1;
            TorchDevice.Describe(TestDevice.Name);
            var random = new RandomSource(77);
            for (var i = 0; i < 84; i++)
            {
                for (var j = 0; j < 3; j++) _x[(3 * i) + j] = (float)random.NextNormal();
                _y[i] = (float)Math.Tanh(_x[3 * i] - (0.5 * _x[(3 * i) + 1]) + (2 * _x[(3 * i) + 2]));
            }

            Network = nn.Sequential(("in", nn.Linear(3, hidden)), ("act", nn.Tanh()), ("drop", new SeededDropout(dropout, "drop")), ("out", nn.Linear(hidden, 1)));
            InitialWeights.Draw(Network, seed);
            Network.to(_device);
        }

        public Sequential Network { get; }

        public int Count => 64;

        public int ValidationCount => 20;

        public void Poison(int window) => _y[window] = float.NaN;

        public (Tensor X, Tensor Y) Load(ReadOnlySpan<int> windows) => Gather(windows, 0);

        public (Tensor X, Tensor Y) LoadValidation(ReadOnlySpan<int> windows) => Gather(windows, 64);

        public TrainingLog Train(
            TrainerOptions options, CancellationTokenSource? kill = null, ModelArchive? from = null, Action<ModelArchive>? keep = null, IProgress<double>? progress = null, IProgress<TrainingProgress>? training = null) =>
            new Trainer<(Tensor X, Tensor Y)>(Network, this, Loss, options, _seed, "test").Run(new FitContext(0) { Cancellation = kill?.Token ?? TestContext.Current.CancellationToken, Progress = progress, Training = training }, from, keep);

        public double ValidationLoss()
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            return Loss(LoadValidation([.. Enumerable.Range(0, 20)])).item<float>();
        }

        public float[] Weights() => [.. Network.state_dict().Values.SelectMany(t => t.detach().cpu().data<float>().ToArray())];

        public int[] Bits() => Array.ConvertAll(Weights(), BitConverter.SingleToInt32Bits);

        public void Dispose() => Network.Dispose();

        private Tensor Loss((Tensor X, Tensor Y) batch) => ForecastLosses.SquaredError(Network.call(batch.X), batch.Y, ones_like(batch.Y));

        private (Tensor X, Tensor Y) Gather(ReadOnlySpan<int> windows, int offset)
        {
            var (x, y) = (new float[windows.Length * 3], new float[windows.Length]);
            for (var i = 0; i < windows.Length; i++)
            {
                _x.AsSpan(3 * (offset + windows[i]), 3).CopyTo(x.AsSpan(3 * i));
                y[i] = _y[offset + windows[i]];
            }

            return (tensor(x, [windows.Length, 3], device: _device), tensor(y, [windows.Length, 1], device: _device));
        }
    }
}
