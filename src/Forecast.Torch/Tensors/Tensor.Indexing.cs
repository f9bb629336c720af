using System.Runtime.CompilerServices;
using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A part of the tensor, as in Python: numbers, ranges, <c>..</c>, ellipsis, new dimensions, masks and indices.
        /// Numbers and ranges give a view; masks and tensors of indices a copy. Assigning writes into the tensor.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>The elements at coordinates, one tensor a dimension.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => At(indices, value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Op.select_int.Call(this, 0L, i1);
            set => At([i1], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => At([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => At([i1, i2, i3], value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            var view = Narrowed(indices, out var tensors);
            if (tensors is null) return view;
            Tensor picked = Op.index_Tensor.Call(view, tensors);
            Release(view, tensors, indices);
            return picked;
        }

        public Tensor index(params Tensor[] indices) => Op.index_Tensor.Call(this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            ArgumentNullException.ThrowIfNull(value);
            var view = Narrowed(indices, out var tensors);
            if (tensors is null) Op.copy_.Apply(view, value);
            else Op.index_put_.Apply(view, tensors, value);
            Release(view, tensors, indices);
            return this;
        }

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            if (!accumulate) return index_put_(value, indices);
            var view = Narrowed(indices, out var tensors);
            if (tensors is null) Op.add__Tensor.Apply(view, value);
            else Op.index_put_.Apply(view, tensors, value, true);
            Release(view, tensors, indices);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Op.index_put_.Apply(this, indices, value);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Op.index_put_.Apply(this, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            ArgumentNullException.ThrowIfNull(value);
            using var one = torch.full([], value, dtype, device);
            return index_put_(one, indices);
        }

        private Tensor At(ReadOnlySpan<long> indices)
        {
            var part = this;
            foreach (var index in indices)
            {
                Tensor next = Op.select_int.Call(part, 0L, index);
                if (!ReferenceEquals(part, this)) part.Dispose();
                part = next;
            }

            return ReferenceEquals(part, this) ? Op.alias.Call(this) : part;
        }

        private void At(ReadOnlySpan<long> indices, Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            using var part = At(indices);
            Op.copy_.Apply(part, value);
        }

        /// <summary>Applies all but masks and tensors; those come back in their dimensions, or null when there are none.</summary>
        private Tensor Narrowed(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            var view = this;
            var place = 0;
            var found = new List<Tensor?>();
            var any = false;
            var taken = 0;
            foreach (var index in indices) taken += Consumed(index);
            if (taken > Dimensions) throw new ArgumentException($"{taken} indices are too many for a tensor of {Dimensions} dimensions", nameof(indices));
            foreach (var index in indices)
            {
                switch (index.What)
                {
                    case TensorIndex.Kind.Single:
                        view = Next(view, Op.select_int.Call(view, (long)place, index.Start!.Value));
                        break;
                    case TensorIndex.Kind.Slice:
                        view = Next(view, Op.slice_Tensor.Call(view, (long)place, index.Start, index.Stop, index.Step ?? 1));
                        found.Add(null);
                        place++;
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        var whole = (int)Dimensions - taken;
                        for (var i = 0; i < whole; i++) found.Add(null);
                        place += whole;
                        taken += whole;
                        break;
                    case TensorIndex.Kind.None:
                        view = Next(view, Op.unsqueeze.Call(view, (long)place));
                        found.Add(null);
                        place++;
                        break;
                    case TensorIndex.Kind.Bool:
                        view = Next(view, Op.unsqueeze.Call(view, (long)place));
                        found.Add(torch.full([1], index.Start != 0, ScalarType.Bool, device));
                        any = true;
                        place++;
                        break;
                    case TensorIndex.Kind.Tensor:
                        found.Add(index.Indices);
                        any = true;

                        // A mask stands for as many dimensions as it has.
                        place += Consumed(index);
                        break;
                    default:
                        throw new ArgumentException($"an index of kind {index.What} is unknown", nameof(indices));
                }
            }

            tensors = any ? [.. found] : null;
            return ReferenceEquals(view, this) ? Op.alias.Call(this) : view;
        }

        private static int Consumed(TensorIndex index) => index.What switch
        {
            TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
            TensorIndex.Kind.Tensor => index.Indices!.dtype == ScalarType.Bool ? (int)index.Indices.Dimensions : 1,
            _ => 0,
        };

        private Tensor Next(Tensor before, Tensor after)
        {
            if (!ReferenceEquals(before, this)) before.Dispose();
            return after;
        }

        private void Release(Tensor view, Tensor?[]? tensors, TensorIndex[] indices)
        {
            if (!ReferenceEquals(view, this)) view.Dispose();
            if (tensors is null) return;
            foreach (var tensor in tensors)
            {
                if (tensor is not null && !Array.Exists(indices, index => ReferenceEquals(index.Indices, tensor))) tensor.Dispose();
            }
        }
    }
}

internal static partial class Op
{
    internal static readonly Operator index_Tensor = new("index", "Tensor");
    internal static readonly Operator index_put_ = new("index_put_");
}
