using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>
/// Brings each series and channel to a unit of its own: (x - loc) / scale at every position, observed or not, so that a gap stored as 0
/// enters as -loc / scale.
/// </summary>
internal static class TtmScaler
{
    private const double Floor = 1e-5;
    private const double LeastScale = 1e-10;

    /// <param name="kind">Which unit.</param>
    /// <param name="values">[B, L, C].</param>
    /// <param name="observed">[B, L, C], 1 = observed.</param>
    /// <returns>loc and scale, both [B, 1, C].</returns>
    public static (Tensor Loc, Tensor Scale) Of(TtmScaling kind, Tensor values, Tensor observed) => kind switch
    {
        TtmScaling.Std => Std(values, observed),
        TtmScaling.Mean => Mean(values, observed),
        _ => (zeros_like(values.narrow(1, 0, 1)), ones_like(values.narrow(1, 0, 1))),
    };

    /// <summary>n = max(1, observed), loc = sum / n, scale = sqrt(sum of squared deviations / n + 1e-5).</summary>
    private static (Tensor Loc, Tensor Scale) Std(Tensor values, Tensor observed)
    {
        var count = observed.sum(1, keepdim: true).clamp_min(1);
        var loc = (values * observed).sum(1, keepdim: true) / count;
        var variance = ((values - loc) * observed).square().sum(1, keepdim: true) / count;
        return (loc, (variance + Floor).sqrt());
    }

    /// <summary>loc = 0; scale = sum |x| / n; a channel without observation takes the one of all series of the batch together.</summary>
    private static (Tensor Loc, Tensor Scale) Mean(Tensor values, Tensor observed)
    {
        var sum = (values * observed).abs().sum(1, keepdim: true);
        var count = observed.sum(1, keepdim: true);
        var pooled = sum.sum(0, keepdim: true) / count.sum(0, keepdim: true).clamp_min(1);
        var scale = where(count.gt((TorchSharp.Scalar)0), sum / count.clamp_min(1), pooled.expand_as(sum)).clamp_min(LeastScale);
        return (zeros_like(scale), scale);
    }
}
