using Forecast.Core;

namespace Forecast.Models.Ssa;

/// <summary>
/// Window and rank where they are not given. The first rows are decomposed for each candidate window; from every window of the rest
/// the signal of each rank is continued over the horizon, and the pair with the least mean squared error wins. Nothing after the
/// training window is read: the rest is its own end.
/// </summary>
internal static class SsaSelection
{
    /// <summary>Longest automatic window: eigenvectors cost L^3, and longer windows find nothing that shorter ones miss but the slowest waves.</summary>
    public const int LongestWindow = 240;

    /// <summary>Share of the mean squared error that a lower rank may cost: fewer waves are less likely to be chance.</summary>
    private const double Indifference = 0.02;

    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="sample">The rows; gaps bridged.</param>
    /// <param name="options">What is given.</param>
    /// <param name="period">Season, 1 for none.</param>
    /// <param name="horizon">Steps that the forecast is wanted for.</param>
    /// <exception cref="ForecastException">Too short for any choice.</exception>
    public static (int Window, int Rank) Choose(string series, SsaSample sample, SsaOptions options, int period, int horizon)
    {
        if (options is { Window: { } window, Rank: { } rank }) return (window, rank);
        var y = sample.Values;
        if (y.Length < 4 || sample.Observed < 4)
            throw new ForecastException("series-too-short", $"series '{series}' has {sample.Observed} observations; ssa needs at least 4 to choose its window and rank", "data", series);
        var ahead = Math.Max(1, Math.Min(horizon, y.Length / 5));
        var learned = y.Length - Math.Max(ahead, y.Length / 4);
        var windows = options.Window is { } given ? [given] : Windows(y.Length, learned, period);
        var best = (Score: double.PositiveInfinity, Window: 0, Rank: 0);
        foreach (var l in windows)
        {
            // A window too long for the first part is still usable on the whole.
            var part = l < learned ? learned : y.Length;
            var spectrum = TrajectorySpectrum.Of(y.AsSpan(0, part), l, Math.Min(l - 1, options.Rank ?? options.MaxRank));
            var most = Math.Min(spectrum.NumericalRank, l - 1);
            var whole = new SignalSpace(spectrum.Left[..most], l);
            for (var r = options.Rank is { } fixedRank ? Math.Min(fixedRank, most) : Math.Min(1, most); r <= most; r++)
            {
                var space = whole.First(r);
                if (space.Verticality > 0.99) break;
                var score = Error(space, y, part, ahead);
                if (score < best.Score * (1 - Indifference) || (best.Window == 0 && double.IsFinite(score))) best = (score, l, Math.Max(1, r));
            }
        }

        return best.Window > 0
            ? (best.Window, options.Rank ?? best.Rank)
            : throw new ForecastException("ssa-vertical", $"series '{series}': no window and rank that are allowed can be continued; state them, as in ssa(12,2)", "model", series);
    }

    /// <summary>A half, a fourth and a sixth of the rows, as multiples of the season where it fits twice, no longer than <see cref="LongestWindow"/>.</summary>
    private static int[] Windows(int n, int learned, int period)
    {
        var longest = Math.Min(Math.Max(2, Math.Min((n + 1) / 2, learned - 1)), LongestWindow);
        var found = new SortedSet<int>();
        foreach (var share in (int[])[1, 2, 3])
        {
            var l = Math.Max(2, longest / share);
            if (period > 1 && longest >= period) l = Math.Max(1, (int)Math.Round((double)l / period)) * period;
            found.Add(Math.Clamp(l, 2, n - 1));
        }

        return [.. found];
    }

    private static double Error(SignalSpace space, double[] y, int part, int ahead)
    {
        // Windows that end at or after the last row that was learned, of which something follows.
        var first = Math.Max(0, Math.Min(part, y.Length - ahead) - space.Window);
        var reach = space.Reach(ahead);
        var rest = y.AsSpan(first).ToArray();
        var coordinates = space.Basis.Select(u => TrajectorySpectrum.Factor(rest, u)).ToArray();
        var (squares, count) = (0.0, 0);
        for (var h = 0; h < ahead; h++)
        {
            for (var j = 0; j + space.Window + h < rest.Length; j++)
            {
                var error = rest[j + space.Window + h];
                for (var k = 0; k < coordinates.Length; k++) error -= reach[h][k] * coordinates[k][j];
                squares += error * error;
                count++;
            }
        }

        return count > 0 && double.IsFinite(squares) ? squares / count : double.PositiveInfinity;
    }
}
