using Forecast.Core;

namespace Forecast.Models.Ssa;

/// <summary>
/// Window and rank where they are not given: the pair whose forecasts over the horizon have the least mean absolute error in
/// <see cref="SsaTrials"/>, inside the training window, among those whose forecast stays near the data. A recurrence with a root
/// outside the unit circle may do well in every trial and still explode from the last rows.
/// </summary>
internal static class SsaSelection
{
    /// <summary>Longest automatic window: eigenvectors cost L^3, and longer windows find nothing that shorter ones miss but the slowest waves.</summary>
    public const int LongestWindow = 240;

    /// <summary>Share of the mean absolute error that a shorter window or a lower rank may cost: fewer waves are less likely to be chance.</summary>
    private const double Indifference = 0.1;

    /// <summary>How far beyond its least and greatest value a series may be forecast, in units of what lies between them.</summary>
    private const double Room = 0.5;

    /// <summary>Rows that each rank of the automatic choice needs.</summary>
    private const int RowsOfARank = 5;

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
        var windows = options.Window is { } given ? [given] : Windows(y.Length, period);
        Best near = default, any = default;
        foreach (var l in windows)
        {
            int[] ranks = options.Rank is { } only ? [only] : [.. Enumerable.Range(1, Math.Max(1, Math.Min(Math.Min(options.MaxRank, y.Length / RowsOfARank), Math.Min(l - 1, y.Length - l))))];
            var trials = SsaTrials.Of(y, l, ranks, ahead);
            var spectrum = TrajectorySpectrum.Of(y, l, ranks[^1]);
            for (var i = 0; i < ranks.Length; i++)
            {
                var candidate = new Best(trials[i].Score, l, ranks[i]);
                if (candidate.Beats(any)) any = candidate;
                if (candidate.Beats(near) && StaysNear(spectrum, y, candidate, options.Method, horizon)) near = candidate;
            }
        }

        var best = near.Window > 0 ? near : any;
        return best.Window > 0
            ? (best.Window, best.Rank)
            : throw new ForecastException("ssa-vertical", $"series '{series}': no window and rank that are allowed can be continued; state them, as in ssa(12,2)", "model", series);
    }

    private static bool StaysNear(TrajectorySpectrum spectrum, double[] y, Best candidate, SsaForecastMethod method, int horizon)
    {
        var space = new SignalSpace(spectrum.Left[..Math.Min(candidate.Rank, Math.Min(spectrum.NumericalRank, candidate.Window - 1))], candidate.Window);
        if (space.Verticality > SsaTrials.Vertical) return false;
        var (least, most) = (y.Min(), y.Max());
        var room = (Room * (most - least)) + (1e-6 * Math.Max(Math.Abs(least), Math.Abs(most)));
        return Array.TrueForAll(SsaFit.Continue(space, y, horizon, method), v => v >= least - room && v <= most + room);
    }

    /// <summary>A candidate and its score; the default is none.</summary>
    private readonly record struct Best(double Score, int Window, int Rank)
    {
        /// <summary>Whether it is clearly better than one before it, or the first of all.</summary>
        public bool Beats(Best other) => double.IsFinite(Score) && (other.Window == 0 || Score < other.Score * (1 - Indifference));
    }

    /// <summary>A third of the rows, and a half, a third and a sixth of that, as multiples of the season where one fits, no longer than <see cref="LongestWindow"/>.</summary>
    private static int[] Windows(int n, int period)
    {
        // Less than half the rows, so that the first of the trials has something to learn from.
        var longest = Math.Clamp(n / 3, 2, LongestWindow);
        var found = new SortedSet<int>();
        foreach (var share in (int[])[1, 2, 3, 6])
        {
            var l = Math.Max(2, longest / share);
            if (period > 1 && period <= (n / 2) - 1) l = Math.Max(1, (int)Math.Round((double)l / period)) * period;
            found.Add(Math.Clamp(l, 2, Math.Max(2, (n / 2) - 1)));
        }

        return [.. found];
    }
}
