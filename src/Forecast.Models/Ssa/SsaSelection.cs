using Forecast.Core;

namespace Forecast.Models.Ssa;

/// <summary>
/// Window and rank where they are not given: the pair whose forecasts over the horizon have the least mean absolute error in
/// <see cref="SsaTrials"/>, inside the training window.
/// </summary>
internal static class SsaSelection
{
    /// <summary>Longest automatic window: eigenvectors cost L^3, and longer windows find nothing that shorter ones miss but the slowest waves.</summary>
    public const int LongestWindow = 240;

    /// <summary>Share of the mean absolute error that a shorter window or a lower rank may cost: fewer waves are less likely to be chance.</summary>
    private const double Indifference = 0.1;

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
        var best = (Score: double.PositiveInfinity, Window: 0, Rank: 0);
        foreach (var l in windows)
        {
            int[] ranks = options.Rank is { } only ? [only] : [.. Enumerable.Range(1, Math.Max(1, Math.Min(options.MaxRank, Math.Min(l - 1, y.Length - l))))];
            var trials = SsaTrials.Of(y, l, ranks, ahead);
            for (var i = 0; i < ranks.Length; i++)
            {
                if (trials[i].Score < best.Score * (1 - Indifference) || (best.Window == 0 && double.IsFinite(trials[i].Score))) best = (trials[i].Score, l, ranks[i]);
            }
        }

        return best.Window > 0
            ? (best.Window, best.Rank)
            : throw new ForecastException("ssa-vertical", $"series '{series}': no window and rank that are allowed can be continued; state them, as in ssa(12,2)", "model", series);
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
