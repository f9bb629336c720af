using Forecast.Core;

namespace Forecast.Models.Caviar;

/// <summary>How a quantile follows from the last one and the last return.</summary>
public enum CaviarForm
{
    /// <summary>q_t = b1 + b2 q_(t-1) + b3 |r_(t-1)|.</summary>
    SymmetricAbsoluteValue,

    /// <summary>q_t = b1 + b2 q_(t-1) + b3 max(r_(t-1), 0) + b4 max(-r_(t-1), 0).</summary>
    AsymmetricSlope,

    /// <summary>q_t² = b1 + b2 q_(t-1)² + b3 r_(t-1)², q_t with the sign of the level.</summary>
    IndirectGarch,

    /// <summary>q_t = q_(t-1) - b1 (1 / (1 + exp(G (r_(t-1) - q_(t-1)) / s)) - level), G = 10, s the returns' deviation.</summary>
    Adaptive,
}

/// <summary>What <c>caviar{form, starts}</c> says.</summary>
public sealed record CaviarOptions
{
    public CaviarForm Form { get; init; } = CaviarForm.AsymmetricSlope;

    /// <summary>Random points that the search looks at before it goes down from the best of them.</summary>
    public int Starts { get; init; } = 1000;

    /// <exception cref="ForecastException">An option out of its range.</exception>
    public CaviarOptions Validated() => Starts is >= 10 and <= 1_000_000
        ? this
        : throw new ForecastException("starts-invalid", $"starts is {Starts}; it must be from 10 to 1000000", "starts");
}
