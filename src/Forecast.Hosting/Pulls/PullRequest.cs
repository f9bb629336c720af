using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Hosting.Pulls;

/// <summary>What to fetch, and from where.</summary>
/// <param name="Source">OWNER/NAME of a published model, the address of a folder of files, or a local folder.</param>
public sealed record PullRequest(string Source)
{
    /// <summary>Where published models are served, unless <c>FORECAST_HUB</c> or <see cref="Mirror"/> says otherwise.</summary>
    public const string PublicHub = "https://huggingface.co";

    /// <summary>Environment variables that may hold a token for private models, the first one first.</summary>
    public static IReadOnlyList<string> TokenVariables { get; } = ["FORECAST_HUB_TOKEN", "HF_TOKEN"];

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>OWNER/NAME in the cache; null = the source's own, or local/FOLDER.</summary>
    public string? Name { get; init; }

    /// <summary>Another server of the same layout.</summary>
    public string? Mirror { get; init; }

    /// <summary>Root of the cache.</summary>
    public string Cache { get; init; } = ModelFolder.Cache;

    /// <summary>Lock file with the pinned hashes; null = <c>models.lock.json</c> in the cache.</summary>
    public string? LockFile { get; init; }

    /// <summary>Ask no server: check what is in the cache against the lock.</summary>
    public bool Offline { get; init; }

    /// <summary>Take a newer version than the lock pins, and pin that.</summary>
    public bool Update { get; init; }

    /// <summary>The source is a name of the hub, and neither a folder of this machine nor an address: what others may ask a server for.</summary>
    public bool HubOnly { get; init; }

    /// <summary>Sent to the server of the model and to no other; never written anywhere.</summary>
    public string? Token { get; init; }

    /// <summary>Tries for a file that do not bring a byte, before it is given up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second try; doubled for each further one.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which a transfer counts as cut.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    internal string LockPath => LockFile ?? Path.Combine(Cache, "models.lock.json");

    internal Uri Hub => Address(Mirror ?? (Environment.GetEnvironmentVariable("FORECAST_HUB") is { Length: > 0 } hub ? hub : PublicHub), "mirror");

    internal bool IsAddress => !HubOnly && LooksLikeAddress;

    internal bool IsFolder => !HubOnly && !LooksLikeAddress && Directory.Exists(Source);

    private bool LooksLikeAddress => Source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || Source.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The token of the environment, if there is one.</summary>
    public static string? TokenOfEnvironment() =>
        TokenVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();

    /// <summary>Checks what can be checked without asking anybody.</summary>
    /// <exception cref="ForecastException">No name, no revision, or no server's address.</exception>
    public PullRequest Validated()
    {
        CacheName();
        if (!IsAddress && !IsFolder) _ = Hub;
        // Dots and slashes would lead to other places of the server.
        if (Revision.Length is 0 or > 200 || Revision[0] is '/' or '.' || Revision.Contains("..", StringComparison.Ordinal) || !Revision.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/'))
            throw new ForecastException("revision-invalid", $"revision '{Revision}' is no branch, tag or commit", "revision");
        return this;
    }

    /// <summary>The name that the model has in the cache.</summary>
    /// <exception cref="ForecastException">It has none of the form OWNER/NAME.</exception>
    internal string CacheName()
    {
        if (HubOnly)
        {
            return ModelFolder.IsName(Source)
                ? Source
                : throw new ForecastException("model-name", $"'{Source}' is no name of a published model, such as NX-AI/TiRex", "source");
        }

        if (Name is { } given) return Checked(given);
        if (IsAddress) return Checked($"{Address(Source, "SOURCE").Host}/{Source.TrimEnd('/').Split('/')[^1]}");
        return IsFolder ? Checked($"local/{new DirectoryInfo(Source).Name}") : Checked(Source);
    }

    internal static Uri Address(string text, string field)
    {
        var known = Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        if (!known || address!.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new ForecastException("address-invalid", $"'{(known ? address!.Host : text)}' is no address of the form https://HOST/PATH, without user, password or query", field);
        return address;
    }

    private static string Checked(string name) => ModelFolder.IsName(name)
        ? name
        : throw new ForecastException("model-name", $"'{name}' is neither a folder nor a name of the form OWNER/NAME, such as NX-AI/TiRex; --name gives one", "SOURCE");
}

/// <summary>A file of a model, as it lies in the cache.</summary>
/// <param name="Name">Plain name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record PulledFile(string Name, long Size, string Sha256);

/// <summary>What a pull left in the cache.</summary>
/// <param name="Name">OWNER/NAME.</param>
/// <param name="Folder">Where the files lie.</param>
/// <param name="Commit">The version of the server; null for a folder.</param>
/// <param name="Files">By name.</param>
/// <param name="BytesFetched">Bytes that this pull moved; 0 when all was there.</param>
public sealed record PullResult(string Name, string Folder, string? Commit, IReadOnlyList<PulledFile> Files, long BytesFetched);

/// <summary>Where a pull stands.</summary>
/// <param name="File">The file that is being fetched.</param>
/// <param name="Done">Bytes of it that are here.</param>
/// <param name="Size">Bytes that it has; null when the server does not say.</param>
/// <param name="Trouble">What is being waited out; null when nothing is.</param>
public sealed record PullProgress(string File, long Done, long? Size, string? Trouble = null)
{
    /// <summary>Bytes of all files together; null when the server does not say beforehand.</summary>
    public (long Done, long Size)? All { get; init; }
}
