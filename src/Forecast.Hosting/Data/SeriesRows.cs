using NodaTime;

namespace Forecast.Hosting.Data;

/// <summary>A value published again.</summary>
/// <param name="Column">Place among the number columns.</param>
/// <param name="Row">Row of the series.</param>
/// <param name="At">When.</param>
/// <param name="Value">The new value.</param>
internal readonly record struct Republication(int Column, int Row, Instant At, double Value);

/// <summary>Rows of strictly ascending times, with what each column first said and what was published later.</summary>
internal sealed class SeriesRows
{
    public required Instant[] Times { get; init; }

    /// <summary>Line of each row; 0 for a period that has no row in the file.</summary>
    public required int[] Lines { get; init; }

    /// <summary>First publication of each row, or null when that is its time.</summary>
    public required Instant[]? Available { get; init; }

    public required double[][] Numbers { get; init; }

    public required IReadOnlyList<Republication> Later { get; init; }

    /// <summary>The rows at other places, with missing values between them.</summary>
    /// <param name="times">Times of the new rows.</param>
    /// <param name="place">New place of each old row.</param>
    public SeriesRows Spread(Instant[] times, int[] place)
    {
        var lines = new int[times.Length];
        var available = Available is null ? null : (Instant[])times.Clone();
        var numbers = Numbers.Select(_ => Missing(times.Length)).ToArray();
        for (var old = 0; old < place.Length; old++)
        {
            lines[place[old]] = Lines[old];
            if (available is not null) available[place[old]] = Available![old];
            for (var c = 0; c < numbers.Length; c++) numbers[c][place[old]] = Numbers[c][old];
        }

        return new SeriesRows { Times = times, Lines = lines, Available = available, Numbers = numbers, Later = [.. Later.Select(l => l with { Row = place[l.Row] })] };
    }

    private static double[] Missing(int length)
    {
        var values = new double[length];
        Array.Fill(values, double.NaN);
        return values;
    }
}
