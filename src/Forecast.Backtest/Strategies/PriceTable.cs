using Forecast.Backtest.Results;
using Forecast.Core;
using NodaTime;

namespace Forecast.Backtest.Strategies;

/// <summary>Prices of several assets on the union of their days; NaN where an asset had no price.</summary>
public sealed class PriceTable
{
    private readonly double[][] _prices;

    /// <param name="assets">Names.</param>
    /// <param name="times">Ascending.</param>
    /// <param name="prices">One list an asset, one value a time; positive, or NaN = no price.</param>
    /// <exception cref="ForecastException">Times that do not ascend, or a price that is not positive.</exception>
    public PriceTable(IReadOnlyList<string> assets, IReadOnlyList<Instant> times, IReadOnlyList<double[]> prices)
    {
        ArgumentNullException.ThrowIfNull(assets);
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(prices);
        if (assets.Count != prices.Count) throw new ArgumentException($"{assets.Count} assets with {prices.Count} lists of prices", nameof(prices));
        for (var t = 1; t < times.Count; t++)
        {
            if (times[t] <= times[t - 1]) throw new ForecastException("strategy-times", $"the times of prices do not ascend at row {t}", "times", index: t);
        }

        for (var a = 0; a < assets.Count; a++)
        {
            if (prices[a].Length != times.Count) throw new ArgumentException($"asset '{assets[a]}' has {prices[a].Length} prices for {times.Count} times", nameof(prices));
            var bad = Array.FindIndex(prices[a], p => !double.IsNaN(p) && !(p > 0 && double.IsFinite(p)));
            if (bad >= 0) throw ValueKinds.NotTradable(assets[a], bad, prices[a][bad], ValueKind.Price);
        }

        Assets = assets;
        Times = times;
        _prices = [.. prices];
    }

    public IReadOnlyList<string> Assets { get; }

    public IReadOnlyList<Instant> Times { get; }

    public double this[int asset, int time] => _prices[asset][time];

    /// <summary>Prices of an asset, one a time; NaN = none.</summary>
    public ReadOnlySpan<double> Of(int asset) => _prices[asset];

    /// <summary>Last place whose time is at or before <paramref name="instant"/>, or -1.</summary>
    public int IndexAt(Instant instant)
    {
        int low = 0, high = Times.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Times[middle] <= instant) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>The series of a run as assets: prices as they are; returns compounded from 1, a missing return being a missing price.</summary>
    /// <exception cref="ForecastException">A price, or one plus a return, that is not positive.</exception>
    public static PriceTable From(IReadOnlyList<SeriesInfo> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        Instant[] times = [.. series.SelectMany(s => s.Times).Distinct().Order()];
        var place = new Dictionary<Instant, int>(times.Length);
        for (var t = 0; t < times.Length; t++) place[times[t]] = t;
        var prices = new double[series.Count][];
        for (var a = 0; a < series.Count; a++)
        {
            var own = Prices(series[a]);
            prices[a] = new double[times.Length];
            Array.Fill(prices[a], double.NaN);
            for (var t = 0; t < own.Length; t++) prices[a][place[series[a].Times[t]]] = own[t];
        }

        return new PriceTable([.. series.Select(s => s.Id)], times, prices);
    }

    private static double[] Prices(SeriesInfo series)
    {
        var kind = ValueKinds.Of(series.Unit);
        double[] values = [.. series.Values];
        if (kind == ValueKind.Price) return values;
        var level = 1.0;
        for (var t = 0; t < values.Length; t++)
        {
            if (double.IsNaN(values[t])) continue;
            level *= 1 + ValueKinds.SimpleReturn(kind, values[t]);
            values[t] = level;
        }

        return values;
    }
}
