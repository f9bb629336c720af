namespace Forecast.Backtest.Report.Statistics;

/// <summary>How many successes chance allows: central bands of the binomial law.</summary>
public static class BinomialBand
{
    /// <summary>
    /// The smallest counts whose cumulative probability reaches (1 - c)/2 and (1 + c)/2 under Binomial(n, p): the count lies in
    /// [Low, High] with probability at least c.
    /// </summary>
    /// <param name="n">Trials.</param>
    /// <param name="p">Chance of success in each, in [0, 1].</param>
    /// <param name="confidence">c in (0, 1).</param>
    public static (int Low, int High) Counts(int n, double p, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "a probability lies in [0, 1]");
        if (!(confidence > 0 && confidence < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "a confidence lies in (0, 1)");
        if (p == 0 || n == 0) return (0, 0);
        if (p == 1) return (n, n);
        var mass = Mass(n, p);
        var tail = (1 - confidence) / 2;
        return (FirstReaching(mass, tail), FirstReaching(mass, 1 - tail));
    }

    private static int FirstReaching(double[] mass, double probability)
    {
        double sum = 0;
        for (var k = 0; k < mass.Length; k++)
        {
            sum += mass[k];
            if (sum >= probability) return k;
        }

        return mass.Length - 1;
    }

    // P(k) by ratios outwards from the mode, then normalised: no factorials, no underflow where it matters.
    private static double[] Mass(int n, double p)
    {
        var mass = new double[n + 1];
        var mode = Math.Min(n, (int)((n + 1) * p));
        var odds = p / (1 - p);
        mass[mode] = 1;
        for (var k = mode; k < n && mass[k] > 1e-300; k++) mass[k + 1] = mass[k] * odds * (n - k) / (k + 1);
        for (var k = mode; k > 0 && mass[k] > 1e-300; k--) mass[k - 1] = mass[k] / odds * k / (n - k + 1);
        var total = mass.Sum();
        for (var k = 0; k <= n; k++) mass[k] /= total;
        return mass;
    }
}
