using System.Runtime.CompilerServices;

namespace Forecast.Models.Garch;

/// <summary>
/// Σ ln v of positive numbers through their product: one logarithm in all. Before the product can leave the range of a double its
/// binary exponent is moved to a count, so that the loop around it calls nothing. Its rounding (half an ulp a factor) is that of
/// summing logarithms. NaN when a factor or its product was not positive and finite.
/// </summary>
internal struct LogProduct
{
    private const double Ln2 = 0.69314718055994530942;
    private const long ExponentOfOne = 1023;
    private const long Mantissa = (1L << 52) - 1;
    private long _exponent;
    private double _product;

    public LogProduct() => _product = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double v)
    {
        var p = _product * v;
        if (p is > 1e100 or < 1e-100)
        {
            var bits = BitConverter.DoubleToInt64Bits(p);
            _exponent += (bits >> 52) - ExponentOfOne;
            p = p is > 0 and < double.PositiveInfinity ? BitConverter.Int64BitsToDouble((bits & Mantissa) | (ExponentOfOne << 52)) : double.NaN;
        }

        _product = p;
    }

    public readonly double Total => _exponent * Ln2 + Math.Log(_product);
}
