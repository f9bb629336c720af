using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Moves a module between devices and floating-point types and hands the same module back, typed.</summary>
public static class ModuleExtensionMethods
{
    /// <summary>Moves to <paramref name="device"/>.</summary>
    public static T to<T>(this T module, Device device, bool non_blocking = false) where T : nn.Module => Move(module, device, null, non_blocking);

    /// <summary>Moves to <paramref name="device"/> and changes floating-point tensors to <paramref name="type"/>.</summary>
    public static T to<T>(this T module, Device device, ScalarType type, bool non_blocking = false) where T : nn.Module => Move(module, device, type, non_blocking);

    /// <summary>Changes floating-point tensors to <paramref name="type"/>.</summary>
    public static T to<T>(this T module, ScalarType type, bool non_blocking = false) where T : nn.Module => Move(module, null, type, non_blocking);

    /// <summary>Moves to the device that a string such as "cuda:0" names.</summary>
    public static T to<T>(this T module, string device, bool non_blocking = false) where T : nn.Module => Move(module, new Device(device), null, non_blocking);

    /// <summary>Moves to a kind of device; <paramref name="deviceIndex"/> -1 is its current one.</summary>
    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module =>
        Move(module, new Device(deviceType, deviceIndex), null, non_blocking);

    public static T cpu<T>(this T module, bool non_blocking = false) where T : nn.Module => Move(module, CPU, null, non_blocking);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module =>
        Move(module, new Device(DeviceType.CUDA, deviceIndex), null, non_blocking);

    public static T @float<T>(this T module, bool non_blocking = false) where T : nn.Module => Move(module, null, ScalarType.Float32, non_blocking);

    public static T @double<T>(this T module, bool non_blocking = false) where T : nn.Module => Move(module, null, ScalarType.Float64, non_blocking);

    public static T half<T>(this T module, bool non_blocking = false) where T : nn.Module => Move(module, null, ScalarType.Float16, non_blocking);

    public static T bfloat16<T>(this T module, bool non_blocking = false) where T : nn.Module => Move(module, null, ScalarType.BFloat16, non_blocking);

    private static T Move<T>(T module, Device? device, ScalarType? type, bool non_blocking) where T : nn.Module
    {
        ArgumentNullException.ThrowIfNull(module);
        module.MoveTo(device, type, non_blocking);
        return module;
    }
}
