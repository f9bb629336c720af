using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A piece of a network: named parameters, buffers and sub-modules, a training flag, and the means to save, load and move
        /// them. A derived class assigns its parts to fields and calls <see cref="RegisterComponents"/> at the end of its constructor;
        /// the names of the fields become the keys of the state dict.
        /// </summary>
        /// <remarks>
        /// The module owns what is registered: registration takes it out of any dispose scope, <see cref="Dispose()"/> frees it.
        /// </remarks>
        public partial class Module : IDisposable
        {
            private readonly string _name;
            private readonly OrderedDictionary<string, Parameter> _ownParameters = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, Tensor> _ownBuffers = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, Module> _subModules = new(StringComparer.Ordinal);
            private HashSet<string>? _nonPersistent;

            protected Module(string name)
            {
                ArgumentNullException.ThrowIfNull(name);
                _name = name;
            }

            /// <summary>True while the module is being trained: dropout drops and batch normalisation uses the batch's own statistics.</summary>
            public bool training { get; private set; } = true;

            /// <summary>The name given at construction.</summary>
            public virtual string GetName() => _name;

            /// <summary>Sets <see cref="training"/> here and in every sub-module.</summary>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var module in _subModules.Values) module.train(train);
            }

            /// <summary>The same as <c>train(false)</c>.</summary>
            public virtual void eval() => train(false);

            /// <summary>Calls <paramref name="fn"/> on every sub-module, children before parents, then on this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach (var module in _subModules.Values) module.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Forgets the gradients of all parameters, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters()) Gradients.Clear(parameter, set_to_none);
            }

            /// <summary>Direct sub-modules with their names.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach (var (name, module) in _subModules) yield return (name, module);
            }

            /// <summary>Direct sub-modules.</summary>
            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            /// <summary>All modules below this one with their dotted names; a module that is shared appears once.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                var seen = new HashSet<Module>(ReferenceEqualityComparer.Instance);
                return Walk(this, "", seen);

                static IEnumerable<(string, Module)> Walk(Module parent, string prefix, HashSet<Module> seen)
                {
                    foreach (var (name, module) in parent.named_children())
                    {
                        if (!seen.Add(module)) continue;
                        yield return (prefix + name, module);
                        foreach (var below in Walk(module, prefix + name + ".", seen)) yield return below;
                    }
                }
            }

            /// <summary>All modules below this one.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>Frees parameters, buffers and sub-modules.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (var parameter in _ownParameters.Values) parameter.Dispose();
                foreach (var buffer in _ownBuffers.Values) buffer.Dispose();
                foreach (var module in _subModules.Values) module.Dispose();
            }
        }
    }
}
