using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Registers what the fields of the derived class hold: modules, parameters, and other tensors as buffers, each under the
            /// name of its field (or of its <see cref="Utils.ComponentNameAttribute"/>), in the order of declaration. Empty fields
            /// are passed over.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in ComponentFields.Of(GetType()))
                {
                    switch (field.Info.GetValue(this))
                    {
                        case Module module when !IsHeld(_subModules, field.Name, module): register_module(field.Name, module); break;
                        case Parameter parameter when !IsHeld(_ownParameters, field.Name, parameter): register_parameter(field.Name, parameter); break;
                        case Modules.Parameter: case Module: break;
                        case Tensor tensor when !IsHeld(_ownBuffers, field.Name, tensor): register_buffer(field.Name, tensor); break;
                    }
                }
            }

            /// <summary>Adds a parameter under a name of its own.</summary>
            /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                CheckName(name, "parameter");
                param.DetachFromDisposeScope();
                _ownParameters.Add(name, param);
            }

            /// <summary>Adds a tensor that is part of the state but is not trained. One that is not persistent stays out of the state dict.</summary>
            /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                CheckName(name, "buffer");
                tensor.DetachFromDisposeScope();
                _ownBuffers.Add(name, tensor);
                if (!persistent) (_nonPersistent ??= new(StringComparer.Ordinal)).Add(name);
            }

            /// <summary>Adds a sub-module under a name of its own.</summary>
            /// <exception cref="ArgumentException">The name is empty, holds a dot, or is taken.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                CheckName(name, "module");
                _subModules.Add(name, submodule);
            }

            /// <summary>Adds a sub-module under a name of its own.</summary>
            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Puts <paramref name="value"/> in the place of the parameter of that name; null takes it away.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                _ownParameters.Remove(name);
                if (value is not null) register_parameter(name, value);
            }

            /// <summary>Puts <paramref name="value"/> in the place of the buffer of that name; null takes it away.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                _ownBuffers.Remove(name);
                if (value is not null) register_buffer(name, value, persistent);
            }

            /// <summary>Forgets all sub-modules.</summary>
            protected void ClearModules() => _subModules.Clear();

            private void CheckName(string name, string kind)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"The name '{name}' of a {kind} of module '{_name}' holds a dot; dots separate levels in state dicts.", nameof(name));
                if (_ownParameters.ContainsKey(name) || _ownBuffers.ContainsKey(name) || _subModules.ContainsKey(name))
                    throw new ArgumentException($"Module '{_name}' already has a component named '{name}'; each {kind} needs a name of its own.", nameof(name));
            }

            private static bool IsHeld<T>(OrderedDictionary<string, T> held, string name, T value) where T : class =>
                held.TryGetValue(name, out var present) && ReferenceEquals(present, value);
        }

        /// <summary>The fields of a module class that may hold components, found once a class.</summary>
        private static class ComponentFields
        {
            private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, (string Name, FieldInfo Info)[]> Found = new();

            internal static (string Name, FieldInfo Info)[] Of(Type type) => Found.GetOrAdd(type, static t =>
            [
                .. t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Where(f => CanHoldComponent(f.FieldType))
                    .OrderByDescending(f => Depth(f.DeclaringType!)).ThenBy(f => f.MetadataToken)
                    .Select(f => (f.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name ?? f.Name, f)),
            ]);

            // A field of an interface type or of object may hold a module as well; what it holds decides.
            private static bool CanHoldComponent(Type type) =>
                typeof(Module).IsAssignableFrom(type) || typeof(Tensor).IsAssignableFrom(type) || type.IsInterface || type == typeof(object);

            private static int Depth(Type type)
            {
                var depth = 0;
                for (var t = type; t is not null; t = t.BaseType) depth++;
                return depth;
            }
        }
    }
}
