using System.Text.Json.Nodes;

namespace Forecast.Api.Contracts;

/// <summary>A model of the catalogue.</summary>
/// <param name="Name">Name at the head of a model string.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Usage">The full form of its model string.</param>
/// <param name="Example">A model string that works.</param>
/// <param name="Options">JSON Schema (draft 2020-12) of the options in braces.</param>
public sealed record ModelBody(string Name, string Summary, string Usage, string Example, JsonObject Options);

/// <summary>The catalogue.</summary>
public sealed record ModelList(IReadOnlyList<ModelBody> Items);

/// <summary>A dataset.</summary>
public sealed record DatasetBody
{
    public required string Name { get; init; }

    /// <summary><c>shipped</c> with the platform, or <c>stored</c> by an upload or a run.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of stored content: the same content has the same id everywhere.</summary>
    public string? Id { get; init; }

    /// <summary>How many contents the name has had.</summary>
    public int? Version { get; init; }

    public string? Title { get; init; }

    public string? Frequency { get; init; }

    public string? Calendar { get; init; }

    /// <summary>First and last time, as text.</summary>
    public string? Period { get; init; }

    public string? DataHash { get; init; }

    public int? SeriesCount { get; init; }

    public long? Rows { get; init; }

    public string? CreatedAt { get; init; }

    public string? Source { get; init; }

    public string? Licence { get; init; }

    /// <summary>Its series; told for a single dataset.</summary>
    public IReadOnlyList<DatasetSeriesBody>? Series { get; init; }
}

/// <summary>A series of a dataset, without its values.</summary>
public sealed record DatasetSeriesBody(string Id, string? Unit, string Calendar, int Rows, IReadOnlyList<ColumnBody> Columns);

/// <summary>A column of a series.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role"><c>target</c>, <c>pastCovariate</c>, <c>futureCovariate</c> or <c>static</c>.</param>
/// <param name="Unit">Unit.</param>
public sealed record ColumnBody(string Name, string Role, string? Unit);

/// <summary>Values of a series, as a forecast request takes them.</summary>
/// <param name="Id">Series id.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Frequency">Frequency code.</param>
/// <param name="Calendar">Calendar.</param>
/// <param name="Rows">Rows of the whole series.</param>
/// <param name="Start">Date of the first row given here.</param>
/// <param name="Timestamps">Dates of the rows.</param>
/// <param name="Values">First target; null = missing.</param>
public sealed record SeriesValuesBody(string Id, string? Unit, string Frequency, string Calendar, int Rows, string? Start, IReadOnlyList<string> Timestamps, IReadOnlyList<double?> Values);

/// <summary>Whether the server can work.</summary>
/// <param name="Status"><c>ok</c>.</param>
public sealed record HealthBody(string Status);
