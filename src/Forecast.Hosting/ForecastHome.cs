namespace Forecast.Hosting;

/// <summary>Where an embedded installation keeps what it writes, and where the shipped series lie.</summary>
public static class ForecastHome
{
    /// <summary><c>FORECAST_HOME</c>, else <c>.forecast</c> in the user's home folder.</summary>
    public static string Root => Environment.GetEnvironmentVariable("FORECAST_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".forecast");

    /// <summary><c>FORECAST_DATASETS</c>, else a <c>datasets</c> folder beside the program or above it.</summary>
    public static string Datasets => Environment.GetEnvironmentVariable("FORECAST_DATASETS") is { Length: > 0 } folder
        ? folder
        : Upwards(AppContext.BaseDirectory, "datasets") ?? Path.Combine(AppContext.BaseDirectory, "datasets");

    /// <summary><c>FORECAST_WEB</c>, else <c>web/dist</c> beside the program or above it; null when the pages are not built.</summary>
    public static string? Web => Environment.GetEnvironmentVariable("FORECAST_WEB") is { Length: > 0 } folder
        ? folder
        : Upwards(AppContext.BaseDirectory, Path.Combine("web", "dist"));

    /// <summary>The store: <c>FORECAST_STORE</c> (a file, or <c>postgres://user@host:port/database</c>), else <c>forecast.db</c> in the home folder.</summary>
    public static string Store => Environment.GetEnvironmentVariable("FORECAST_STORE") is { Length: > 0 } store ? store : Path.Combine(Root, "forecast.db");

    /// <summary>The broker: <c>FORECAST_BROKER</c> (<c>amqp://user:password@host:port/virtual-host</c>); null = work stays in the process.</summary>
    public static string? Broker => Environment.GetEnvironmentVariable("FORECAST_BROKER") is { Length: > 0 } broker ? broker : null;

    /// <summary>Where parameters of registered models lie: <c>FORECAST_ARTEFACTS</c> (it may be shared by several machines), else <c>artefacts</c> in the home folder.</summary>
    public static string Artefacts => Environment.GetEnvironmentVariable("FORECAST_ARTEFACTS") is { Length: > 0 } folder ? folder : Path.Combine(Root, "artefacts");

    /// <summary>Whether callers may have the server reach private networks and itself (webhooks, addresses of data): <c>FORECAST_PRIVATE_ADDRESSES=allow</c>.</summary>
    public static bool PrivateAddresses => Environment.GetEnvironmentVariable("FORECAST_PRIVATE_ADDRESSES") is "allow";

    /// <summary><c>FORECAST_INBOX</c>: a folder with one folder a tenant, from which schedules take in files; null = none.</summary>
    public static string? Inbox => Environment.GetEnvironmentVariable("FORECAST_INBOX") is { Length: > 0 } folder ? folder : null;

    /// <summary><c>FORECAST_SOURCES</c>: a JSON file, <c>{"TENANT": {"NAME": "postgres://..."}}</c>, with the databases that schedules may query; null = none.</summary>
    public static string? Sources => Environment.GetEnvironmentVariable("FORECAST_SOURCES") is { Length: > 0 } file ? file : null;

    /// <summary>Folder of a run's files.</summary>
    public static string RunFolder(string runId) => Path.Combine(Root, "runs", runId);

    internal static string? Upwards(string start, string name)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, name);
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
