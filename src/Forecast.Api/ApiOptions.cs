using System.Net;
using Forecast.Api.Access;

namespace Forecast.Api;

/// <summary>How a server is started.</summary>
public sealed record ApiOptions
{
    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Who may use the API without a key.</summary>
    public AccessMode Access { get; init; }

    /// <summary>Port; 0 = any free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Folder of the web pages; null = none.</summary>
    public string? Web { get; init; }

    /// <summary>Log a JSON object a line, one for each request too, instead of text for warnings only.</summary>
    public bool StructuredLog { get; init; }

    public ApiLimits Limits { get; init; } = new();
}
