namespace Forecast.Models.Engine;

/// <summary>Where tensors can live.</summary>
/// <param name="Name">As <c>--device</c> takes it: <c>cpu</c>, <c>cuda:0</c>.</param>
/// <param name="Description">The processor or card.</param>
/// <param name="MemoryTotal">Bytes; null when not known.</param>
/// <param name="MemoryFree">Bytes; null when not known.</param>
public sealed record DeviceReport(string Name, string Description, long? MemoryTotal, long? MemoryFree);

/// <summary>The tensor engine of this process.</summary>
/// <param name="Name">What stands behind <c>torch</c>.</param>
/// <param name="Available">Whether it can be used.</param>
/// <param name="Reason">Why it cannot, and what to do.</param>
/// <param name="Version">Version of libtorch.</param>
/// <param name="Library">The native library that was loaded.</param>
/// <param name="Blas">What multiplies matrices on the CPU.</param>
/// <param name="Threads">Threads of one operator on the CPU.</param>
/// <param name="InteropThreads">Operators that may run side by side.</param>
/// <param name="Cuda">Version of the CUDA runtime; null where there is none.</param>
/// <param name="Cudnn">Version of cuDNN; null where there is none.</param>
/// <param name="Devices">Where tensors can live; empty when the engine is missing.</param>
public sealed record EngineReport(
    string Name, bool Available, string? Reason, string? Version, string? Library, string? Blas, int? Threads, int? InteropThreads, string? Cuda, string? Cudnn, IReadOnlyList<DeviceReport> Devices);
