using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Turns pairs (i, i + e/2) of queries and keys by the angle of their position.</summary>
/// <param name="width">e, the width of a head.</param>
/// <param name="theta">The base of the frequencies.</param>
/// <param name="scaling">How they are stretched.</param>
internal sealed class RotaryPositions(int width, double theta, RotaryScaling scaling)
{
    /// <summary>Cosines and sines, [B or 1, 1, T, e] of the type of <paramref name="like"/>, to be shared by all blocks.</summary>
    /// <param name="positions">[B or 1, T] int64.</param>
    /// <param name="like">For type and device.</param>
    /// <param name="length">Positions of the whole sequence, past ones included.</param>
    public (Tensor Cosine, Tensor Sine) At(Tensor positions, Tensor like, long length)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * scaling.Frequencies(width, theta, length).to(like.device);
        var both = cat([angles, angles], -1).unsqueeze(1);
        Tensor Scaled(Tensor wave) => (scaling.Magnitude is 1 ? wave : wave * scaling.Magnitude).to(like.dtype).MoveToOuterDisposeScope();
        return (Scaled(both.cos()), Scaled(both.sin()));
    }

    /// <param name="x">[B, heads, T, e].</param>
    /// <param name="wave">Of <see cref="At"/>.</param>
    public static Tensor Turn(Tensor x, (Tensor Cosine, Tensor Sine) wave)
    {
        var half = x.shape[^1] / 2;
        var quarter = cat([x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)], -1);
        return (x * wave.Cosine) + (quarter * wave.Sine);
    }
}
