using Forecast.Core.Distributions;

namespace Forecast.Models.LstmMdn;

/// <summary>
/// Maximum likelihood of a mixture of k normal laws for independent values, by expectation and maximisation (Dempster, Laird and
/// Rubin 1977): where the robust networks start.
/// </summary>
/// <remarks>
/// One start, so that the same values give the same mixture: k laws about the mean, their deviations spread from half to twice that
/// of the values. A deviation stays above a twentieth of that of the values: the likelihood has no bound where one falls to 0.
/// </remarks>
internal static class MixtureFit
{
    private const int Steps = 500;
    private const double Enough = 1e-8;
    private const double Least = 0.05;

    public static GaussianMixture Fit(ReadOnlySpan<double> values, int components)
    {
        var n = values.Length;
        double mean = 0, square = 0;
        foreach (var v in values) mean += v / n;
        foreach (var v in values) square += (v - mean) * (v - mean) / n;
        var sd = Math.Sqrt(square);
        double[] pi = new double[components], mu = new double[components], sigma = new double[components];
        for (var k = 0; k < components; k++)
        {
            pi[k] = 1.0 / components;
            mu[k] = mean;
            sigma[k] = components == 1 ? sd : sd * Math.Pow(2, (2.0 * k / (components - 1)) - 1);
        }

        var share = new double[components];
        var before = double.NegativeInfinity;
        for (var step = 0; step < Steps; step++)
        {
            double[] weight = new double[components], first = new double[components], second = new double[components];
            double total = 0;
            foreach (var v in values)
            {
                double density = 0;
                for (var k = 0; k < components; k++)
                {
                    var z = (v - mu[k]) / sigma[k];
                    share[k] = pi[k] * Math.Max(NormalDistribution.Density(z), 1e-300) / sigma[k];
                    density += share[k];
                }

                total += Math.Log(density);
                for (var k = 0; k < components; k++)
                {
                    var w = share[k] / density;
                    weight[k] += w;
                    first[k] += w * v;
                    second[k] += w * v * v;
                }
            }

            for (var k = 0; k < components; k++)
            {
                if (!(weight[k] > 1e-6 * n)) continue;  // an idle component keeps its place
                pi[k] = weight[k] / n;
                mu[k] = first[k] / weight[k];
                sigma[k] = Math.Max(Least * sd, Math.Sqrt(Math.Max(0, (second[k] / weight[k]) - (mu[k] * mu[k]))));
            }

            if (total - before < Enough * n) break;
            before = total;
        }

        return new GaussianMixture(pi, mu, sigma);
    }
}
