using Forecast.Core.Distributions;

namespace Forecast.Models.Transforms;

/// <summary>What values can be: those from <paramref name="Min"/> to <paramref name="Max"/>, or the whole numbers among them.</summary>
/// <param name="Min">Least value; minus infinity for none.</param>
/// <param name="Max">Greatest value; infinity for none.</param>
/// <param name="Integer">Whether only whole numbers can be.</param>
public readonly record struct Constraint(double Min, double Max, bool Integer)
{
    /// <summary>Least value that can be.</summary>
    public double Lowest => Integer ? Math.Ceiling(Min) : Min;

    /// <summary>Greatest value that can be.</summary>
    public double Highest => Integer ? Math.Floor(Max) : Max;

    public bool IsEmpty => !(Lowest <= Highest);

    /// <summary>
    /// The nearest value that can be. A half goes down, so that the rounded quantile is the quantile of the rounded law: the least k
    /// with P(X at most k + 1/2) of at least the level.
    /// </summary>
    public double Nearest(double value) => Math.Clamp(Integer ? Math.Ceiling(value - 0.5) : value, Lowest, Highest);

    /// <summary>Whether a value is one that can be.</summary>
    public bool Holds(double value) => Nearest(value) == value;

    /// <summary>The law of <see cref="Nearest"/>(X). Of a law of a few quantiles these map one to one, and the mean is that of the mapped ones.</summary>
    public IMarginal Apply(IMarginal law, string series) => law is QuantileMarginal known ? known.Select(Nearest) : new ConstrainedMarginal(law, this, series);

    public override string ToString() => (Integer ? "whole numbers" : "values") + $" from {Lowest} to {Highest}";
}
