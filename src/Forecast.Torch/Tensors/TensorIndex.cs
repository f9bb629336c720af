namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place in an index expression: a number, a range, an ellipsis, a new dimension, a mask or a tensor of indices.</summary>
    public readonly struct TensorIndex
    {
        internal enum Kind
        {
            Single,
            Slice,
            Ellipsis,
            None,
            Bool,
            Tensor,
        }

        /// <summary>A new dimension of length one.</summary>
        public static readonly TensorIndex None = new(Kind.None);

        /// <summary>A new dimension of length one.</summary>
        public static readonly TensorIndex Null = new(Kind.None);

        /// <summary>As many whole dimensions as are left over.</summary>
        public static readonly TensorIndex Ellipsis = new(Kind.Ellipsis);

        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = new(Kind.Slice);

        internal readonly Kind What;
        internal readonly long? Start;
        internal readonly long? Stop;
        internal readonly long? Step;
        internal readonly Tensor? Indices;

        private TensorIndex(Kind what, long? start = null, long? stop = null, long? step = null, Tensor? indices = null)
        {
            What = what;
            Start = start;
            Stop = stop;
            Step = step;
            Indices = indices;
        }

        /// <summary>From <paramref name="start"/> to before <paramref name="stop"/>; negative counts from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step);

        public static TensorIndex Slice((int?, int?) range) => new(Kind.Slice, range.Item1, range.Item2);

        public static TensorIndex Slice(Range range) => new(Kind.Slice, FromStart(range.Start), ToEnd(range.End));

        public static TensorIndex Single(long? index) => new(Kind.Single, index ?? throw new ArgumentNullException(nameof(index)));

        public static TensorIndex Bool(bool value) => new(Kind.Bool, value ? 1 : 0);

        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, indices: tensor ?? throw new ArgumentNullException(nameof(tensor)));

        public static implicit operator TensorIndex(long value) => new(Kind.Single, value);

        public static implicit operator TensorIndex(Index index) => new(Kind.Single, FromStart(index));

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);

        // ^n is -n from the end, except that ^0 as a start is the end itself: nothing follows it.
        private static long FromStart(Index index) => index.IsFromEnd ? index.Value == 0 ? long.MaxValue : -index.Value : index.Value;

        private static long? ToEnd(Index index) => index.IsFromEnd ? index.Value == 0 ? null : -index.Value : index.Value;
    }
}
