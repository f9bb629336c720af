using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Risk;

/// <summary>What the values of a series of returns are.</summary>
public enum ReturnKind
{
    /// <summary>P_t / P_(t-1) - 1; over several days they compound.</summary>
    Simple,

    /// <summary>ln P_t - ln P_(t-1); over several days they add up.</summary>
    Log,
}

/// <summary>How the series of a portfolio depend on each other.</summary>
public enum Dependence
{
    /// <summary>As the ranks of their past returns over as many days did on common dates.</summary>
    Copula,

    /// <summary>Not at all.</summary>
    Independent,

    /// <summary>All worst days together: the most that a long portfolio can lose.</summary>
    Comonotone,
}

/// <summary>
/// Joint futures of several series whose models know nothing of each other. Each series keeps its own law of the simple return over the
/// whole horizon, to the draw; only which draws meet is chosen, by the empirical copula (Sklar 1959; Deheuvels 1979) of the past.
/// </summary>
/// <remarks>
/// <para>
/// Past returns over all windows of h rows that the series have in common are ranked; for draw j a window k is taken (each as often as
/// the others) and U_i = (rank_i(k) - V) / n, V uniform and independent (ties ranked at random). The draws of series i are sorted and
/// handed out in the order of U_i. A whole simulated path is one draw, so that a path keeps its own volatility from day to day.
/// </para>
/// <para>
/// At one step, where the law has quantiles at every level, the draws are its quantiles at (j + 1/2) / N: no Monte-Carlo error in the
/// margins. With n windows the copula says nothing finer than 1/n about joint extremes: at a tail of 1 % that is n/100 windows.
/// </para>
/// </remarks>
public static class JointDraws
{
    /// <summary>Least common windows from which a dependence can be read.</summary>
    public const int LeastWindows = 50;

    /// <summary>Simple returns over the whole horizon, ascending.</summary>
    /// <param name="law">The law of the steps, in returns of <paramref name="kind"/>.</param>
    /// <param name="horizon">h.</param>
    /// <param name="count">Draws.</param>
    /// <param name="kind">What the returns are.</param>
    /// <exception cref="ForecastException"><c>paths-unavailable</c>: several steps, and the model has no joint law of them.</exception>
    public static double[] Totals(PredictiveDistribution law, int horizon, int count, ReturnKind kind)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var totals = new double[count];
        if (horizon > 1 || !Quantiles(law, totals))
        {
            if (!law.TryPaths(count, out var paths))
                throw new ForecastException("paths-unavailable", horizon > 1 ? $"the model has no joint law of {horizon} steps, and a VaR over several days comes from paths; ask for horizon 1 or another model" : "the model knows neither every quantile nor paths", "horizon");
            for (var j = 0; j < count; j++)
            {
                double sum = 0;
                for (var h = 1; h <= horizon; h++) sum += kind == ReturnKind.Log ? paths[j, h] : Math.Log(Math.Max(0, 1 + paths[j, h]));
                totals[j] = Math.Exp(sum) - 1;
            }
        }
        else if (kind == ReturnKind.Log)
        {
            for (var j = 0; j < count; j++) totals[j] = Math.Exp(totals[j]) - 1;
        }

        Array.Sort(totals);
        return totals;
    }

    /// <summary>Returns of the portfolio sum w_i R_i, one a draw: bought at the weights and held.</summary>
    /// <param name="totals">For each series its draws, ascending.</param>
    /// <param name="past">For each series its past returns on common dates, oldest first, none missing; read by <see cref="Dependence.Copula"/> only.</param>
    /// <param name="weights">Share of the portfolio in each series; negative = short, what is missing to 1 earns nothing.</param>
    /// <param name="horizon">h.</param>
    /// <param name="dependence">How the series depend on each other.</param>
    /// <param name="seed">Makes the draws repeatable.</param>
    /// <exception cref="ForecastException"><c>history-too-short</c>: fewer than <see cref="LeastWindows"/> windows.</exception>
    public static double[] Portfolio(IReadOnlyList<double[]> totals, IReadOnlyList<double[]> past, IReadOnlyList<double> weights, int horizon, Dependence dependence, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(totals);
        ArgumentNullException.ThrowIfNull(past);
        ArgumentNullException.ThrowIfNull(weights);
        var count = totals[0].Length;
        var portfolio = new double[count];
        var random = new RandomSource(seed);
        var windows = dependence == Dependence.Copula ? Windows(past, horizon) : 0;
        var shift = windows > 0 ? random.NextInt(windows) : 0;
        for (var i = 0; i < totals.Count; i++)
        {
            int[] order = [.. Enumerable.Range(0, count)];
            if (dependence != Dependence.Comonotone)
            {
                double[] ranks = windows > 0 ? Ranks(past[i], horizon, windows, random) : [];
                double[] keys = [.. order.Select(j => windows > 0 ? ranks[(j + shift) % windows] + random.NextDouble() : random.NextDouble())];
                Array.Sort(keys, order);
            }

            for (var rank = 0; rank < count; rank++) portfolio[order[rank]] += weights[i] * totals[i][rank];
        }

        return portfolio;
    }

    private static int Windows(IReadOnlyList<double[]> past, int horizon)
    {
        var windows = past[0].Length - horizon + 1;
        return windows >= LeastWindows
            ? windows
            : throw new ForecastException("history-too-short", $"the series have {past[0].Length} rows in common, which are {Math.Max(0, windows)} windows of {horizon}; a dependence needs {LeastWindows}", "series");
    }

    /// <summary>Place of each window among all by its return, from 0; ties at random. Log and simple returns rank by their sums.</summary>
    private static double[] Ranks(double[] returns, int horizon, int windows, RandomSource random)
    {
        var sums = new (double Sum, double Tie)[windows];
        for (var k = 0; k < windows; k++)
        {
            double sum = 0;
            for (var h = 0; h < horizon; h++) sum += returns[k + h];
            sums[k] = (sum, random.NextDouble());
        }

        int[] order = [.. Enumerable.Range(0, windows)];
        Array.Sort(sums, order);
        var ranks = new double[windows];
        for (var r = 0; r < windows; r++) ranks[order[r]] = r;
        return ranks;
    }

    private static bool Quantiles(PredictiveDistribution law, double[] draws)
    {
        for (var j = 0; j < draws.Length; j++)
        {
            if (!law.TryQuantile(1, (j + 0.5) / draws.Length, out draws[j])) return false;
        }

        return true;
    }
}
