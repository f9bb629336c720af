using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Adam: Steps in units of the gradient's own spread; weight decay is added to the gradient.
    /// </summary>
    /// <remarks>
    /// With g the gradient, m = β₁·m + (1 − β₁)·g and v = β₂·v + (1 − β₂)·g²:
    /// θ −= lr · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε). AMSGrad puts the largest v so far in the place of v. Source: Kingma and Ba, 2015; Reddi, Kale and Kumar, 2018.
    /// </remarks>
    public class Adam : OptimizerHelper, optim.IBetas
    {
        private readonly AdamSettings _defaults;
        private readonly AdamStepper _stepper;

        public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup(parameters, new Options())], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
        public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            _defaults = new AdamSettings(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize).Checked();
            _stepper = new AdamStepper(decoupled: false, p => ((State)StateOf(p)).Moments);
            foreach (var group in parameters) Include(group);
        }

        /// <summary>Both decay rates: those of the first group; setting them sets them in every group.</summary>
        public (double, double) Betas
        {
            get => ((ParamGroup)Groups[0]).Betas;
            set
            {
                foreach (var group in Groups) ((ParamGroup)group).Betas = value;
            }
        }

        /// <summary>Which of the implementations that give the same result runs; for tests.</summary>
        internal StepKind Kind
        {
            get => _stepper.Kind;
            set => _stepper.Kind = value;
        }

        public override Tensor? step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(group => _stepper.Step(group, group.Options.Settings), closure);

        /// <exception cref="ArgumentException">The group is another optimiser's, or shares a parameter with one that is there.</exception>
        public override void add_param_group(Modules.ParamGroup param_group)
        {
            ArgumentNullException.ThrowIfNull(param_group);
            if (param_group is not ParamGroup own) throw new ArgumentException($"The group is not one of Adam's but a {param_group.GetType()}.", nameof(param_group));
            Include(own);
        }

        private void Include(ParamGroup group)
        {
            group.Options ??= new Options();
            group.Options.Complete(_defaults);
            base.add_param_group(group);
        }

        private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

        private protected override void Rebuilt() => _stepper.Forget();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _stepper.Forget();
            base.Dispose(disposing);
        }

        /// <summary>Options of one group; what is null is taken from the optimiser.</summary>
        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
            public bool? amsgrad;
            public bool? maximize;

            internal AdamSettings Settings => new(LearningRate!.Value, beta1!.Value, beta2!.Value, eps!.Value, weight_decay!.Value, amsgrad!.Value, maximize!.Value);

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                Take(AdamSettings.Read(reader, LearningRate!.Value));
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                if (source is not Options own) throw new ArgumentException($"Options of {source?.GetType()} do not fit Adam.", nameof(source));
                base.LoadStateDict(source);
                Take(own.Settings);
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                Settings.Write(writer);
            }

            internal void Complete(AdamSettings defaults) => Take(new AdamSettings(LearningRate ?? defaults.Rate, beta1 ?? defaults.Beta1, beta2 ?? defaults.Beta2,
                eps ?? defaults.Epsilon, weight_decay ?? defaults.WeightDecay, amsgrad ?? defaults.AmsGrad, maximize ?? defaults.Maximize).Checked());

            private void Take(AdamSettings settings)
            {
                (LearningRate, beta1, beta2, eps) = (settings.Rate, settings.Beta1, settings.Beta2, settings.Epsilon);
                (weight_decay, amsgrad, maximize) = (settings.WeightDecay, settings.AmsGrad, settings.Maximize);
            }
        }

        /// <summary>Parameters with options of their own.</summary>
        public class ParamGroup : ParamGroup<Options>, optim.IBetas
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
            }
        }

        /// <summary>Running averages of one parameter.</summary>
        public class State : OptimizerState, IDisposable
        {
            public State(Parameter parameter) : base(parameter)
            {
                Moments = new AdamMoments(parameter);
            }

            internal AdamMoments Moments { get; }

            public override void Initialize(OptimizerOptions options) => Moments.Start(Same<Options>(options).amsgrad == true);

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
            /// <summary>Steps in units of the gradient's own spread; weight decay is added to the gradient.</summary>
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            /// <summary>Steps in units of the gradient's own spread; weight decay is added to the gradient.</summary>
            public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
                double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            /// <summary>Steps in units of the gradient's own spread; weight decay is added to the gradient.</summary>
            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
