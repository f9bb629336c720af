using System.Collections;
using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Parameters in order, registered under their positions ("0", "1", ...).</summary>
    public class ParameterList : nn.Module, IList<Parameter>
    {
        private readonly List<Parameter> _list = [];

        public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList))
        {
            extend(parameters);
        }

        public int Count => _list.Count;

        public bool IsReadOnly => false;

        public Parameter this[int index]
        {
            get => _list[index];
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                _list[index] = value;
                Renumber(_list.Count);
            }
        }

        /// <summary>Adds parameters at the end.</summary>
        public void append(params Parameter[] parameters) => extend(parameters);

        /// <summary>Adds parameters at the end.</summary>
        public void extend(IEnumerable<Parameter> parameters)
        {
            ArgumentNullException.ThrowIfNull(parameters);
            foreach (var parameter in parameters) Add(parameter);
        }

        public void Add(Parameter item)
        {
            ArgumentNullException.ThrowIfNull(item);
            register_parameter(Key(_list.Count), item);
            _list.Add(item);
        }

        public void Insert(int index, Parameter item)
        {
            ArgumentNullException.ThrowIfNull(item);
            var before = _list.Count;
            _list.Insert(index, item);
            Renumber(before);
        }

        public bool Remove(Parameter item)
        {
            var index = IndexOf(item);
            if (index < 0) return false;
            RemoveAt(index);
            return true;
        }

        public void RemoveAt(int index)
        {
            var before = _list.Count;
            _list.RemoveAt(index);
            Renumber(before);
        }

        public void Clear()
        {
            var before = _list.Count;
            _list.Clear();
            Renumber(before);
        }

        public bool Contains(Parameter item) => IndexOf(item) >= 0;

        // Tensors are compared as objects: equality of values is a tensor operation.
        public int IndexOf(Parameter item) => _list.FindIndex(p => ReferenceEquals(p, item));

        public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static string Key(int index) => index.ToString(CultureInfo.InvariantCulture);

        private void Renumber(int before)
        {
            for (var i = 0; i < before; i++) ConditionallyRegisterParameter(Key(i), null);
            for (var i = 0; i < _list.Count; i++) register_parameter(Key(i), _list[i]);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Parameters in order, registered under their positions.</summary>
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }
}
