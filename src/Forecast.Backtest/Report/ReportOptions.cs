namespace Forecast.Backtest.Report;

/// <summary>Bounds of a report.</summary>
public sealed record ReportOptions
{
    /// <summary>Largest file, in bytes: the detail is thinned until it fits.</summary>
    public int MaxBytes { get; init; } = 5_000_000;

    /// <summary>Most points of one curve.</summary>
    public int MaxPoints { get; init; } = 2_500;

    /// <summary>Most series with charts of their own; all of them stay in the tables.</summary>
    public int DetailSeries { get; init; } = 6;

    /// <summary>Most series with rows of their own in tables.</summary>
    public int TableSeries { get; init; } = 60;
}
