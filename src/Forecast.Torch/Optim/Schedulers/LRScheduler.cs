using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Schedules of the learning rate. Each sets the first rate when it is made; <c>step</c> after each epoch or batch sets the next.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>The base of all schedules.</summary>
            public abstract class LRScheduler
            {
                private readonly Optimizer? _optimizer;
                private readonly bool _verbose;
                private double[] _lastRates = [];

                protected LRScheduler()
                {
                }

                /// <summary>A schedule over all groups of an optimiser, which has not begun yet: a derived class calls <see cref="Begin"/>.</summary>
                /// <param name="optimizer">Whose rates to set.</param>
                /// <param name="last_epoch">The step to go on after; −1 to start.</param>
                /// <param name="verbose">Whether to report every change on standard error.</param>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    _optimizer = optimizer;
                    _verbose = verbose;
                    Epoch = last_epoch;
                    Groups = [.. optimizer.ParamGroups];
                    if (last_epoch == -1)
                        foreach (var group in Groups) (group as ParamGroup)?.BeginSchedule();
                    BaseRates = [.. Groups.Select(g => g.InitialLearningRate)];
                }

                /// <summary>How often the schedule has been stepped.</summary>
                internal int Epoch { get; set; }

                private protected ILearningRateController[] Groups { get; } = [];

                private protected double[] BaseRates { get; } = [];

                private protected bool IsFirstStep { get; private set; }

                internal bool Drives(Optimizer optimizer) => ReferenceEquals(_optimizer, optimizer);

                /// <summary>The rates that were set last, one for each group.</summary>
                public IEnumerable<double> get_last_lr() => _lastRates;

                /// <summary>Goes on to the next rates.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes on to the next rates, or to those of a given step.</summary>
                public virtual void step(int? epoch)
                {
                    Epoch = epoch ?? Epoch + 1;
                    Set(epoch is null ? get_lr() : get_closed_form_lr());
                }

                /// <summary>Goes on to the next rates; a schedule that watches a measure looks at <paramref name="current"/>.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates of the present step, from those of the one before where the schedule is a recursion.</summary>
                protected virtual IEnumerable<double> get_lr() => Groups.Select(g => g.LearningRate);

                /// <summary>The rates of the present step from the base rates alone; the recursion where there is no such form.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                /// <summary>Takes the first step; the last line of every derived constructor.</summary>
                internal void Begin()
                {
                    IsFirstStep = true;
                    step(null);
                    IsFirstStep = false;
                }

                private protected void Set(IEnumerable<double> rates)
                {
                    double[] next = [.. rates];
                    for (var i = 0; i < Groups.Length; i++)
                    {
                        if (_verbose && Groups[i].LearningRate != next[i]) Console.Error.WriteLine($"step {Epoch}: learning rate of group {i} is now {next[i]:g6}");
                        Groups[i].LearningRate = next[i];
                    }
                    _lastRates = next;
                }

                private protected static void SetMomentum(ILearningRateController group, double value)
                {
                    if (group is IMomentum momentum) momentum.Momentum = value;
                    else if (group is IBetas betas) betas.Betas = (value, betas.Betas.Item2);
                }
            }
        }
    }
}
