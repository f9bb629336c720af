using TorchSharp;

namespace Forecast.Torch.Tests;

/// <summary>
/// Where the tests' tensors live: the CPU, or what <c>FORECAST_TEST_DEVICE</c> names (cuda, cuda:1). Tolerances follow, since
/// reductions add up in another order there and special functions differ in their last bits.
/// </summary>
internal static class TestDevice
{
    public static torch.Device Device { get; } = new(Environment.GetEnvironmentVariable("FORECAST_TEST_DEVICE") is { Length: > 0 } name ? name : "cpu");

    public static bool IsCuda => Device.type == DeviceType.CUDA;

    /// <summary>What a result may differ from PyTorch's on the CPU, relative to the larger of one and its size.</summary>
    public static double Tolerance(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat64 => IsCuda ? 1e-11 : 1e-12,
        torch.ScalarType.BFloat16 => 2e-2,
        torch.ScalarType.Float16 => 3e-3,
        _ => IsCuda ? 2e-5 : 3e-6,
    };

    /// <summary>The same tensor on the tests' device.</summary>
    public static torch.Tensor On(torch.Tensor tensor) => tensor.to(Device);
}
