namespace Forecast.Api;

/// <summary>How a server is started.</summary>
public sealed record ApiOptions
{
    /// <summary>Port on 127.0.0.1; 0 = any free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Folder of the web pages; null = none.</summary>
    public string? Web { get; init; }

    public ApiLimits Limits { get; init; } = new();
}
