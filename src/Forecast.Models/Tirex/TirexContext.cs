using static TorchSharp.torch;

namespace Forecast.Models.Tirex;

/// <summary>A batch of contexts in units of their own, cut into patches.</summary>
/// <param name="Tokens">[B, P, p]; NaN = not observed.</param>
/// <param name="Loc">[B, 1].</param>
/// <param name="Scale">[B, 1].</param>
internal sealed record TirexContext(Tensor Tokens, Tensor Loc, Tensor Scale)
{
    private const double Floor = 1e-5;

    /// <summary>
    /// loc = mean of what was observed (0 if nothing was), scale = root of the mean squared deviation (1 if nothing was); a scale of 0
    /// becomes |loc| + 1e-5.
    /// </summary>
    /// <param name="context">[B, L], NaN = not observed.</param>
    /// <param name="patch">p, which divides L.</param>
    public static TirexContext Of(Tensor context, int patch)
    {
        using var scope = NewDisposeScope();
        var missing = context.isnan();
        var count = missing.logical_not().to(context.dtype).sum(1, keepdim: true);
        var empty = count.eq((TorchSharp.Scalar)0);
        var least = count.clamp_min(1);
        var loc = context.masked_fill(missing, 0).sum(1, keepdim: true) / least;
        var scale = ((context - loc).square().masked_fill(missing, 0).sum(1, keepdim: true) / least).sqrt().masked_fill(empty, 1);
        scale = where(scale.eq((TorchSharp.Scalar)0), loc.abs() + Floor, scale);
        var tokens = ((context - loc) / scale).view(context.shape[0], -1, patch);
        return new TirexContext(tokens.MoveToOuterDisposeScope(), loc.MoveToOuterDisposeScope(), scale.MoveToOuterDisposeScope());
    }

    /// <summary>The last <paramref name="length"/> values, with missing ones in front where there are fewer.</summary>
    /// <param name="context">[B, any length].</param>
    /// <param name="length">Values wanted.</param>
    public static Tensor Fit(Tensor context, long length)
    {
        var own = context.shape[1];
        return own >= length
            ? context.narrow(1, own - length, length)
            : nn.functional.pad(context, (length - own, 0), value: double.NaN);
    }
}
