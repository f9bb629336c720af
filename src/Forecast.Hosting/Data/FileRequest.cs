using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>One file and all that is known about how to read it.</summary>
internal sealed record FileRequest
{
    public required string Path { get; init; }

    /// <summary>The file as messages name it.</summary>
    public required string Display { get; init; }

    public required string Stem { get; init; }

    public required DatasetInfo? Info { get; init; }

    public required IReadOnlyList<string> Picks { get; init; }

    /// <summary>Stated frequency; null if neither the user nor the table of datasets states one.</summary>
    public required Frequency? Frequency { get; init; }

    public required TradingCalendar? Calendar { get; init; }

    public required DateTimeZone? Zone { get; init; }

    public required DataOptions Options { get; init; }

    public required long MaxBytes { get; init; }
}
