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

/// <summary>A stretch of a series summed up in buckets of equally many rows, so that a chart draws no more than it has pixels for.</summary>
/// <param name="Id">Series id.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Frequency">Frequency code.</param>
/// <param name="Calendar">Calendar.</param>
/// <param name="Rows">Rows of the whole series.</param>
/// <param name="From">Number of the first row summed up, from 0.</param>
/// <param name="To">The row after the last one.</param>
/// <param name="Each">Rows of a bucket; 1 = the values themselves.</param>
/// <param name="Timestamps">Date of each bucket's first row.</param>
/// <param name="Low">Smallest value of each; null when all are missing.</param>
/// <param name="High">Largest value of each.</param>
/// <param name="Missing">How many values of each are missing.</param>
/// <param name="First">Date of the series' first row.</param>
/// <param name="Last">Date of its last row.</param>
public sealed record OverviewBody(
    string Id, string? Unit, string Frequency, string Calendar, int Rows, int From, int To, int Each, IReadOnlyList<string> Timestamps, IReadOnlyList<double?> Low, IReadOnlyList<double?> High, IReadOnlyList<int> Missing, string? First, string? Last);

/// <summary>What the last rows of a series are made of.</summary>
public sealed record AnatomyBody
{
    public required string Id { get; init; }

    public string? Unit { get; init; }

    public required string Frequency { get; init; }

    /// <summary>Rows of the whole series.</summary>
    public required int Rows { get; init; }

    /// <summary>Number of the first row looked at.</summary>
    public required int From { get; init; }

    /// <summary>Rows a season; 1 = none.</summary>
    public required int Period { get; init; }

    /// <summary>Dates of the rows looked at.</summary>
    public required IReadOnlyList<string> Timestamps { get; init; }

    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Trend of each row, by a robust STL; absent where there are fewer than two seasons.</summary>
    public IReadOnlyList<double?>? Trend { get; init; }

    public IReadOnlyList<double?>? Seasonal { get; init; }

    public IReadOnlyList<double?>? Remainder { get; init; }

    /// <summary>1 - Var(remainder) / Var(remainder + trend), at least 0.</summary>
    public double? TrendStrength { get; init; }

    /// <summary>1 - Var(remainder) / Var(remainder + seasonal), at least 0.</summary>
    public double? SeasonalStrength { get; init; }

    /// <summary>Autocorrelations from lag 1.</summary>
    public required IReadOnlyList<double?> Acf { get; init; }

    /// <summary>Partial autocorrelations from lag 1.</summary>
    public required IReadOnlyList<double?> Pacf { get; init; }

    /// <summary>95 % of the correlations of independent values lie within plus and minus this.</summary>
    public required double Band { get; init; }

    public required IReadOnlyList<GapBody> Gaps { get; init; }

    public required IReadOnlyList<OutlierBody> Outliers { get; init; }
}

/// <summary>A stretch without values.</summary>
/// <param name="From">Date of the first row that is missing.</param>
/// <param name="To">Date of the last one.</param>
/// <param name="Rows">How many.</param>
/// <param name="Kind"><c>missing</c>: the rows stand there without a value; <c>absent</c>: the calendar has them, the data do not.</param>
public sealed record GapBody(string From, string To, int Rows, string Kind);

/// <summary>A value beyond the outer fences of the remainder.</summary>
/// <param name="Timestamp">Its date.</param>
/// <param name="Value">The value.</param>
/// <param name="Expected">Trend and season there, or the median of its neighbours.</param>
public sealed record OutlierBody(string Timestamp, double Value, double Expected);

/// <summary>Whether the server can work.</summary>
/// <param name="Status"><c>ok</c>.</param>
public sealed record HealthBody(string Status);
