namespace Forecast.Api.Contracts;

/// <summary>Asks for a published model to be fetched into the server's cache.</summary>
public sealed record PullBody
{
    /// <summary>OWNER/NAME on the hub that the server is set to, such as <c>NX-AI/TiRex</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Branch, tag or commit; default <c>main</c>.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether a newer version than the server has pinned is taken; default false.</summary>
    public bool? Update { get; init; }
}
