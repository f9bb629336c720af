using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Models.LstmMdn;

/// <summary>
/// Simulated futures: each path belongs to one network (they take turns), draws a return from its mixture, moves the scale and the
/// window on by it, and asks the network again.
/// </summary>
internal static class MixturePaths
{
    private const long MostValues = 50_000_000;

    /// <exception cref="ForecastException"><c>paths-too-many</c>.</exception>
    public static SamplePaths Draw(MixtureState[] states, int count, int horizon, ulong seed)
    {
        if ((long)count * horizon > MostValues)
            throw new ForecastException("paths-too-many", $"{count} paths of {horizon} steps are more than {MostValues} numbers; ask for fewer of either", "paths");
        var (size, features, length) = (states[0].Size, states[0].Features, states[0].Window.Length);
        double[] pi = new double[size], mu = new double[size], sigma = new double[size];
        var window = new double[length + (horizon * features)];
        var random = new RandomSource(seed);
        var values = new double[count * horizon];
        for (var path = 0; path < count; path++)
        {
            var state = states[path % states.Length];
            state.Window.CopyTo(window, 0);
            var (h, filter) = (state.Variance, state.Filter);
            for (var step = 0; step < horizon; step++)
            {
                state.Read(window.AsSpan(step * features, length), pi, mu, sigma);
                var component = Component(pi, random.NextDouble());
                var value = filter.Mu + (Math.Sqrt(h) * (mu[component] + (sigma[component] * random.NextNormal())));
                var next = filter.Next(h, value);
                MixtureInputs.Write(value, h, next, filter, window.AsSpan(length + (step * features), features));
                h = next;
                values[(path * horizon) + step] = value;
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }

    private static int Component(double[] pi, double u)
    {
        var at = 0;
        for (; at < pi.Length - 1 && u >= pi[at]; at++) u -= pi[at];
        return at;
    }
}
