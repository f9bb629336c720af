namespace Forecast.Hosting.Data;

/// <summary>What a series is turned into while it is read.</summary>
public enum Returns
{
    /// <summary>Values as they stand in the file.</summary>
    None,

    /// <summary>ln(y_t / y_(t-1)) between consecutive observed values.</summary>
    Log,

    /// <summary>y_t / y_(t-1) - 1 between consecutive observed values.</summary>
    Simple,
}

/// <summary>How data files are to be read. What is not stated comes from <c>datasets.json</c>, or is found in the header where one reading alone is possible.</summary>
public sealed record DataOptions
{
    /// <summary><c>P1D</c>, <c>P1M</c>, <c>PT1H</c>, <c>B</c>, <c>index</c>, ...; a daily frequency with an exchange's calendar is <c>B</c>.</summary>
    public string? Frequency { get; init; }

    /// <summary><c>24x7</c>, <c>business</c>, <c>XNYS</c>, ...; a source may carry its own as <c>name@XLON</c>.</summary>
    public string? Calendar { get; init; }

    /// <summary>Time zone (<c>Europe/Berlin</c>) of times written without an offset; null = UTC.</summary>
    public string? Zone { get; init; }

    /// <summary>Name of the time column.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Name of the column that holds the series' ids; stating it makes the file long.</summary>
    public string? IdColumn { get; init; }

    /// <summary>Name of the column to forecast.</summary>
    public string? ValueColumn { get; init; }

    /// <summary>Columns known up to the cutoff only.</summary>
    public IReadOnlyList<string> Past { get; init; } = [];

    /// <summary>Columns known in advance.</summary>
    public IReadOnlyList<string> Future { get; init; } = [];

    /// <summary>Column that says from when on a row was known; null = <c>available_at</c> where the file has it.</summary>
    public string? AvailableAtColumn { get; init; }

    /// <summary>Prices to returns.</summary>
    public Returns Returns { get; init; }

    /// <summary>Unit of the targets; null = as in <c>datasets.json</c>.</summary>
    public string? Unit { get; init; }
}
