using Forecast.Core.Distributions;

namespace Forecast.Models.Caviar;

/// <summary>
/// The quantiles that were modelled, and nothing else. Levels between them are linear, levels outside are denied; expected shortfall is known at modelled levels
/// below the median only.
/// </summary>
/// <param name="mean">Mean of the returns fitted on: the equations say nothing of it.</param>
/// <param name="quantiles">Modelled quantiles.</param>
/// <param name="levels">Their levels.</param>
/// <param name="shortfalls">Expected shortfall at each level, NaN where there is none.</param>
internal sealed class CaviarMarginal(double mean, QuantileMarginal quantiles, IReadOnlyList<double> levels, double[] shortfalls) : IMarginal
{
    public double Mean => mean;

    public double Variance => double.NaN;

    public bool TryQuantile(double level, out double value) => quantiles.TryQuantile(level, out value);

    public bool TryCdf(double x, out double probability) => quantiles.TryCdf(x, out probability);

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        value = double.NaN;
        for (var i = 0; i < levels.Count; i++)
        {
            if (levels[i] == alpha) value = shortfalls[i];
        }

        return !double.IsNaN(value);
    }

    public bool TryCrps(double actual, out double score)
    {
        score = double.NaN;
        return false;
    }
}
