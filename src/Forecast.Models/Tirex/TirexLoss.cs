using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>The quantile loss that TiRex was trained with, on scaled values.</summary>
internal static class TirexLoss
{
    /// <summary>Mean over the quantiles q, then over the observed targets, of max(q e, (q - 1) e), e = target - forecast.</summary>
    /// <param name="predictions">[B, quantile, P, p].</param>
    /// <param name="target">[B, P, p].</param>
    /// <param name="observed">[B, P, p], 1 = observed.</param>
    /// <param name="quantiles">Levels.</param>
    public static Tensor Of(Tensor predictions, Tensor target, Tensor observed, IReadOnlyList<double> quantiles)
    {
        using var scope = NewDisposeScope();
        var levels = tensor(quantiles.Select(q => (float)q).ToArray(), device: predictions.device).to(predictions.dtype).view(1, -1, 1, 1);
        var weights = observed.to(predictions.dtype);
        var error = target.nan_to_num().unsqueeze(1) - predictions;
        var each = maximum(levels * error, (levels - 1) * error).mean([1]);
        return ((each * weights).sum() / weights.sum()).MoveToOuterDisposeScope();
    }
}
