using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Who may look at whom, the same in every block: nobody ahead, and not at padding.</summary>
/// <param name="Added">[B or 1, 1, T, S], added to the scores; null where none is needed.</param>
/// <param name="Causal">Whether the plain causal rule holds, so that fused kernels may apply it by themselves.</param>
internal readonly record struct AttentionMask(Tensor? Added, bool Causal)
{
    /// <param name="seen">[B, S], nonzero where a position may be looked at; null = everywhere.</param>
    /// <param name="input">[B, T, d], for length, type and device.</param>
    /// <param name="past">Positions in the cache.</param>
    public static AttentionMask Make(Tensor? seen, Tensor input, long past)
    {
        var count = input.shape[1];
        if (seen is null && past == 0) return new AttentionMask(null, Causal: true);
        if (seen is null && count == 1) return new AttentionMask(null, Causal: false);
        var hidden = ones([count, past + count], ScalarType.Bool, input.device).triu(past + 1).unsqueeze(0).unsqueeze(0);
        if (seen is not null) hidden = hidden.logical_or(seen.eq(0).unsqueeze(1).unsqueeze(1));

        // The least finite number instead of minus infinity: a padded position that may look at nobody keeps finite values.
        var least = input.dtype switch
        {
            ScalarType.Float16 => -65504,
            ScalarType.BFloat16 => -3.3895313892515355e38,
            ScalarType.Float64 => double.MinValue,
            _ => (double)float.MinValue,
        };
        return new AttentionMask(zeros(hidden.shape, input.dtype, input.device).masked_fill(hidden, least), Causal: false);
    }
}
