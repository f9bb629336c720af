namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Multiplies the rate by a factor when a measure has not improved for a while.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _smallerIsBetter;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly double _threshold;
                    private readonly double _eps;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly double[] _floors;
                    private double _best;
                    private int _bad;
                    private int _cooling;

                    /// <param name="optimizer">Whose rates to set.</param>
                    /// <param name="mode">"min" when smaller is better, "max" when larger is.</param>
                    /// <param name="factor">What the rate is multiplied by.</param>
                    /// <param name="patience">Steps without improvement that are let pass.</param>
                    /// <param name="threshold">How much better counts as an improvement.</param>
                    /// <param name="threshold_mode">"rel" for a share of the best, "abs" for a difference.</param>
                    /// <param name="cooldown">Steps after a change that are not counted.</param>
                    /// <param name="min_lr">The lowest rate, one for all groups or one for each.</param>
                    /// <param name="eps">A change of the rate that is not worth making.</param>
                    /// <param name="verbose">Whether to report every change.</param>
                    /// <exception cref="ArgumentException">An option is unknown or outside of its range.</exception>
                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                        string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (!(factor < 1)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be below 1.");
                        _smallerIsBetter = mode switch { "min" => true, "max" => false, _ => throw new ArgumentException($"mode is 'min' or 'max', not '{mode}'.", nameof(mode)) };
                        _relative = threshold_mode switch { "rel" => true, "abs" => false, _ => throw new ArgumentException($"threshold_mode is 'rel' or 'abs', not '{threshold_mode}'.", nameof(threshold_mode)) };
                        _floors = min_lr switch
                        {
                            null => new double[Groups.Length],
                            { Count: 1 } => [.. Enumerable.Repeat(min_lr[0], Groups.Length)],
                            _ when min_lr.Count == Groups.Length => [.. min_lr],
                            _ => throw new ArgumentException($"{Groups.Length} groups need as many lowest rates, or one for all, not {min_lr.Count}.", nameof(min_lr)),
                        };
                        (_factor, _patience, _threshold, _cooldown, _eps) = (factor, patience, threshold, cooldown, eps);
                        _best = _smallerIsBetter ? double.PositiveInfinity : double.NegativeInfinity;
                        Epoch = 0;
                        Set(Groups.Select(g => g.LearningRate));
                    }

                    /// <exception cref="InvalidOperationException">Always: this schedule needs the measure that it watches.</exception>
                    public override void step() => throw NeedsMeasure();

                    /// <exception cref="InvalidOperationException">Always: this schedule needs the measure that it watches.</exception>
                    public override void step(int? epoch) => throw NeedsMeasure();

                    /// <summary>Looks at the measure after an epoch and lowers the rates when it is time.</summary>
                    public override void step(double current, int? epoch = null)
                    {
                        Epoch = epoch ?? Epoch + 1;
                        if (IsBetter(current)) (_best, _bad) = (current, 0);
                        else _bad++;
                        if (_cooling > 0) (_cooling, _bad) = (_cooling - 1, 0);
                        var rates = Groups.Select(g => g.LearningRate).ToArray();
                        if (_bad > _patience)
                        {
                            for (var i = 0; i < rates.Length; i++)
                            {
                                var next = Math.Max(rates[i] * _factor, _floors[i]);
                                if (rates[i] - next > _eps) rates[i] = next;
                            }
                            (_cooling, _bad) = (_cooldown, 0);
                        }
                        Set(rates);
                    }

                    private bool IsBetter(double current) => (_smallerIsBetter, _relative) switch
                    {
                        (true, true) => current < _best * (1 - _threshold),
                        (true, false) => current < _best - _threshold,
                        (false, true) => current > _best * (1 + _threshold),
                        (false, false) => current > _best + _threshold,
                    };

                    private static InvalidOperationException NeedsMeasure() => new("ReduceLROnPlateau watches a measure: call step(measure).");
                }

                /// <summary>Schedules one after the other, each from its milestone on.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] _schedulers;
                    private readonly int[] _milestones;

                    /// <exception cref="ArgumentException">There is not one milestone fewer than schedules, or a schedule drives another optimiser.</exception>
                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1)
                        : base(optimizer, last_epoch)
                    {
                        _schedulers = [.. schedulers];
                        _milestones = [.. milestones];
                        if (_schedulers.Length == 0 || _milestones.Length != _schedulers.Length - 1)
                            throw new ArgumentException($"{_schedulers.Length} schedules need one milestone fewer, not {_milestones.Length}.", nameof(milestones));
                        if (!_milestones.Order().SequenceEqual(_milestones)) throw new ArgumentException("The milestones must rise.", nameof(milestones));
                        if (!Array.TrueForAll(_schedulers, s => s.Drives(optimizer))) throw new ArgumentException("A schedule drives another optimiser.", nameof(schedulers));
                        Epoch = last_epoch + 1;

                        // Every schedule has set its first rate when it was made: that is taken back, and the first one starts alone.
                        for (var i = 0; i < Groups.Length; i++) Groups[i].LearningRate = Groups[i].InitialLearningRate;
                        foreach (var scheduler in _schedulers) scheduler.Epoch--;
                        _schedulers[0].Begin();
                        Set(_schedulers[0].get_last_lr());
                    }

                    /// <summary>Steps the schedule whose turn it is; one that takes over starts from its own beginning.</summary>
                    protected override IEnumerable<double> get_lr()
                    {
                        var active = 0;
                        while (active < _milestones.Length && _milestones[active] <= Epoch) active++;
                        if (active > 0 && _milestones[active - 1] == Epoch) _schedulers[active].step(0);
                        else _schedulers[active].step();
                        return _schedulers[active].get_last_lr();
                    }
                }
            }

            /// <summary>Multiplies the rate by <paramref name="factor"/> when a measure has not improved for <paramref name="patience"/> steps.</summary>
            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false) =>
                new impl.ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            /// <summary>Schedules one after the other, each from its milestone on.</summary>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) =>
                new impl.SequentialLR(optimizer, schedulers, milestones, last_epoch);
        }
    }
}
