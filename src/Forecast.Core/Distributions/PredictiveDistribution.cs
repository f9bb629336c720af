using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Forecast.Core.Distributions;

/// <summary>Simulates <paramref name="count"/> joint futures over all steps and targets.</summary>
public delegate SamplePaths PathSimulator(int count);

/// <summary>
/// What a model says about the steps 1..horizon of one series: a marginal law a step and target, and where the model can,
/// joint paths. Steps <c>h</c> count from 1.
/// </summary>
public sealed class PredictiveDistribution
{
    private readonly IReadOnlyList<IReadOnlyList<IMarginal>> _marginals;
    private readonly PathSimulator? _paths;

    /// <param name="timestamps">One instant a step.</param>
    /// <param name="marginals">One law a step, of the only target.</param>
    /// <param name="paths">Joint simulation, if the model has one; must give the same paths at each call (its seed is fixed).</param>
    /// <param name="repairs">Steps whose quantiles crossed and were re-ordered.</param>
    public PredictiveDistribution(IReadOnlyList<Instant> timestamps, IReadOnlyList<IMarginal> marginals, PathSimulator? paths = null, int repairs = 0)
        : this(timestamps, ["y"], [marginals], paths, repairs)
    {
    }

    /// <param name="timestamps">One instant a step.</param>
    /// <param name="targets">Names of the targets.</param>
    /// <param name="marginals">For each target one law a step.</param>
    /// <param name="paths">Joint simulation, if the model has one.</param>
    /// <param name="repairs">Steps whose quantiles crossed and were re-ordered.</param>
    public PredictiveDistribution(IReadOnlyList<Instant> timestamps, IReadOnlyList<string> targets, IReadOnlyList<IReadOnlyList<IMarginal>> marginals, PathSimulator? paths, int repairs)
    {
        ArgumentNullException.ThrowIfNull(timestamps);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(marginals);
        if (marginals.Count != targets.Count || marginals.Any(m => m.Count != timestamps.Count))
            throw new ArgumentException("one law a target and step is needed", nameof(marginals));
        Timestamps = timestamps;
        Targets = targets;
        Repairs = repairs;
        _marginals = marginals;
        _paths = paths;
    }

    /// <summary>Dates of the steps, by the series' frequency and calendar.</summary>
    public IReadOnlyList<Instant> Timestamps { get; }

    public IReadOnlyList<string> Targets { get; }

    public int Horizon => Timestamps.Count;

    /// <summary>How many steps had crossed quantiles that were re-ordered.</summary>
    public int Repairs { get; }

    public bool HasPaths => _paths is not null;

    /// <summary>The law of step <paramref name="h"/> (from 1).</summary>
    public IMarginal Marginal(int h, int target = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(h, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(h, Horizon);
        return _marginals[target][h - 1];
    }

    public double Mean(int h, int target = 0) => Marginal(h, target).Mean;

    public bool TryQuantile(int h, double level, out double value, int target = 0) => Marginal(h, target).TryQuantile(level, out value);

    /// <summary>Expected shortfall at tail <paramref name="alpha"/>, a positive loss.</summary>
    public bool TryExpectedShortfall(int h, double alpha, out double value, int target = 0) => Marginal(h, target).TryExpectedShortfall(alpha, out value);

    /// <summary>Joint futures; false when the model has no joint law.</summary>
    public bool TryPaths(int count, [NotNullWhen(true)] out SamplePaths? paths)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        paths = _paths?.Invoke(count);
        return paths is not null;
    }

    /// <summary>The quantile, or an error that says which model lacks which level.</summary>
    public double Quantile(int h, double level, string model, int target = 0) => TryQuantile(h, level, out var value, target)
        ? value
        : throw new ForecastException("level-unavailable", $"model '{model}' has no quantile at level {level}{(Marginal(h, target) is PointMarginal ? "; it forecasts points only: ask for no levels, or for conformal(..) around it" : "")}", "levels");
}
