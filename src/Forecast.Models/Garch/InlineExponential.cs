using System.Runtime.CompilerServices;

namespace Forecast.Models.Garch;

/// <summary>
/// exp(x) for |x| &lt; 20 without a call, so that a loop keeps its vectors in registers across it: x / ln 2 = k + f with |f| ≤ ½, and
/// the series of 2^f to the 13th power, summed in pairs (Estrin). Relative to <see cref="Math.Exp"/> within (2 + |x|) 2^-52.
/// </summary>
internal static class InlineExponential
{
    private const double Log2E = 1.44269504088896340736;

    /// <summary>1.5 · 2^52: added and taken away again, it rounds to the nearest integer, which its low bits then hold.</summary>
    private const double Rounder = 6755399441055744.0;

    // (ln 2)^j / j!
    private const double C1 = 0.69314718055994530942;
    private const double C2 = C1 * C1 / 2;
    private const double C3 = C2 * C1 / 3;
    private const double C4 = C3 * C1 / 4;
    private const double C5 = C4 * C1 / 5;
    private const double C6 = C5 * C1 / 6;
    private const double C7 = C6 * C1 / 7;
    private const double C8 = C7 * C1 / 8;
    private const double C9 = C8 * C1 / 9;
    private const double C10 = C9 * C1 / 10;
    private const double C11 = C10 * C1 / 11;
    private const double C12 = C11 * C1 / 12;
    private const double C13 = C12 * C1 / 13;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double x)
    {
        var binary = x * Log2E;
        var shifted = binary + Rounder;
        var f = binary - (shifted - Rounder);
        double f2 = f * f, f4 = f2 * f2;
        var low = Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(f, C3, C2), f2, Math.FusedMultiplyAdd(f, C1, 1));
        var middle = Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(f, C7, C6), f2, Math.FusedMultiplyAdd(f, C5, C4));
        var high = Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(f, C13, C12), f4, Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(f, C11, C10), f2, Math.FusedMultiplyAdd(f, C9, C8)));
        var sum = Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(high, f4, middle), f4, low);
        var power = (BitConverter.DoubleToInt64Bits(shifted) - BitConverter.DoubleToInt64Bits(Rounder) + 1023) << 52;
        return sum * BitConverter.Int64BitsToDouble(power);
    }
}
