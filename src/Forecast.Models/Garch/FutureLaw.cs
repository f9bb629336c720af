using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>Where future innovations z come from, with the moments that variance forecasts need.</summary>
public abstract class FutureLaw
{
    /// <summary>One draw.</summary>
    public abstract double Sample(RandomSource random);

    /// <summary>As many draws as calls of <see cref="Sample"/> would give.</summary>
    public abstract void Fill(RandomSource random, Span<double> draws);

    /// <summary>E[z² 1(z &lt; 0)].</summary>
    public abstract double NegativeShare { get; }

    /// <summary>E exp(a|z| + bz), or +∞.</summary>
    public abstract double ExponentialMoment(double a, double b);

    /// <summary>The law of mean + sd z.</summary>
    public abstract IMarginal Marginal(double mean, double sd);

    /// <summary>The fitted distribution.</summary>
    public static FutureLaw Of(Innovation innovation) => new FittedLaw(innovation);

    /// <summary>
    /// The standardised residuals of a filtered sample, each as likely as the other: filtered historical simulation (Barone-Adesi,
    /// Giannopoulos and Vosper 1999). They are moved and scaled to mean 0 and variance 1, so that variance forecasts stay what they are.
    /// </summary>
    /// <exception cref="ForecastException">Fewer than ten residuals that are not all equal (<c>series-too-short</c>).</exception>
    public static FutureLaw OfResiduals(GarchPath path, string series)
    {
        ArgumentNullException.ThrowIfNull(path);
        const int Fewest = 10;
        var z = Standardised(path);
        var mean = z.Length == 0 ? 0 : z.Average();
        var sd = Math.Sqrt(z.Sum(v => (v - mean) * (v - mean)) / Math.Max(z.Length, 1));
        if (z.Length < Fewest || !(sd > 0))
        {
            throw new ForecastException(
                "series-too-short", $"series '{series}': draws from residuals need at least {Fewest} observations that differ, there are {z.Length}", series: series);
        }

        return new ResidualLaw([.. z.Select(v => (v - mean) / sd)]);
    }

    /// <summary>e / sqrt(h) of the observed values.</summary>
    internal static double[] Standardised(GarchPath path)
    {
        var z = new List<double>(path.Residual.Length);
        for (var t = 0; t < path.Residual.Length; t++)
            if (!(path.Residual[t] == 0 && path.SquaredInput[t] > 0)) z.Add(path.Residual[t] / Math.Sqrt(path.Variance[t]));
        return [.. z];
    }

    private sealed class FittedLaw(Innovation innovation) : FutureLaw
    {
        public override double NegativeShare => VarianceMoments.NegativeShare(innovation);

        public override double Sample(RandomSource random) => innovation.Sample(random);

        public override void Fill(RandomSource random, Span<double> draws) => innovation.Fill(random, draws);

        public override double ExponentialMoment(double a, double b) => VarianceMoments.ExponentialMoment(innovation, a, b);

        public override IMarginal Marginal(double mean, double sd) => new LocationScaleMarginal(mean, sd, innovation);
    }

    private sealed class ResidualLaw(double[] z) : FutureLaw
    {
        public override double NegativeShare => z.Sum(v => v < 0 ? v * v : 0) / z.Length;

        public override double Sample(RandomSource random)
        {
            ArgumentNullException.ThrowIfNull(random);
            return z[random.NextInt(z.Length)];
        }

        public override void Fill(RandomSource random, Span<double> draws)
        {
            for (var i = 0; i < draws.Length; i++) draws[i] = Sample(random);
        }

        public override double ExponentialMoment(double a, double b) => z.Sum(v => Math.Exp(a * Math.Abs(v) + b * v)) / z.Length;

        public override IMarginal Marginal(double mean, double sd) => new EmpiricalMarginal([.. z.Select(v => mean + sd * v)], mean, sd * sd);
    }
}
