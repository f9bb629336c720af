namespace Forecast.Core.Distributions;

/// <summary>Simulated futures: <c>[path, step, target]</c>, joint over steps and targets.</summary>
public sealed class SamplePaths
{
    private readonly double[] _values;

    public SamplePaths(int count, int horizon, int targets, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != (long)count * horizon * targets)
            throw new ArgumentException($"{values.Length} values for {count} paths of {horizon} steps and {targets} targets", nameof(values));
        Count = count;
        Horizon = horizon;
        Targets = targets;
        _values = values;
    }

    public int Count { get; }

    public int Horizon { get; }

    public int Targets { get; }

    /// <param name="path">0..Count-1.</param>
    /// <param name="h">Step, 1..Horizon.</param>
    /// <param name="target">0..Targets-1.</param>
    public double this[int path, int h, int target = 0] => _values[(((path * Horizon) + h - 1) * Targets) + target];

    /// <summary>The same paths with each value mapped.</summary>
    public SamplePaths Select(Func<double, double> map) => new(Count, Horizon, Targets, Array.ConvertAll(_values, v => map(v)));

    /// <summary>All draws of one step, one a path.</summary>
    public double[] Step(int h, int target = 0)
    {
        var draws = new double[Count];
        for (var i = 0; i < Count; i++) draws[i] = this[i, h, target];
        return draws;
    }
}
