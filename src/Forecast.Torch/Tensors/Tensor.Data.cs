using System.Numerics;
using System.Runtime.InteropServices;
using Forecast.Torch;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The raw bytes of a contiguous tensor in main memory: a view, valid while the tensor is.</summary>
        /// <exception cref="InvalidOperationException">The tensor lies on another device, is not contiguous or is too large for a span.</exception>
        public Span<byte> bytes
        {
            get
            {
                unsafe
                {
                    var data = HostData();
                    if (!is_contiguous()) throw new InvalidOperationException("only a contiguous tensor can be seen as bytes; call contiguous() first");
                    var length = NumberOfElements * ElementSize;
                    return length <= int.MaxValue ? new Span<byte>((void*)data, (int)length) : throw new InvalidOperationException($"{length} bytes do not fit a span");
                }
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"the tensor has {target.Length} bytes, the span {value.Length}", nameof(value));
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        /// <summary>The elements, for reading and writing in place; the tensor must lie in main memory.</summary>
        /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
        public TensorAccessor<T> data<T>() => new(this);

        /// <summary>The value of a tensor with one element.</summary>
        /// <exception cref="InvalidOperationException">There are more elements or none, or <typeparamref name="T"/> is not the element type.</exception>
        public T item<T>()
        {
            if (NumberOfElements != 1) throw new InvalidOperationException($"item() needs a tensor with one element; this one has {NumberOfElements}");
            var type = dtype;
            if (type == ScalarType.BFloat16 && typeof(T) == typeof(float)) return (T)(object)(float)Read().Real;
            if (type != TypeOf<T>()) throw new InvalidOperationException($"the tensor holds {type}, not {typeof(T).Name}");
            var value = Read();
            if (typeof(T) == typeof(float)) return (T)(object)(float)value.Real;
            if (typeof(T) == typeof(double)) return (T)(object)value.Real;
            if (typeof(T) == typeof(long)) return (T)(object)value.Integer;
            if (typeof(T) == typeof(int)) return (T)(object)(int)value.Integer;
            if (typeof(T) == typeof(bool)) return (T)(object)(value.Integer != 0);
            if (typeof(T) == typeof(byte)) return (T)(object)(byte)value.Integer;
            if (typeof(T) == typeof(sbyte)) return (T)(object)(sbyte)value.Integer;
            if (typeof(T) == typeof(short)) return (T)(object)(short)value.Integer;
            if (typeof(T) == typeof(Half)) return (T)(object)(Half)value.Real;
            var complex = ComplexOf(value);
            return typeof(T) == typeof(Complex) ? (T)(object)complex : (T)(object)((float)complex.Real, (float)complex.Imaginary);
        }

        /// <summary>The value of a tensor with one element, with its type.</summary>
        public Scalar ToScalar()
        {
            if (NumberOfElements != 1) throw new InvalidOperationException($"a scalar needs a tensor with one element; this one has {NumberOfElements}");
            var value = Read();
            return value.Tag switch
            {
                ValueTag.Bool => value.Integer != 0,
                ValueTag.Int => value.Integer,
                ValueTag.Double => value.Real,
                _ => ComplexOf(value),
            };
        }

        public static explicit operator float(Tensor value) => (float)value.ToScalar().Real;

        public static explicit operator double(Tensor value) => value.ToScalar().Real;

        public static explicit operator byte(Tensor value) => value.ToScalar().ToByte();

        public static explicit operator sbyte(Tensor value) => value.ToScalar().ToSByte();

        public static explicit operator short(Tensor value) => value.ToScalar().ToInt16();

        public static explicit operator int(Tensor value) => value.ToScalar().ToInt32();

        public static explicit operator long(Tensor value) => value.ToScalar().Integer;

        public static explicit operator bool(Tensor value) => value.ToScalar().ToBoolean();

        /// <summary>Copies all elements, in row order, to main memory, from whatever device and layout.</summary>
        internal unsafe void CopyTo<T>(Span<T> destination)
            where T : unmanaged
        {
            if (dtype != TypeOf<T>()) throw new InvalidOperationException($"the tensor holds {dtype}, not {typeof(T).Name}");
            if (destination.Length != NumberOfElements) throw new ArgumentException($"the tensor has {NumberOfElements} elements, the destination {destination.Length}", nameof(destination));
            fixed (byte* target = MemoryMarshal.AsBytes(destination))
            {
                Native.Check(Native.CopyToHost(Handle, target, (long)destination.Length * sizeof(T)));
            }

            GC.KeepAlive(this);
        }

        /// <summary>The address of the first element, in main memory.</summary>
        internal unsafe nint HostData()
        {
            if (device_type != DeviceType.CPU) throw new InvalidOperationException($"reading elements needs a tensor in main memory, not on {device}; call cpu() first");
            var data = Native.Data(Handle);
            if (data is null && NumberOfElements > 0) throw Native.Failure();
            GC.KeepAlive(this);
            return (nint)data;
        }

        private unsafe NativeValue Read()
        {
            NativeValue value;
            Native.Check(Native.Item(Handle, &value));
            GC.KeepAlive(this);
            return value;
        }

        private static unsafe Complex ComplexOf(NativeValue value)
        {
            var parts = (double*)value.Handle;
            var complex = new Complex(parts[0], parts[1]);
            Native.Free(value.Handle);
            return complex;
        }
    }
}
