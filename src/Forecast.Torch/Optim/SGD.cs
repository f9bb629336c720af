using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Gradient descent with momentum: b = μ·b + (1 − dampening)·g, θ −= lr·b; with Nesterov's look-ahead θ −= lr·(g + μ·b). The
    /// first b is g itself. Weight decay is added to the gradient.
    /// </summary>
    /// <remarks>Source: Sutskever, Martens, Dahl and Hinton, 2013, with the rate outside of the momentum as in PyTorch.</remarks>
    public class SGD : OptimizerHelper, optim.IMomentum
    {
        private readonly SgdSettings _defaults;
        private readonly Dictionary<Modules.ParamGroup, StepBatch<SgdMoments>> _batches = new(ReferenceEqualityComparer.Instance);

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0,
            bool nesterov = false, bool maximize = false)
            : this([new ParamGroup(parameters, new Options())], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        /// <exception cref="ArgumentException">An option is outside of its range, or options contradict one another.</exception>
        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0,
            bool nesterov = false, bool maximize = false)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            _defaults = new SgdSettings(lr, momentum, dampening, weight_decay, nesterov, maximize).Checked();
            foreach (var group in parameters) Include(group);
        }

        /// <summary>The momentum of the first group; setting it sets it in every group.</summary>
        public double Momentum
        {
            get => ((ParamGroup)Groups[0]).Momentum;
            set
            {
                foreach (var group in Groups) ((ParamGroup)group).Momentum = value;
            }
        }

        /// <summary>Which of the implementations that give the same result runs; for tests.</summary>
        internal StepKind Kind { get; set; }

        public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(StepGroup, closure);

        /// <exception cref="ArgumentException">The group is another optimiser's, or shares a parameter with one that is there.</exception>
        public override void add_param_group(Modules.ParamGroup param_group)
        {
            ArgumentNullException.ThrowIfNull(param_group);
            if (param_group is not ParamGroup own) throw new ArgumentException($"The group is not one of SGD's but a {param_group.GetType()}.", nameof(param_group));
            Include(own);
        }

        private void Include(ParamGroup group)
        {
            group.Options ??= new Options();
            group.Options.Complete(_defaults);
            base.add_param_group(group);
        }

        private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

        private protected override void Rebuilt() => _batches.Clear();

        private void StepGroup(ParamGroup group)
        {
            var settings = group.Options.Settings;
            if (!_batches.TryGetValue(group, out var batch))
                _batches[group] = batch = new StepBatch<SgdMoments>(group.Parameters, p => ((State)StateOf(p)).Moments);
            foreach (var part in batch.WithGradients(m => m.Momentum is null ? 0 : 1))
                using (part)
                {
                    if (Kind == StepKind.Plain) SgdKernels.Plain(part, settings);
                    else SgdKernels.Foreach(part, settings);
                }
        }

        /// <summary>Options of one group; what is null is taken from the optimiser.</summary>
        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            internal SgdSettings Settings => new(LearningRate!.Value, momentum!.Value, dampening!.Value, weight_decay!.Value, nesterov!.Value, maximize!.Value);

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                Take(SgdSettings.Read(reader, LearningRate!.Value));
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                if (source is not Options own) throw new ArgumentException($"Options of {source?.GetType()} do not fit SGD.", nameof(source));
                base.LoadStateDict(source);
                Take(own.Settings);
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                Settings.Write(writer);
            }

            internal void Complete(SgdSettings defaults) => Take(new SgdSettings(LearningRate ?? defaults.Rate, momentum ?? defaults.Momentum, dampening ?? defaults.Dampening,
                weight_decay ?? defaults.WeightDecay, nesterov ?? defaults.Nesterov, maximize ?? defaults.Maximize).Checked());

            private void Take(SgdSettings settings)
            {
                (LearningRate, momentum, dampening) = (settings.Rate, settings.Momentum, settings.Dampening);
                (weight_decay, nesterov, maximize) = (settings.WeightDecay, settings.Nesterov, settings.Maximize);
            }
        }

        /// <summary>Parameters with options of their own.</summary>
        public class ParamGroup : ParamGroup<Options>, optim.IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0,
                bool nesterov = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }
        }

        /// <summary>The momentum of one parameter.</summary>
        public class State : OptimizerState, IDisposable
        {
            public State(Parameter parameter) : base(parameter)
            {
                Moments = new SgdMoments(parameter);
            }

            internal SgdMoments Moments { get; }

            public override void Initialize(OptimizerOptions options) => Moments.Clear();

            public override void SaveStateDict(BinaryWriter writer) => Moments.Write(writer);

            public override void LoadStateDict(BinaryReader reader) => Moments.Read(reader);

            public override void LoadStateDict(OptimizerState source) => Moments.CopyFrom(Same<State>(source).Moments);

            public override void to(Device device) => Moments.Move(device);

            public override bool ApproximatelyEquals(OptimizerState other) => other is State state && Moments.CloseTo(state.Moments);

            public void Dispose()
            {
                Moments.Dispose();
                GC.SuppressFinalize(this);
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            /// <summary>Gradient descent with momentum.</summary>
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0,
                bool nesterov = false, bool maximize = false) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            /// <summary>Gradient descent with momentum.</summary>
            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0,
                double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            /// <summary>Gradient descent with momentum.</summary>
            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0,
                bool nesterov = false, bool maximize = false) => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
