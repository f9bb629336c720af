using Forecast.Core.Distributions;
using Forecast.Core.Numerics;
using Forecast.Models.Garch;

namespace Forecast.Models.Evt;

/// <summary>Future innovations of the law with generalised Pareto tails, drawn by inversion.</summary>
internal sealed class TailedLaw(TailedResiduals z) : FutureLaw
{
    private readonly Lazy<double[]> _grid = new(() => z.Grid(2000));

    public override double NegativeShare => _grid.Value.Average(v => v < 0 ? v * v : 0) / _grid.Value.Average(v => v * v);

    public override double Sample(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return z.Quantile(random.NextDouble());
    }

    public override void Fill(RandomSource random, Span<double> draws)
    {
        for (var i = 0; i < draws.Length; i++) draws[i] = Sample(random);
    }

    public override double ExponentialMoment(double a, double b) => _grid.Value.Average(v => Math.Exp((a * Math.Abs(v)) + (b * v)));

    public override IMarginal Marginal(double mean, double sd) => new TailedMarginal(mean, sd, z);
}
