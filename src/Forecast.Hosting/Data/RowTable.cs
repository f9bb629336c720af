using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>The rows of one series (long form) or of all series of a wide file, as they stand in the file.</summary>
internal sealed class RowTable(string id, int numbers, bool hasAvailable)
{
    public string Id { get; } = id;

    public List<Instant> Times { get; } = [];

    /// <summary>Line of each row, for messages.</summary>
    public List<int> Lines { get; } = [];

    /// <summary>When each row was published, or null when the file does not say.</summary>
    public List<Instant>? Available { get; } = hasAvailable ? [] : null;

    /// <summary>One list a number column.</summary>
    public List<double>[] Numbers { get; } = [.. Enumerable.Range(0, numbers).Select(_ => new List<double>())];

    /// <summary>State of reading local times in order.</summary>
    public LocalTimes? Local { get; set; }
}
