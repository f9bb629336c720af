namespace Forecast.Models.Tests.Training;

/// <summary>Where tensors of these tests lie: <c>FORECAST_TEST_DEVICE</c>, else the CPU.</summary>
internal static class TestDevice
{
    public static string Name => Environment.GetEnvironmentVariable("FORECAST_TEST_DEVICE") is { Length: > 0 } told ? told : "cpu";

    public static bool IsCpu => Name == "cpu";
}
