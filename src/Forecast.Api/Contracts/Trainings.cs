namespace Forecast.Api.Contracts;

/// <summary>Asks for a model to be fitted on all rows of a dataset and registered.</summary>
public sealed record TrainingBody
{
    /// <summary>Dataset by name or id, as <c>NAME[:SERIES,SERIES][@CALENDAR]</c>, several joined by <c>+</c>.</summary>
    public required string Data { get; init; }

    /// <summary>Model string.</summary>
    public required string Model { get; init; }

    /// <summary>Name that the fit is registered under, as the next version, a candidate.</summary>
    public required string Name { get; init; }

    /// <summary>Steps that it is fitted for.</summary>
    public required int Horizon { get; init; }

    /// <summary>Quantile levels that it is fitted for, ascending; default 0.1, 0.5, 0.9.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>Seed of everything random; default 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Frequency of the data, where the dataset does not state it.</summary>
    public string? Frequency { get; init; }

    /// <summary>Calendar of the data, where another than the dataset's is wanted.</summary>
    public string? Calendar { get; init; }

    /// <summary><c>none</c> (default), <c>log</c> or <c>simple</c>: turns prices into returns first.</summary>
    public string? Returns { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }
}
