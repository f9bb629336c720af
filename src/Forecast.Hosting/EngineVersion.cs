using System.Reflection;

namespace Forecast.Hosting;

/// <summary>What computed a number: version and commit of this build.</summary>
public static class EngineVersion
{
    public static string Current { get; } = typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unversioned";
}
