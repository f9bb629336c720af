namespace Forecast.Core.Distributions;

/// <summary>A point forecast: a mean of which nothing else is known. Every question about the law around it is denied.</summary>
public sealed class PointMarginal(double mean) : IMarginal
{
    public double Mean { get; } = mean;

    /// <summary>NaN: not known.</summary>
    public double Variance => double.NaN;

    public bool TryQuantile(double level, out double value) => Denied(out value);

    public bool TryCdf(double x, out double probability) => Denied(out probability);

    public bool TryExpectedShortfall(double alpha, out double value) => Denied(out value);

    public bool TryCrps(double actual, out double score) => Denied(out score);

    private static bool Denied(out double value)
    {
        value = double.NaN;
        return false;
    }
}
