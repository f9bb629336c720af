using System.Globalization;
using Forecast.Torch;

namespace TorchSharp;

/// <summary>Kinds of device; the numbers are libtorch's own.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    META = 14,
}

public static partial class torch
{
    /// <summary>Where a tensor lives: <c>cpu</c>, or <c>cuda</c> with the number of a device (-1: the current one).</summary>
    public class Device
    {
        /// <exception cref="ArgumentException">The text is not <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>meta</c>.</exception>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var colon = description.IndexOf(':', StringComparison.Ordinal);
            type = Parse(colon < 0 ? description : description[..colon], description);
            index = -1;
            if (colon < 0) return;
            if (!int.TryParse(description.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new ArgumentException($"'{description}' is not a device; write cpu, cuda or cuda:0", nameof(description));
            }

            index = number;
        }

        public Device(string deviceType, int index = -1)
        {
            type = Parse(deviceType, deviceType);
            this.index = index;
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>The CUDA device with this number.</summary>
        public Device(int index)
        {
            type = DeviceType.CUDA;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
            var name = type.ToString().ToLowerInvariant();
            return index < 0 ? name : $"{name}:{index}";
        }

        private static DeviceType Parse(string name, string whole) => name switch
        {
            "cpu" or "CPU" => DeviceType.CPU,
            "cuda" or "CUDA" => DeviceType.CUDA,
            "meta" or "META" => DeviceType.META,
            _ => throw new ArgumentException($"'{whole}' is not a device; write cpu, cuda or cuda:0", nameof(name)),
        };
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    public static readonly Device META = new(DeviceType.META);

    private static Device defaultDevice = CPU;

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    /// <summary>The device of factories that are not told one.</summary>
    public static Device get_default_device() => defaultDevice;

    /// <summary>Sets the device of factories that are not told one.</summary>
    public static void set_default_device(Device device) => defaultDevice = device ?? throw new ArgumentNullException(nameof(device));

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>What concerns CUDA devices alone.</summary>
    public static partial class cuda
    {
        /// <summary>Whether this libtorch has CUDA and finds a device.</summary>
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => is_available() && Native.Cudnn() > 0;

        public static int device_count() => Native.CudaDevices();

        /// <summary>Seeds the generator of the current device; nothing where there is none.</summary>
        public static void manual_seed(long seed) => Native.Check(Native.ManualSeedCuda(seed, 0));

        /// <summary>Seeds the generators of all devices; nothing where there is none.</summary>
        public static void manual_seed_all(long seed) => Native.Check(Native.ManualSeedCuda(seed, 1));

        /// <summary>Waits until a device (null: the current one) has done what was asked of it.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.CudaSynchronize(device?.index ?? -1));
    }
}
