using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using Forecast.Models.Ets;

namespace Forecast.Models.HoltWinters;

/// <summary>What comes after the last row.</summary>
internal static class HoltWintersProjection
{
    /// <summary>(a + h b) + s, or (a + h b) s.</summary>
    public static double[] Point(HoltWintersFit fit, int horizon)
    {
        var point = new double[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var level = fit.End.Level + ((h + 1) * fit.End.Slope);
            point[h] = fit.Seasonal switch
            {
                EtsPart.None => level,
                EtsPart.Additive => level + fit.End.Season[h % fit.Period],
                _ => level * fit.End.Season[h % fit.Period],
            };
        }

        return point;
    }

    /// <summary>
    /// sigma2 (1 + sum_(j&lt;h) psi_j^2) with psi_j = alpha (1 + j beta) + gamma (1 - alpha) 1[m divides j] (Yar and Chatfield 1990).
    /// </summary>
    public static double[] Variance(HoltWintersFit fit, double sigma2, int horizon)
    {
        var variance = new double[horizon];
        var sum = 1.0;
        for (var h = 0; h < horizon; h++)
        {
            if (h > 0)
            {
                var psi = fit.Alpha * (1 + (fit.HasTrend ? h * fit.Beta : 0));
                if (fit.Seasonal != EtsPart.None && h % fit.Period == 0) psi += fit.Gamma * (1 - fit.Alpha);
                sum += psi * psi;
            }

            variance[h] = sigma2 * sum;
        }

        return variance;
    }

    /// <summary>Futures with normal one-step errors, the first <paramref name="skip"/> steps left out.</summary>
    public static SamplePaths Draw(HoltWintersFit fit, double sigma, int count, int skip, int horizon, ulong seed)
    {
        var random = new RandomSource(seed);
        var values = new double[count * horizon];
        var season = new double[fit.End.Season.Length];
        for (var path = 0; path < count; path++)
        {
            var filter = new HoltWintersFilter(fit.Weights, fit.Seasonal, fit.HasTrend, fit.End, season);
            for (var h = -skip; h < horizon; h++)
            {
                var value = filter.Mean() + (sigma * random.NextNormal());
                filter.Move(value);
                if (h >= 0) values[(path * horizon) + h] = value;
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}
