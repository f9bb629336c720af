using System.Runtime.InteropServices;

namespace Forecast.Models.Engine;

/// <summary>What the machine says of itself.</summary>
public static class HostReport
{
    /// <summary>The processor with the memory that this process may use.</summary>
    public static DeviceReport Cpu()
    {
        var (total, free) = Memory();
        return new DeviceReport("cpu", $"{Processor()}, {Environment.ProcessorCount} logical cores", total, free);
    }

    /// <summary>The BLAS library that is loaded into this process, or null when none has a file of its own.</summary>
    public static string? LoadedBlas()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var paths = File.ReadLines("/proc/self/maps").Select(l => l[(l.LastIndexOf(' ') + 1)..])
            .Where(p => Path.GetFileName(p) is { } name && (name.StartsWith("libopenblas", StringComparison.Ordinal) || name.StartsWith("libblas", StringComparison.Ordinal) || name.StartsWith("libmkl_rt", StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal);
        // Debian's libblas is a name for one of several libraries; where it leads says which.
        return paths.OrderByDescending(p => p.Contains("openblas", StringComparison.Ordinal)).FirstOrDefault();
    }

    private static string Processor()
    {
        const string Key = "model name";
        var named = OperatingSystem.IsLinux() && File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return named is null ? RuntimeInformation.ProcessArchitecture.ToString() : named[(named.IndexOf(':') + 1)..].Trim();
    }

    private static (long Total, long? Free) Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!OperatingSystem.IsLinux()) return (total, null);
        const string Key = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        var parts = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (total, parts is [_, var kib, ..] && long.TryParse(kib, out var value) ? Math.Min(total, value << 10) : null);
    }
}
