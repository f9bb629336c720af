using System.Globalization;

namespace Forecast.PeerBenchmarks;

/// <summary>A faster wrong optimum is a failure: how our result stands beside the peer's.</summary>
internal static class Judges
{
    /// <summary>Log-likelihoods; ours may be lower by <paramref name="slack"/> at most.</summary>
    public static Func<Outcome, Outcome, (string, bool)> LogLikelihood(double slack) => (ours, peer) =>
    {
        var difference = ours.Numbers.Zip(peer.Numbers, (a, b) => a[0] - b[0]).ToArray();
        var words = difference.Length == 1
            ? $"loglik {ours.Numbers[0][0]:F4}, peer {peer.Numbers[0][0]:F4}"
            : $"loglik, ours - peer: {Signed(difference.Min(), 4)} to {Signed(difference.Max(), 4)}";
        return (words, difference.Min() >= -slack);
    };

    /// <summary>A log-likelihood against a reference of the same presample convention, since the peer that is timed fits another model.</summary>
    public static Func<Outcome, Outcome, (string, bool)> Reference(double reference, string source) => (ours, _) =>
        ($"loglik {ours.Numbers[0][0]:F4}, reference {reference:F4} ({source})", ours.Numbers[0][0] >= reference - 1e-3);

    /// <summary>AICc of series with the same differencing; ours may be higher by <paramref name="slack"/> at most.</summary>
    public static Func<Outcome, Outcome, (string, bool)> Criterion(double slack) => (ours, peer) =>
    {
        var comparable = Enumerable.Range(0, ours.Tags.Length).Where(i => ours.Tags[i] == peer.Tags[i]).ToArray();
        var difference = comparable.Select(i => ours.Numbers[i][0] - peer.Numbers[i][0]).ToArray();
        var words = $"AICc, ours - peer, {comparable.Length} of {ours.Tags.Length} series: mean {Signed(difference.Average(), 2)}, worst {Signed(difference.Max(), 2)}";
        return (words, comparable.Length > 0 && difference.Max() <= slack);
    };

    /// <summary>Point forecasts, apart by at most 1 % of a series' mean level.</summary>
    public static Func<Outcome, Outcome, (string, bool)> Forecasts(double[][] series) => (ours, peer) =>
    {
        double worst = 0;
        for (var i = 0; i < series.Length; i++)
        {
            var level = series[i].Average(Math.Abs);
            for (var h = 0; h < ours.Numbers[i].Length; h++) worst = Math.Max(worst, Math.Abs(ours.Numbers[i][h] - peer.Numbers[i][h]) / level);
        }

        return ($"forecasts apart by at most {worst:P3} of the mean level", worst <= 0.01);
    };

    /// <summary>Sums of squared errors of one method; ours may be larger by a hundred-thousandth.</summary>
    public static (string, bool) Squares(Outcome ours, Outcome peer)
    {
        var ratio = ours.Numbers.Zip(peer.Numbers, (a, b) => a[0] / b[0]).ToArray();
        return ($"SSE, ours / peer: {ratio.Min():F5} to {ratio.Max():F5}", ratio.Max() <= 1 + 1e-5);
    }

    /// <summary>The same, of methods that start differently: shown, not judged.</summary>
    public static (string, bool) OtherStart(Outcome ours, Outcome peer)
    {
        var ratio = ours.Numbers.Zip(peer.Numbers, (a, b) => a[0] / b[0]).Order().ToArray();
        return ($"SSE, ours / peer: median {ratio[ratio.Length / 2]:F3} (the peer estimates the start, R's method fixes it: not judged)", true);
    }

    /// <summary>Another likelihood, so only time is compared.</summary>
    public static (string, bool) TimeOnly(Outcome ours, Outcome peer) => ($"loglik {ours.Numbers[0][0]:F4} (the peer has no mean and another likelihood)", true);

    /// <summary>With its sign, and without one when nothing is left of it.</summary>
    private static string Signed(double value, int digits)
    {
        var rounded = Math.Round(value, digits) + 0.0;
        return (rounded > 0 ? "+" : "") + rounded.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
