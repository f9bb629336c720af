using Forecast.Models.Weights;

namespace Forecast.Models.Verification;

/// <summary>
/// How close each kind of tensor has to come, as max |a - b| / max |b| over the tensor. Single precision in another order of summing
/// differs by a few 1e-6; gradients by ten times that.
/// </summary>
/// <param name="Forward">Results and losses in float32.</param>
public sealed record GoldenTolerance(double Forward = 1e-5)
{
    private const double SmallNorm = 1e-3;
    private const double SmallNormAbsolute = 1e-6;
    private const double BFloat16 = 2e-2;

    /// <summary>Greatest relative difference.</summary>
    /// <param name="name">Full name.</param>
    /// <param name="type">As stored.</param>
    internal double Of(string name, WeightType type)
    {
        if (type is not (WeightType.F32 or WeightType.F64 or WeightType.F16 or WeightType.BF16)) return 0;
        if (name.Contains(".bf16.", StringComparison.Ordinal)) return Math.Max(Forward, BFloat16);
        return IsGradient(name) ? 10 * Forward : Forward;
    }

    /// <summary>Gradients this small are rounding errors of larger terms: an absolute difference counts.</summary>
    internal static bool IsSmallGradient(string name, double largest, double difference) =>
        IsGradient(name) && largest < SmallNorm && difference <= SmallNormAbsolute;

    private static bool IsGradient(string name) => name.Contains(".train.grad", StringComparison.Ordinal);
}
