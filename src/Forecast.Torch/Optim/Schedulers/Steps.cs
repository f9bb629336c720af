namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>The schedules themselves.</summary>
            public static partial class impl
            {
                /// <summary>The base rate times a function of the step.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly Func<int, double>[] _factors;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        ArgumentNullException.ThrowIfNull(lr_lambda);
                        _factors = [.. Enumerable.Repeat(lr_lambda, Groups.Length)];
                        Begin();
                    }

                    /// <exception cref="ArgumentException">There is not one function for each group.</exception>
                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _factors = [.. lr_lambdas];
                        if (_factors.Length != Groups.Length)
                            throw new ArgumentException($"{Groups.Length} groups need as many functions, not {_factors.Length}.", nameof(lr_lambdas));
                        Begin();
                    }

                    protected override IEnumerable<double> get_lr() => BaseRates.Zip(_factors, (rate, factor) => rate * factor(Epoch));
                }

                /// <summary>Multiplies the rate by gamma every so many steps.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _stepSize;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        Arguments.Positive(step_size, nameof(step_size));
                        (_stepSize, _gamma) = (step_size, gamma);
                        Begin();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        Groups.Select(g => Epoch == 0 || Epoch % _stepSize != 0 ? g.LearningRate : g.LearningRate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => BaseRates.Select(r => r * Math.Pow(_gamma, Epoch / _stepSize));
                }

                /// <summary>Goes from start_factor to end_factor times the base rate in a straight line; a warm-up as a rule.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _steps;

                    /// <exception cref="ArgumentOutOfRangeException">A factor is outside of 0 to 1, or the first is zero.</exception>
                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        Arguments.Positive(total_iters, nameof(total_iters));
                        if (!(start_factor is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(start_factor), start_factor, "start_factor must be above 0 and at most 1.");
                        if (!(end_factor is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(end_factor), end_factor, "end_factor must be between 0 and 1.");
                        (_start, _end, _steps) = (start_factor, end_factor, total_iters);
                        Begin();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch == 0) return Groups.Select(g => g.LearningRate * _start);
                        if (Epoch > _steps) return Groups.Select(g => g.LearningRate);
                        var rise = _end - _start;
                        return Groups.Select(g => g.LearningRate * (1 + rise / (_steps * _start + (Epoch - 1) * rise)));
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        BaseRates.Select(r => r * (_start + (_end - _start) * Math.Min(_steps, Epoch) / _steps));
                }
            }

            /// <summary>The base rate times a function of the step.</summary>
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            /// <summary>Multiplies the rate by <paramref name="gamma"/> every <paramref name="step_size"/> steps.</summary>
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            /// <summary>Goes from one factor of the base rate to another in a straight line.</summary>
            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);
        }
    }
}
