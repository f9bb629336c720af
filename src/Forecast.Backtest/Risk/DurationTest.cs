using System.Text.Json.Serialization;

namespace Forecast.Backtest.Risk;

/// <summary>
/// Duration test (Christoffersen and Pelletier 2004): if exceedances have no memory, the days between them are exponential, the Weibull
/// law f(d) = a^b b d^(b-1) exp(-(a d)^b) with b = 1. LR of b free against b = 1, a free in both, chi-square with 1 degree of freedom. The days
/// before the first and after the last exceedance are censored and enter by exp(-(a d)^b).
/// </summary>
/// <remarks>
/// For a given b the best a is a^b = N / sum d^b (N complete durations), so that one dimension is left; b is sought in [0.01, 100],
/// which keeps LR finite when all durations are equal. Fewer than two exceedances leave no complete duration, and exceedances
/// only leave no day between them: then LR = 0, p = 1 and b = null, since nothing speaks against memorylessness.
/// </remarks>
public sealed record DurationTest
{
    private const double LeastShape = 0.01;
    private const double GreatestShape = 100;

    /// <summary>Complete durations N.</summary>
    [JsonPropertyName("n")]
    public required int Durations { get; init; }

    /// <summary>Weibull shape; below 1 exceedances cluster.</summary>
    [JsonPropertyName("b")]
    public required double? Shape { get; init; }

    [JsonPropertyName("lr")]
    public required double Statistic { get; init; }

    [JsonPropertyName("p_value")]
    public required double PValue { get; init; }

    [JsonPropertyName("note")]
    public string? Note { get; init; }

    public static DurationTest Of(ReadOnlySpan<bool> hits)
    {
        var complete = new List<double>();
        var all = new List<double>();
        var last = -1;
        for (var t = 0; t < hits.Length; t++)
        {
            if (!hits[t]) continue;

            // A first day that is an exceedance starts a duration and ends none.
            if (last >= 0) complete.Add(t - last);
            else if (t > 0) all.Add(t + 1);
            last = t;
        }

        if (last >= 0 && last < hits.Length - 1) all.Add(hits.Length - 1 - last);
        all.AddRange(complete);
        if (complete.Count == 0) return Silent(0, "fewer than two exceedances leave no complete duration between them");
        if (complete.Count == hits.Length - 1) return Silent(complete.Count, "every day is an exceedance, so no duration can differ from another");
        return Fit(complete, all);
    }

    private static DurationTest Silent(int durations, string note) => new() { Durations = durations, Shape = null, Statistic = 0, PValue = 1, Note = note };

    private static DurationTest Fit(List<double> complete, List<double> all)
    {
        // The profile likelihood is concave in b: golden section on ln b.
        const double ratio = 0.6180339887498949;
        double low = Math.Log(LeastShape), high = Math.Log(GreatestShape);
        double c = high - (ratio * (high - low)), d = low + (ratio * (high - low));
        double atC = Profile(c), atD = Profile(d);
        while (high - low > 1e-10)
        {
            if (atC > atD)
            {
                (high, d, atD) = (d, c, atC);
                c = high - (ratio * (high - low));
                atC = Profile(c);
            }
            else
            {
                (low, c, atC) = (c, d, atD);
                d = low + (ratio * (high - low));
                atD = Profile(d);
            }
        }

        var best = 0.5 * (low + high);
        var lr = Math.Max(0, 2 * (Profile(best) - Profile(0)));
        var shape = Math.Exp(best);
        var bound = shape > 0.999 * GreatestShape || shape < 1.001 * LeastShape;
        return new() { Durations = complete.Count, Shape = shape, Statistic = lr, PValue = Tails.ChiSquared(lr, 1), Note = bound ? $"the shape lies on the end of its range, {shape:0.##}: the durations are (nearly) equal" : null };

        double Profile(double logShape)
        {
            var b = Math.Exp(logShape);
            var longest = all.Max();
            double sum = 0;
            foreach (var x in all) sum += Math.Pow(x / longest, b);
            var n = complete.Count;

            // N ln(N / sum d^b) with the longest duration taken out, so that large b neither over- nor underflow.
            return (n * (Math.Log(n) - (b * Math.Log(longest)) - Math.Log(sum) + logShape)) + ((b - 1) * complete.Sum(Math.Log)) - n;
        }
    }
}
