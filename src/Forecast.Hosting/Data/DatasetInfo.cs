namespace Forecast.Hosting.Data;

/// <summary>A file of the datasets folder, as <c>datasets.json</c> describes it.</summary>
public sealed record DatasetInfo
{
    /// <summary>File name without <c>.csv</c> or <c>.csv.gz</c>.</summary>
    public required string Name { get; init; }

    /// <summary>File name within the folder.</summary>
    public required string File { get; init; }

    public string Title { get; init; } = "";

    /// <summary>First and last time, as text.</summary>
    public string Period { get; init; } = "";

    /// <summary>Frequency code, or null where the folder's table has no row for the file: the user must then state it.</summary>
    public string? Frequency { get; init; }

    public string? Calendar { get; init; }

    /// <summary>Name of the time column.</summary>
    public string? Time { get; init; }

    /// <summary>The columns that are series, each with its unit; null where the table has no row for the file.</summary>
    public IReadOnlyDictionary<string, string>? Columns { get; init; }

    public string Source { get; init; } = "";

    public string Licence { get; init; } = "";
}
