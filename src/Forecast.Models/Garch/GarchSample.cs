namespace Forecast.Models.Garch;

/// <summary>Observations in time order, NaN where one is missing.</summary>
public sealed class GarchSample
{
    private readonly double[] _values;

    /// <param name="values">Finite numbers, or NaN for missing.</param>
    public GarchSample(ReadOnlySpan<double> values)
    {
        _values = values.ToArray();
        var observed = 0;
        foreach (var v in _values)
        {
            if (double.IsInfinity(v)) throw new ArgumentException("An infinity is not an observation.", nameof(values));
            if (!double.IsNaN(v)) observed++;
        }

        Observed = observed;
    }

    /// <summary>The values.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Length with missing values.</summary>
    public int Length => _values.Length;

    /// <summary>Number of values that are not missing.</summary>
    public int Observed { get; }

    /// <summary>Whether a value is missing.</summary>
    public bool HasMissing => Observed != Length;

    /// <summary>Mean of the observed values.</summary>
    public double Mean()
    {
        if (!HasMissing)
        {
            var first = Spans.Moments(_values, 0).Sum / Observed;
            return first + Spans.Moments(_values, first).Sum / Observed;
        }

        double sum = 0;
        foreach (var v in _values)
            if (!double.IsNaN(v)) sum += v;
        var mean = sum / Observed;
        double correction = 0;
        foreach (var v in _values)
            if (!double.IsNaN(v)) correction += v - mean;
        return mean + correction / Observed;
    }

    /// <summary>Root mean squared distance from a centre.</summary>
    public double RootMeanSquare(double centre)
    {
        if (!HasMissing) return Math.Sqrt(Spans.Moments(_values, centre).Squares / Observed);
        double sum = 0;
        foreach (var v in _values)
            if (!double.IsNaN(v)) sum += (v - centre) * (v - centre);
        return Math.Sqrt(sum / Observed);
    }

    /// <summary>The sample divided by a scale.</summary>
    public GarchSample Scaled(double scale)
    {
        var scaled = new double[_values.Length];
        for (var i = 0; i < scaled.Length; i++) scaled[i] = _values[i] / scale;
        return new GarchSample(scaled);
    }
}
