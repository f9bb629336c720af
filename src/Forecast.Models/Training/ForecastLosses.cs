using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// Losses of forecasts [B, H], each a mean over windows and steps. A weight of 0 leaves a value out (a missing target, whose place may
/// hold any finite number); the divisor stays B H, so that a window counts by what it holds.
/// </summary>
public static class ForecastLosses
{
    /// <summary>
    /// Sum over levels of the quantile loss max(p e, (p - 1) e), e = y - q (Koenker and Bassett 1978), times 2 / K, which tends to the
    /// CRPS as the levels grow dense.
    /// </summary>
    /// <param name="quantiles">[B, H, K].</param>
    /// <param name="targets">[B, H].</param>
    /// <param name="weights">[B, H].</param>
    /// <param name="levels">[K], on the same device.</param>
    public static Tensor Pinball(Tensor quantiles, Tensor targets, Tensor weights, Tensor levels)
    {
        using var scope = NewDisposeScope();
        var e = targets.unsqueeze(-1) - quantiles;
        var loss = (levels * e).maximum((levels - 1) * e).mean([-1]);
        return (2 * (loss * weights).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>(y - f)^2.</summary>
    public static Tensor SquaredError(Tensor forecasts, Tensor targets, Tensor weights)
    {
        using var scope = NewDisposeScope();
        return ((targets - forecasts).square() * weights).mean().MoveToOuterDisposeScope();
    }

    /// <summary>-ln of the normal density: (ln 2 pi)/2 + s + (y - mean)^2 exp(-2 s) / 2, with s = ln sd.</summary>
    /// <param name="means">[B, H].</param>
    /// <param name="logSds">[B, H].</param>
    /// <param name="targets">[B, H].</param>
    /// <param name="weights">[B, H].</param>
    public static Tensor GaussianNll(Tensor means, Tensor logSds, Tensor targets, Tensor weights)
    {
        using var scope = NewDisposeScope();
        var z = (targets - means) * (-logSds).exp();
        return (((0.5 * z.square()) + logSds + (0.5 * Math.Log(2 * Math.PI))) * weights).mean().MoveToOuterDisposeScope();
    }
}
