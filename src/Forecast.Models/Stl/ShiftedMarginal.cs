using Forecast.Core.Distributions;

namespace Forecast.Models.Stl;

/// <summary>The law of X + c.</summary>
/// <param name="inner">Law of X.</param>
/// <param name="shift">c.</param>
internal sealed class ShiftedMarginal(IMarginal inner, double shift) : IMarginal
{
    public double Mean => inner.Mean + shift;

    public double Variance => inner.Variance;

    public bool TryQuantile(double level, out double value)
    {
        var known = inner.TryQuantile(level, out value);
        value += shift;
        return known;
    }

    public bool TryCdf(double x, out double probability) => inner.TryCdf(x - shift, out probability);

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        var known = inner.TryExpectedShortfall(alpha, out value);
        value -= shift; // a loss: the more is added, the less is lost
        return known;
    }

    public bool TryCrps(double actual, out double score) => inner.TryCrps(actual - shift, out score);
}
