namespace Forecast.Tests.Shared;

/// <summary>Where the repository lies that the running tests were built from. Linked into every test project.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A path inside the repository.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Forecast.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Forecast.sln");
    }
}
