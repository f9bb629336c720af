namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>
                /// Half a cosine from the base rate down to eta_min in T_max steps, and back up if it goes on:
                /// eta_min + (base − eta_min)·(1 + cos(π·t/T_max))/2. Source: Loshchilov and Hutter, 2017, without restarts.
                /// </summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period;
                    private readonly double _floor;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (!(T_max > 0)) throw new ArgumentOutOfRangeException(nameof(T_max), T_max, "T_max must be positive.");
                        (_period, _floor) = (T_max, eta_min);
                        Begin();
                    }

                    // A recursion on the present rate, as PyTorch has it, so that other schedules can act on the same optimiser.
                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch == 0) return Groups.Select(g => g.LearningRate);
                        if (IsFirstStep) return get_closed_form_lr();
                        if ((Epoch - 1 - _period) % (2 * _period) == 0)
                            return Groups.Zip(BaseRates, (g, r) => g.LearningRate + (r - _floor) * (1 - Math.Cos(Math.PI / _period)) / 2);
                        var ratio = (1 + Math.Cos(Math.PI * Epoch / _period)) / (1 + Math.Cos(Math.PI * (Epoch - 1) / _period));
                        return Groups.Select(g => ratio * (g.LearningRate - _floor) + _floor);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(r => _floor + (r - _floor) * (1 + Math.Cos(Math.PI * Epoch / _period)) / 2);
                }

                /// <summary>
                /// Up from a small rate to max_lr, then down to a far smaller one, while momentum goes the other way. Source: Smith and
                /// Topin, 2019.
                /// </summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly AnnealStrategy _anneal;
                    private readonly Span[][] _spans;
                    private readonly bool _cycleMomentum;

                    /// <inheritdoc cref="OneCycleLR(Optimizer, IEnumerable{double}, int, int, int, double, AnnealStrategy, bool, IEnumerable{double}, IEnumerable{double}, double, double, bool, int, bool)"/>
                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Each(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                            Each(optimizer, base_momentum), Each(optimizer, max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    /// <param name="optimizer">Whose rates to set.</param>
                    /// <param name="max_lr">The highest rate of each group.</param>
                    /// <param name="total_steps">Steps of the cycle; or give epochs and steps_per_epoch.</param>
                    /// <param name="epochs">Epochs of the cycle.</param>
                    /// <param name="steps_per_epoch">Steps of an epoch.</param>
                    /// <param name="pct_start">The share of the cycle that goes up.</param>
                    /// <param name="anneal_strategy">Cosines or straight lines.</param>
                    /// <param name="cycle_momentum">Whether momentum (or beta1) goes down while the rate goes up.</param>
                    /// <param name="base_momentum">The lowest momentum of each group.</param>
                    /// <param name="max_momentum">The highest momentum of each group.</param>
                    /// <param name="div_factor">The first rate is max_lr over this.</param>
                    /// <param name="final_div_factor">The last rate is the first over this.</param>
                    /// <param name="three_phase">Whether the way down stops at the first rate before it goes to the last.</param>
                    /// <param name="last_epoch">The step to go on after; −1 to start.</param>
                    /// <param name="verbose">Whether to report every change.</param>
                    /// <exception cref="ArgumentException">The length of the cycle is open, or lists do not fit the groups.</exception>
                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null,
                        IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(Prepared(optimizer, max_lr, div_factor, last_epoch), last_epoch, verbose)
                    {
                        _total = total_steps > 0 ? total_steps : epochs > 0 && steps_per_epoch > 0 ? epochs * steps_per_epoch
                            : throw new ArgumentException("The length of the cycle is open: give total_steps, or epochs and steps_per_epoch.", nameof(total_steps));
                        Arguments.Probability(pct_start, nameof(pct_start));
                        (_anneal, _cycleMomentum) = (anneal_strategy, cycle_momentum);
                        if (cycle_momentum && Groups.Any(g => g is not (IMomentum or IBetas)))
                            throw new ArgumentException("The optimiser has neither a momentum nor betas to cycle; set cycle_momentum to false.", nameof(cycle_momentum));

                        double[] tops = [.. max_lr], low = [.. base_momentum ?? Each(optimizer, 0.85)], high = [.. max_momentum ?? Each(optimizer, 0.95)];
                        if (low.Length != Groups.Length || high.Length != Groups.Length)
                            throw new ArgumentException($"{Groups.Length} groups need as many momenta, not {low.Length} and {high.Length}.", nameof(base_momentum));
                        _spans = new Span[Groups.Length][];
                        for (var i = 0; i < Groups.Length; i++)
                        {
                            var (first, top) = (tops[i] / div_factor, tops[i]);
                            var last = first / final_div_factor;
                            var up = pct_start * _total;
                            _spans[i] = three_phase
                                ? [new(up - 1, first, top, high[i], low[i]), new(2 * up - 2, top, first, low[i], high[i]), new(_total - 1, first, last, high[i], high[i])]
                                : [new(up - 1, first, top, high[i], low[i]), new(_total - 1, top, last, low[i], high[i])];
                        }
                        Begin();
                    }

                    /// <summary>The shape of the way up and down.</summary>
                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    /// <exception cref="InvalidOperationException">The cycle is over.</exception>
                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch > _total) throw new InvalidOperationException($"The cycle has {_total} steps; there is no step {Epoch}.");
                        var rates = new double[Groups.Length];
                        for (var i = 0; i < rates.Length; i++)
                        {
                            var start = 0.0;
                            var spans = _spans[i];
                            var s = 0;
                            for (; s < spans.Length - 1 && Epoch > spans[s].End; s++) start = spans[s].End;
                            var share = (Epoch - start) / (spans[s].End - start);
                            rates[i] = Between(spans[s].RateFrom, spans[s].RateTo, share);
                            if (_cycleMomentum) SetMomentum(Groups[i], Between(spans[s].MomentumFrom, spans[s].MomentumTo, share));
                        }
                        return rates;
                    }

                    private double Between(double from, double to, double share) => _anneal == AnnealStrategy.Cos
                        ? to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share))
                        : from + (to - from) * share;

                    private static double[] Each(Optimizer optimizer, double value) => [.. optimizer.ParamGroups.Select(_ => value)];

                    private static Optimizer Prepared(Optimizer optimizer, IEnumerable<double> max_lr, double divisor, int last_epoch)
                    {
                        ArgumentNullException.ThrowIfNull(optimizer);
                        ArgumentNullException.ThrowIfNull(max_lr);
                        double[] tops = [.. max_lr];
                        ILearningRateController[] groups = [.. optimizer.ParamGroups];
                        if (tops.Length != groups.Length) throw new ArgumentException($"{groups.Length} groups need as many rates, not {tops.Length}.", nameof(max_lr));
                        if (last_epoch == -1)
                            for (var i = 0; i < groups.Length; i++) groups[i].LearningRate = groups[i].InitialLearningRate = tops[i] / divisor;
                        return optimizer;
                    }

                    /// <summary>A stretch of the cycle up to a step, from and to a rate and a momentum.</summary>
                    private readonly record struct Span(double End, double RateFrom, double RateTo, double MomentumFrom, double MomentumTo);
                }
            }

            /// <summary>Half a cosine from the base rate to <paramref name="eta_min"/> in <paramref name="T_max"/> steps.</summary>
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            /// <summary>Up to one highest rate and down to a far smaller one.</summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85,
                double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum,
                    div_factor, final_div_factor, three_phase, last_epoch, verbose);

            /// <summary>Up to the highest rate of each group and down to a far smaller one.</summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1,
                double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true,
                IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 1e4,
                bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum,
                    div_factor, final_div_factor, three_phase, last_epoch, verbose);
        }
    }
}
