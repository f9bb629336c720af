using System.Globalization;
using Forecast.Core;
using TorchSharp;

namespace Forecast.Models.Training;

/// <summary>The device words of command line, API and runs: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, <c>auto</c>.</summary>
public static class TorchDevice
{
    private static readonly Lazy<string> Version = new(Start);

    /// <summary>
    /// The device by its full name, for lineage: <c>cuda</c> is <c>cuda:0</c>; <c>auto</c> is the first GPU where the tensor engine
    /// finds one, else <c>cpu</c>. <c>cpu</c> needs no tensor engine.
    /// </summary>
    /// <exception cref="ForecastException">No device word, or a GPU that is not there.</exception>
    public static string Resolve(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = text.Trim().ToLowerInvariant();
        if (word is "cpu") return word;
        if (word is "auto") return Gpus() > 0 ? "cuda:0" : "cpu";
        var number = word is "cuda" ? 0 : word.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
        if (number < 0) throw new ForecastException("device-unknown", $"device '{text}' is not known; write cpu, cuda, cuda:0 or auto", "device");
        Require();
        var found = torch.cuda.device_count();
        return number < found
            ? $"cuda:{number}"
            : throw new ForecastException("device-missing", found == 0 ? $"device '{text}': the tensor engine (libtorch {Version.Value}) finds no GPU" : $"device '{text}': there are {found} GPUs, cuda:0 to cuda:{found - 1}", "device");
    }

    /// <summary>Engine and version for the lineage, as <c>libtorch 1.13.1 on cpu</c>.</summary>
    /// <exception cref="ForecastException">The tensor engine or the device is missing.</exception>
    public static string Describe(string device)
    {
        var resolved = Resolve(device);
        Require();
        return $"libtorch {Version.Value} on {resolved}";
    }

    /// <exception cref="ForecastException">The tensor engine or the device is missing.</exception>
    public static torch.Device Open(string device)
    {
        var resolved = Resolve(device);
        Require();
        return torch.device(resolved);
    }

    private static int Gpus()
    {
        try
        {
            return Version.Value.Length > 0 ? torch.cuda.device_count() : 0;
        }
        catch (DllNotFoundException)
        {
            return 0;  // no engine, no GPU: the CPU is what is left
        }
    }

    private static void Require()
    {
        try
        {
            _ = Version.Value;
        }
        catch (DllNotFoundException e)
        {
            throw new ForecastException("engine-missing", $"networks need the tensor engine: {e.Message}", "device", inner: e);
        }
    }

    /// <summary>
    /// One thread an operator: the same sums in the same order on every machine, and work items run side by side instead.
    /// </summary>
    private static string Start()
    {
        torch.set_num_threads(1);
        return torch.__version__;
    }
}
