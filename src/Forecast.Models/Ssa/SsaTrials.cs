namespace Forecast.Models.Ssa;

/// <summary>
/// Forecasts that were never told what came: the rows up to a cut are decomposed, every window that ends between that cut and the next is
/// projected and continued, and the errors are collected by step. Cuts lie at 1/2, 2/3 and 5/6 of the rows.
/// </summary>
internal sealed class SsaTrials
{
    private const int Cuts = 3;

    /// <summary>Verticality from which a recurrence is too near to a division by zero.</summary>
    public const double Vertical = 0.999;

    private readonly double[] _squares;
    private readonly double[] _sizes;
    private readonly int[] _counts;

    private SsaTrials(int horizon) => (_squares, _sizes, _counts) = (new double[horizon], new double[horizon], new int[horizon]);

    /// <summary>Errors of step h - 1 that were seen.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Mean absolute error, every step as much worth as any other; +infinity where there was none.</summary>
    public double Score
    {
        get
        {
            var (sum, steps) = (0.0, 0);
            for (var h = 0; h < _counts.Length; h++)
            {
                if (_counts[h] == 0) continue;
                sum += _sizes[h] / _counts[h];
                steps++;
            }

            return steps > 0 && double.IsFinite(sum) ? sum / steps : double.PositiveInfinity;
        }
    }

    /// <summary>Mean squared error of a step.</summary>
    public double MeanSquare(int step) => _squares[step] / _counts[step];

    /// <summary>Tries each rank of a window.</summary>
    /// <param name="y">Values without gaps.</param>
    /// <param name="window">L.</param>
    /// <param name="ranks">Ranks, ascending. One that a part cannot have, or that cannot be continued there, has no errors from it.</param>
    /// <param name="horizon">Steps.</param>
    /// <returns>One for each rank.</returns>
    public static SsaTrials[] Of(double[] y, int window, ReadOnlySpan<int> ranks, int horizon)
    {
        var trials = new SsaTrials[ranks.Length];
        for (var i = 0; i < trials.Length; i++) trials[i] = new SsaTrials(horizon);
        for (var cut = 0; cut < Cuts; cut++)
        {
            int learned = Cut(y.Length, cut), next = cut + 1 < Cuts ? Cut(y.Length, cut + 1) : y.Length;
            if (learned <= window) continue;
            var spectrum = TrajectorySpectrum.Of(y.AsSpan(0, learned), window, ranks[^1]);
            var most = Math.Min(spectrum.NumericalRank, window - 1);
            var rows = y.AsSpan(learned - window).ToArray();
            var coordinates = new double[most][];
            for (var k = 0; k < most; k++) coordinates[k] = TrajectorySpectrum.Factor(rows, spectrum.Left[k]);
            for (var i = 0; i < ranks.Length; i++)
            {
                // More than there is room for means all there is.
                var space = new SignalSpace(spectrum.Left[..Math.Min(ranks[i], most)], window);
                if (space.Verticality < Vertical) trials[i].Add(space, coordinates, rows, next - learned, horizon);
            }
        }

        return trials;
    }

    private static int Cut(int rows, int cut) => rows * (3 + cut) / 6;

    private void Add(SignalSpace space, double[][] coordinates, double[] rows, int windows, int horizon)
    {
        var reach = space.Reach(horizon);
        for (var h = 0; h < horizon; h++)
        {
            for (var j = 0; j < windows && j + space.Window + h < rows.Length; j++)
            {
                var error = rows[j + space.Window + h];
                for (var k = 0; k < space.Rank; k++) error -= reach[h][k] * coordinates[k][j];
                _squares[h] += error * error;
                _sizes[h] += Math.Abs(error);
                _counts[h]++;
            }
        }
    }
}
