using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long[] shape
        {
            get
            {
                unsafe
                {
                    var info = Info();
                    var sizes = new ReadOnlySpan<long>(info.Sizes, info.Dimensions).ToArray();
                    GC.KeepAlive(this);
                    return sizes;
                }
            }
        }

        public ScalarType dtype => (ScalarType)Info().ScalarType;

        public Device device
        {
            get
            {
                var info = Info();
                return info.DeviceType == (int)DeviceType.CPU ? torch.CPU : new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Info().DeviceType;

        public int device_index => Info().DeviceIndex;

        public long ndim => Info().Dimensions;

        public long Dimensions => Info().Dimensions;

        public long NumberOfElements => Info().Elements;

        /// <summary>Bytes of one element.</summary>
        public long ElementSize => dtype.ElementSize();

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => Has(TensorFlags.Sparse);

        public bool is_leaf => Has(TensorFlags.Leaf);

        /// <summary>The transpose with all dimensions reversed.</summary>
        public Tensor T => Op.numpy_T.Call(this);

        /// <summary>The transpose of the last two dimensions.</summary>
        public Tensor mT => Op.mT.Call(this);

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        /// <summary>The length of one dimension; negative counts from the last.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
        public long size(int dim)
        {
            unsafe
            {
                var info = Info();
                var size = info.Sizes[Place(dim, info.Dimensions)];
                GC.KeepAlive(this);
                return size;
            }
        }

        public long[] stride()
        {
            unsafe
            {
                var info = Strided();
                var strides = new ReadOnlySpan<long>(info.Strides, info.Dimensions).ToArray();
                GC.KeepAlive(this);
                return strides;
            }
        }

        public long stride(int dim)
        {
            unsafe
            {
                var info = Strided();
                var stride = info.Strides[Place(dim, info.Dimensions)];
                GC.KeepAlive(this);
                return stride;
            }
        }

        public long storage_offset()
        {
            var offset = Native.StorageOffset(Handle);
            GC.KeepAlive(this);
            return offset >= 0 ? offset : throw Native.Failure();
        }

        public bool is_contiguous() => Has(TensorFlags.Contiguous);

        public bool is_pinned() => Has(TensorFlags.Pinned);

        public bool is_conj() => Has(TensorFlags.Conjugate);

        public bool is_neg() => Has(TensorFlags.Negative);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>The same object, or another with equal type, shape and values.</summary>
        public bool Equals(Tensor target)
        {
            if (ReferenceEquals(this, target)) return true;
            if (target is null || IsInvalid || target.IsInvalid) return false;
            return dtype == target.dtype && shape.AsSpan().SequenceEqual(target.shape) && Op.equal.Call(this, target);
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        internal unsafe NativeTensorInfo Info()
        {
            NativeTensorInfo info;
            Native.Check(Native.Info(Handle, &info));
            GC.KeepAlive(this);
            return info;
        }

        private NativeTensorInfo Strided()
        {
            var info = Info();
            unsafe
            {
                return info.Strides is not null ? info : throw new InvalidOperationException("a sparse tensor has no strides");
            }
        }

        private bool Has(TensorFlags flag)
        {
            var flags = (TensorFlags)Native.Check(Native.Flags(Handle));
            GC.KeepAlive(this);
            return (flags & flag) == flag;
        }

        private static int Place(int dim, int dimensions)
        {
            var place = dim < 0 ? dim + dimensions : dim;
            return place >= 0 && place < dimensions ? place : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"the tensor has {dimensions} dimensions");
        }
    }

    public static bool is_tensor(object obj) => obj is Tensor;

    public static long numel(Tensor input) => input.numel();

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static bool is_integral(Tensor t) => t.is_integral();
}

internal static partial class Op
{
    internal static readonly Operator numpy_T = new("numpy_T");
    internal static readonly Operator mT = new("mT");
    internal static readonly Operator equal = new("equal");
}
