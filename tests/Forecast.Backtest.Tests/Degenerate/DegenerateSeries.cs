using Forecast.Core.Numerics;

namespace Forecast.Backtest.Tests.Degenerate;

/// <summary>A kind of series that models stumble over, and what counts as right.</summary>
/// <param name="Name">Heading of its column.</param>
/// <param name="Meaning">What it is, for the page.</param>
/// <param name="Values">Daily values, NaN = missing.</param>
internal sealed record DegenerateSeries(string Name, string Meaning, double[] Values)
{
    public const double Constant = 5;

    /// <summary>A constant whose mean over most numbers of rows rounds, so that rows seem to differ from it.</summary>
    public const double Rounding = 0.1;
    public const double Large = 1e12;
    public const double Small = 1e-12;
    private const int Rows = 120;

    /// <summary>A level that wanders around 50 with a weekly season: nothing is wrong with it.</summary>
    public static double[] Usual { get; } = MakeUsual();

    /// <summary>Standard deviation of the usual series.</summary>
    public static double Deviation { get; } = Math.Sqrt(Usual.Average(v => (v - Usual.Average()) * (v - Usual.Average())));

    public static IReadOnlyList<DegenerateSeries> All { get; } =
    [
        new("constant", "120 rows of 5", [.. Enumerable.Repeat(Constant, Rows)]),
        new("0.1", "120 rows of 0.1, which rounds", [.. Enumerable.Repeat(Rounding, Rows)]),
        new("zeros", "120 rows of 0", new double[Rows]),
        new("gaps", "the usual series without 20 % of its rows", [.. Usual.Select((v, t) => IsMissing(t) ? double.NaN : v)]),
        new("step", "60 rows of 1, then 60 rows of 5", [.. Enumerable.Range(0, Rows).Select(t => t < Rows / 2 ? 1.0 : 5.0)]),
        new("three rows", "3, 1, 2", [3, 1, 2]),
        new("one row", "3", [3]),
        new("1e12", "the usual series times 1e12", [.. Usual.Select(v => v * Large)]),
        new("1e-12", "the usual series times 1e-12", [.. Usual.Select(v => v * Small)]),
    ];

    private static double[] MakeUsual()
    {
        var random = new RandomSource(20);
        var (level, shock) = (50.0, 1.0);
        var values = new double[Rows];
        for (var t = 0; t < Rows; t++)
        {
            shock = 0.6 + (0.3 * shock) + (0.4 * random.NextDouble());
            level += 0.2 * (random.NextDouble() - 0.48);
            values[t] = Math.Round(level + (2 * Math.Sin(2 * Math.PI * t / 7)) + (shock * (random.NextDouble() - 0.5) * 3), 6);
        }

        return values;
    }

    /// <summary>Every fifth row on average, in no rhythm; a run of three, the first and the last among them.</summary>
    private static bool IsMissing(int t) => t is 0 or 40 or 41 or 42 or (Rows - 1) || t * 37 % 101 % 6 == 2;
}
