using System.Text;

namespace Forecast.Torch;

/// <summary>What the engine is and runs on, for lineage and for people.</summary>
internal static unsafe class EngineInfo
{
    /// <summary>Why the engine cannot be used; null when it can.</summary>
    internal static string? Missing
    {
        get
        {
            try
            {
                _ = NativeLoader.Location;
                return null;
            }
            catch (TorchUnavailableException error)
            {
                return error.Message;
            }
        }
    }

    /// <summary>The shim's file.</summary>
    internal static string Location => NativeLoader.Location;

    /// <summary>libtorch's version, as in <c>1.13.0</c>.</summary>
    internal static string Version => Native.Text(Native.Version());

    /// <summary>libtorch's own account of its build and of its threads: BLAS, instruction sets, OpenMP. Many lines.</summary>
    internal static string Build => Native.Text(Native.BuildInfo());

    /// <summary>The CUDA runtime's version as it counts (13000 is 13.0); 0 without CUDA.</summary>
    internal static int CudaRuntime => Native.CudaRuntime();

    /// <summary>cuDNN's version as it counts; 0 without it.</summary>
    internal static int Cudnn => Native.Cudnn();

    /// <summary>The name of a CUDA device, as its driver gives it.</summary>
    /// <exception cref="TorchException">There is no such device.</exception>
    internal static string CudaName(int device)
    {
        const int capacity = 256;
        var text = stackalloc byte[capacity];
        Native.Check(Native.CudaName(device, text, capacity));
        return Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text, capacity)[..new ReadOnlySpan<byte>(text, capacity).IndexOf((byte)0)]);
    }

    /// <summary>Bytes of a CUDA device in all and free at present.</summary>
    /// <exception cref="TorchException">There is no such device.</exception>
    internal static DeviceMemory CudaMemory(int device)
    {
        DeviceMemory memory;
        Native.Check(Native.CudaMemory(device, &memory));
        return memory;
    }

    /// <summary>Makes libtorch refuse operators whose results depend on the order of threads, or take another way there.</summary>
    internal static bool Deterministic
    {
        get => Native.Check(Native.Deterministic(-1)) != 0;
        set => Native.Check(Native.Deterministic(value ? 1 : 0));
    }
}
