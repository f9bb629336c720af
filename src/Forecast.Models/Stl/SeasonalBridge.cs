namespace Forecast.Models.Stl;

/// <summary>Fills gaps so that a decomposition can run: the seasonal figure is taken out, the gap bridged by a straight line, and the figure put back.</summary>
internal static class SeasonalBridge
{
    /// <summary>The rows from the first to the last observation without gaps; the same values where nothing is missing.</summary>
    public static double[] Fill(ReadOnlySpan<double> x, int period)
    {
        var first = 0;
        while (first < x.Length && double.IsNaN(x[first]))
            first++;
        var last = x.Length - 1;
        while (last >= first && double.IsNaN(x[last]))
            last--;
        var y = x[first..(last + 1)].ToArray();
        if (!Array.Exists(y, double.IsNaN))
            return y;
        var figure = Figure(y, period);
        for (var t = 0; t < y.Length; t++)
            y[t] -= figure[t % period];
        Arima.ArimaSample.Bridge(y);
        for (var t = 0; t < y.Length; t++)
            y[t] += figure[t % period];
        // What was observed stays as it was, bit for bit.
        for (var t = 0; t < y.Length; t++)
            y[t] = double.IsNaN(x[first + t]) ? y[t] : x[first + t];
        return y;
    }

    /// <summary>Mean deviation of each season from the straight lines through the whole series; 0 where never observed.</summary>
    private static double[] Figure(double[] y, int period)
    {
        var level = (double[])y.Clone();
        Arima.ArimaSample.Bridge(level);
        var figure = new double[period];
        var counts = new int[period];
        for (var t = 0; t < y.Length; t++)
        {
            if (double.IsNaN(y[t]))
                continue;
            var low = Math.Clamp(t - (period / 2), 0, Math.Max(0, y.Length - period));
            var span = level.AsSpan(low, Math.Min(period, y.Length));
            var mean = 0.0;
            foreach (var v in span)
                mean += v;
            figure[t % period] += y[t] - (mean / span.Length);
            counts[t % period]++;
        }

        for (var j = 0; j < period; j++)
            figure[j] = counts[j] > 0 ? figure[j] / counts[j] : 0;
        return figure;
    }
}
