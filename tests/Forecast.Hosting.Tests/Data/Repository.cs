using System.Runtime.CompilerServices;

namespace Forecast.Hosting.Tests.Data;

/// <summary>Places in the working tree.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "../../.."));

    public static string Datasets { get; } = Path.Combine(Root, "datasets");

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
