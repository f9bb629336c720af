using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimisers: they change parameters in place, in the direction that their gradients show.</summary>
    public static partial class optim
    {
        /// <summary>What a learning-rate schedule steers: a group of parameters.</summary>
        public interface ILearningRateController
        {
            /// <summary>The rate that the group started with.</summary>
            double InitialLearningRate { get; set; }

            /// <summary>The rate of the next step.</summary>
            double LearningRate { get; set; }
        }

        /// <summary>Has a momentum that a schedule may steer.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        /// <summary>Has two decay rates of running averages; a schedule may steer the first as a momentum.</summary>
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }

        /// <summary>The base of all optimisers.</summary>
        public abstract class Optimizer : IDisposable
        {
            private protected Optimizer()
            {
            }

            /// <summary>The groups of parameters, each with a learning rate of its own.</summary>
            public IEnumerable<ILearningRateController> ParamGroups => Groups;

            private protected abstract IReadOnlyList<ParamGroup> Groups { get; }

            /// <summary>Updates all parameters that have a gradient, once.</summary>
            /// <param name="closure">Computes the loss and its gradients anew, when given.</param>
            /// <returns>The closure's loss, or null.</returns>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotSupportedException($"{GetType().Name} does not say how to take a step.");

            /// <summary>Forgets the gradients of all parameters.</summary>
            public virtual void zero_grad()
            {
                foreach (var group in Groups)
                    foreach (var parameter in group.Parameters) Gradients.Clear(parameter, toNone: true);
            }

            /// <summary>The parameters of all groups.</summary>
            public virtual IEnumerable<Parameter> parameters() => Groups.SelectMany(g => g.Parameters);

            /// <summary>Adds a group of parameters; options that it leaves open are those the optimiser was made with.</summary>
            public virtual void add_param_group(ParamGroup param_group) => throw new NotSupportedException($"{GetType().Name} takes no further groups.");

            /// <summary>Frees running averages; the parameters stay.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing) Release();
            }

            /// <summary>Frees what the optimiser remembers.</summary>
            private protected abstract void Release();

            /// <summary>Options of the groups, states of the parameters, and which state belongs to which group.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                /// <summary>The options of each group.</summary>
                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>The state of each parameter, in the order of the groups.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group the positions of its parameters' states in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
