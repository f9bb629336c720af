using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules in order, registered under their positions ("0", "1", ...). It has no forward pass of its own.</summary>
    public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
    {
        private readonly List<T> _list = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<T>))
        {
            extend(modules);
        }

        public int Count => _list.Count;

        public bool IsReadOnly => false;

        public T this[int index]
        {
            get => _list[index];
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                _list[index] = value;
                RegisterComponents();
            }
        }

        /// <summary>Adds modules at the end.</summary>
        public void append(params T[] parameters) => extend(parameters);

        /// <summary>Adds modules at the end.</summary>
        public void extend(IEnumerable<T> modules)
        {
            ArgumentNullException.ThrowIfNull(modules);
            foreach (var module in modules) Add(module);
        }

        public void Add(T item)
        {
            ArgumentNullException.ThrowIfNull(item);
            register_module(_list.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), item);
            _list.Add(item);
        }

        public void Insert(int index, T item)
        {
            ArgumentNullException.ThrowIfNull(item);
            _list.Insert(index, item);
            RegisterComponents();
        }

        public bool Remove(T item)
        {
            var removed = _list.Remove(item);
            if (removed) RegisterComponents();
            return removed;
        }

        public void RemoveAt(int index)
        {
            _list.RemoveAt(index);
            RegisterComponents();
        }

        public void Clear()
        {
            _list.Clear();
            RegisterComponents();
        }

        public bool Contains(T item) => _list.Contains(item);

        public int IndexOf(T item) => _list.IndexOf(item);

        public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Registers the modules anew, so that their names are their positions after a change.</summary>
        protected override void RegisterComponents()
        {
            ClearModules();
            for (var i = 0; i < _list.Count; i++) register_module(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _list[i]);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Modules in order, registered under their positions.</summary>
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            /// <summary>Modules in order, registered under their positions.</summary>
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
        }
    }
}
