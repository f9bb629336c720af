using System.Reflection;
using System.Runtime.InteropServices;

namespace Forecast.Torch;

/// <summary>
/// Finds <c>libforecast_torch.so</c>: where <c>FORECAST_TORCH</c> says (a file or its folder), beside the program, or in
/// <c>artifacts/native</c> of the checkout that the program was built from.
/// </summary>
internal static unsafe class NativeLoader
{
    internal const string Name = "forecast_torch";
    private const string FileName = "libforecast_torch.so";
    private const string Variable = "FORECAST_TORCH";
    private const int Abi = 1;

    private static readonly Lock Gate = new();
    private static nint library;
    private static string? location;

    /// <summary>The file that was loaded; loads it when that has not happened yet.</summary>
    /// <exception cref="TorchUnavailableException">It is missing or does not fit.</exception>
    internal static string Location
    {
        get
        {
            Load();
            return location!;
        }
    }

    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? Load() : 0;

    private static nint Load()
    {
        lock (Gate)
        {
            if (library != 0) return library;
            var found = Find();
            nint handle;
            try
            {
                handle = NativeLibrary.Load(found);
            }
            catch (DllNotFoundException error)
            {
                throw new TorchUnavailableException($"{found} could not be loaded, most likely because the libtorch that it was built for has moved or gone: {error.Message}");
            }

            var abi = NativeLibrary.TryGetExport(handle, "ft_abi", out var entry) ? ((delegate* unmanaged<int>)entry)() : 0;
            if (abi != Abi)
            {
                throw new TorchUnavailableException($"{found} was built from other sources (interface {abi}, wanted {Abi}); build it again: see src/Forecast.Torch/native/README.md");
            }

            location = found;
            return library = handle;
        }
    }

    private static string Find()
    {
        var told = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(told))
        {
            var file = Directory.Exists(told) ? Path.Combine(told, FileName) : told;
            return File.Exists(file) ? Path.GetFullPath(file) : throw new TorchUnavailableException($"{Variable} points to '{told}', where there is no {FileName}");
        }

        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(beside)) return beside;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "artifacts", "native", FileName);
            if (File.Exists(built)) return built;
        }

        throw new TorchUnavailableException(
            $"the tensor engine is missing: no {FileName} beside the program, in artifacts/native, or where {Variable} says. " +
            "./forecast, ./run and ./test build it; by hand: see src/Forecast.Torch/native/README.md");
    }
}
