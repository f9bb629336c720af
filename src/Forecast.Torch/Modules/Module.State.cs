using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Parameters with their dotted names, those of the module before those of its children; a shared one appears once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _ownParameters)
                    if (seen.Add(parameter)) yield return (name, parameter);
                if (!recurse) yield break;
                foreach (var (prefix, module) in named_modules())
                    foreach (var (name, parameter) in module.named_parameters(recurse: false))
                        if (seen.Add(parameter)) yield return ($"{prefix}.{name}", parameter);
            }

            /// <summary>Buffers with their dotted names.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (var (name, buffer) in _ownBuffers)
                    if (include_nonpersistent || _nonPersistent?.Contains(name) != true) yield return (name, buffer);
                if (!recurse) yield break;
                foreach (var (prefix, module) in named_modules())
                    foreach (var (name, buffer) in module.named_buffers(recurse: false, include_nonpersistent))
                        yield return ($"{prefix}.{name}", buffer);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            /// <summary>The parameter of that dotted name.</summary>
            /// <exception cref="ArgumentException">There is none.</exception>
            public virtual Parameter get_parameter(string target) =>
                Find(target, static (m, n) => m._ownParameters.GetValueOrDefault(n)) ?? throw Missing("parameter", target);

            /// <summary>The buffer of that dotted name.</summary>
            /// <exception cref="ArgumentException">There is none.</exception>
            public virtual Tensor get_buffer(string target) =>
                Find(target, static (m, n) => m._ownBuffers.GetValueOrDefault(n)) ?? throw Missing("buffer", target);

            public virtual bool has_parameter(string target) => Find(target, static (m, n) => m._ownParameters.GetValueOrDefault(n)) is not null;

            public virtual bool has_buffer(string target) => Find(target, static (m, n) => m._ownBuffers.GetValueOrDefault(n)) is not null;

            /// <summary>
            /// Every parameter and persistent buffer under its dotted name: a module's own parameters, its buffers, then its children in
            /// the order of registration, as PyTorch lists them. The tensors are the module's own, not copies.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= new(StringComparer.Ordinal);
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in _ownParameters) destination[start + name] = parameter;
                foreach (var (name, buffer) in named_buffers(recurse: false, include_nonpersistent: false)) destination[start + name] = buffer;
                foreach (var (name, module) in _subModules) module.state_dict(destination, start + name);
                return destination;
            }

            /// <summary>Copies the values of <paramref name="source"/> into the tensors of the same names, across dtypes and devices.</summary>
            /// <param name="source">Tensors by dotted name.</param>
            /// <param name="strict">Whether names that are missing or unknown are an error.</param>
            /// <param name="skip">Names to leave alone; they count neither as missing nor as unknown.</param>
            /// <returns>The names that the source lacks, and those that this module does not know.</returns>
            /// <exception cref="InvalidOperationException">Names do not match while <paramref name="strict"/>; nothing was copied.</exception>
            /// <exception cref="ArgumentException">A shape differs; nothing was copied.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var target = state_dict();
                var missing = target.Keys.Where(k => !source.ContainsKey(k) && skip?.Contains(k) != true).ToList();
                var unexpected = source.Keys.Where(k => !target.ContainsKey(k) && skip?.Contains(k) != true).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        $"The state dict does not fit module '{_name}': missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");

                var pairs = target.Where(t => source.ContainsKey(t.Key) && skip?.Contains(t.Key) != true).ToList();
                foreach (var (key, tensor) in pairs)
                    if (!tensor.shape.AsSpan().SequenceEqual(source[key].shape))
                        throw new ArgumentException(
                            $"'{key}' has shape [{string.Join(", ", source[key].shape)}] in the state dict but [{string.Join(", ", tensor.shape)}] in module '{_name}'.", nameof(source));

                using (no_grad())
                    foreach (var (key, tensor) in pairs) tensor.copy_(source[key]);
                return (missing, unexpected);
            }

            private T? Find<T>(string target, Func<Module, string, T?> own) where T : class
            {
                ArgumentNullException.ThrowIfNull(target);
                var module = this;
                var parts = target.Split('.');
                foreach (var part in parts.AsSpan(0, parts.Length - 1))
                    if (!module._subModules.TryGetValue(part, out module!)) return null;
                return own(module, parts[^1]);
            }

            private ArgumentException Missing(string kind, string target) => new($"Module '{_name}' has no {kind} named '{target}'.", nameof(target));
        }
    }
}
