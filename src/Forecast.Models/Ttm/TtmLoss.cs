using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>The losses that the published models were trained on, in the unit of the series, a mean over what was observed.</summary>
internal static class TtmLoss
{
    /// <param name="config">Which loss.</param>
    /// <param name="forecast">[B, H, C].</param>
    /// <param name="target">[B, H, C].</param>
    /// <param name="observed">[B, H, C], 1 = observed; null = all are.</param>
    public static Tensor Of(TtmConfig config, Tensor forecast, Tensor target, Tensor? observed)
    {
        using var scope = NewDisposeScope();
        var e = target - forecast;
        var loss = config.Loss switch
        {
            TtmLossKind.AbsoluteError => e.abs(),
            TtmLossKind.Huber => Huber(e.abs(), config.HuberDelta),
            TtmLossKind.Pinball => (e * config.Quantile).maximum(e * (config.Quantile - 1)),
            _ => e.square(),
        };
        if (observed is null) return loss.mean().MoveToOuterDisposeScope();
        var weights = observed.to(loss.dtype);
        return ((loss * weights).sum() / weights.sum().clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>e^2 / 2 up to delta, delta (|e| - delta / 2) beyond (Huber 1964).</summary>
    private static Tensor Huber(Tensor size, double delta) =>
        where(size.le((TorchSharp.Scalar)delta), 0.5 * size.square(), delta * (size - (0.5 * delta)));
}
