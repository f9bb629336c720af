using Forecast.Hosting.Pulls;

namespace Forecast.Hosting.Jobs;

/// <summary>A published model to be fetched into the server's cache.</summary>
/// <param name="Source">OWNER/NAME.</param>
/// <param name="Revision">Branch, tag or commit.</param>
/// <param name="Update">Whether a newer version than the lock pins is taken.</param>
public sealed record PullJob(string Source, string Revision, bool Update)
{
    /// <summary>Kind of the job in the store.</summary>
    public const string Kind = "pull";

    /// <summary>
    /// The request as a server may make it for somebody else: a name of the hub that the server itself was set to, never a folder of
    /// the machine or an address that the caller chose.
    /// </summary>
    public PullRequest Request() => new(Source) { Revision = Revision, Update = Update, HubOnly = true, Token = PullRequest.TokenOfEnvironment() };
}

/// <summary>What a pull leaves in the store.</summary>
/// <param name="Name">OWNER/NAME, as <c>weights</c> of a model takes it.</param>
/// <param name="Commit">The hub's version; null where it keeps none.</param>
/// <param name="Files">By name, with size and SHA-256.</param>
/// <param name="BytesFetched">Bytes that this job moved; 0 when all was there.</param>
public sealed record PullJobResult(string Name, string? Commit, IReadOnlyList<PulledFile> Files, long BytesFetched);
