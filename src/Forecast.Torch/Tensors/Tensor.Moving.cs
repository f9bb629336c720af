using Forecast.Torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>This tensor in another type on another device; itself when it is so already and no copy is asked for.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Moved(type, device, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Moved(type, null, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Moved(null, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Moved(null, new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => Moved(other.dtype, other.device, false, false, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Moved(type, null, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(torch.CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? torch.CUDA, non_blocking: non_blocking);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @short() => to(ScalarType.Int16);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @bool() => to(ScalarType.Bool);

        /// <summary>A copy in page-locked memory, from which copies to CUDA need not wait.</summary>
        public Tensor pin_memory() => Op.pin_memory.Call(this);

        private Tensor Moved(ScalarType? type, Device? device, bool copy, bool disposeAfter, bool nonBlocking)
        {
            var info = Info();
            var sameType = type is null || (int)type == info.ScalarType;
            var sameDevice = device is null || ((int)device.type == info.DeviceType && (device.index < 0 || device.index == info.DeviceIndex || device.type == DeviceType.CPU));
            if (sameType && sameDevice && !copy) return this;
            Tensor moved = Op.to_dtype_layout.Call(this, type ?? (ScalarType)info.ScalarType, Arg.None, device, Arg.None, nonBlocking, copy);
            if (disposeAfter) Dispose();
            return moved;
        }
    }
}

internal static partial class Op
{
    internal static readonly Operator pin_memory = new("pin_memory");
    internal static readonly Operator to_dtype_layout = new("to", "dtype_layout");
}
