using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Models.Arima;

/// <summary>Draws from a joint normal law mean + sigma C z.</summary>
internal static class GaussianPaths
{
    /// <param name="mean">Means of steps 1..h.</param>
    /// <param name="factor">C, lower triangular, h x h row by row.</param>
    /// <param name="sigma">Innovation standard deviation.</param>
    /// <param name="count">Paths.</param>
    /// <param name="seed">Same seed, same paths; the first paths of a larger count are those of a smaller one.</param>
    public static SamplePaths Draw(double[] mean, double[] factor, double sigma, int count, ulong seed)
    {
        var h = mean.Length;
        var random = new RandomSource(seed);
        var values = new double[count * h];
        var z = new double[h];
        for (var path = 0; path < count; path++)
        {
            for (var i = 0; i < h; i++)
            {
                z[i] = random.NextNormal();
                values[(path * h) + i] = mean[i] + (sigma * WhitenedRegression.Dot(factor.AsSpan(i * h, i + 1), z.AsSpan(0, i + 1)));
            }
        }

        return new SamplePaths(count, h, 1, values);
    }
}
