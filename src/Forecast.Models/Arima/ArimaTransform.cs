namespace Forecast.Models.Arima;

/// <summary>
/// ARMA coefficients (ar, ma, sar, sma in one vector) as a function of unconstrained u: each block is the image of
/// r = c tanh(u) under <see cref="PartialAutocorrelation"/> (moving averages with the opposite sign), so that every u is a
/// stationary and invertible model (Jones 1980). c is a little below 1: nearer to the boundary the likelihood changes no more,
/// but its recursions lose their digits.
/// </summary>
internal sealed class ArimaTransform
{
    private const double Largest = 1 - 1e-6;

    private readonly (int Length, int Sign)[] _blocks;
    private readonly double[] _fixed;
    private readonly bool[] _isFree;

    public ArimaTransform(ArimaOptions options)
        : this(options, [])
    {
    }

    /// <param name="options">Orders.</param>
    /// <param name="given">Fixed coefficients, NaN for free ones; empty when all are free.</param>
    public ArimaTransform(ArimaOptions options, double[] given)
    {
        _blocks = [(options.Order.Ar, 1), (options.Order.Ma, -1), (options.Seasonal.Ar, 1), (options.Seasonal.Ma, -1)];
        HasFixed = Array.Exists(given, v => !double.IsNaN(v));
        _fixed = given;
        _isFree = new bool[_blocks.Length];
        var start = 0;
        for (var b = 0; b < _blocks.Length; b++)
        {
            _isFree[b] = !HasFixed || Array.TrueForAll(given[start..(start + _blocks[b].Length)], double.IsNaN);
            start += _blocks[b].Length;
        }

        Count = HasFixed ? given.Count(double.IsNaN) : _blocks.Sum(b => b.Length);
    }

    /// <summary>Length of u: the free coefficients.</summary>
    public int Count { get; }

    /// <summary>Whether some coefficients are fixed. The free ones of their blocks are then searched over as they are.</summary>
    public bool HasFixed { get; }

    /// <summary>Coefficients of u; NaN in a block with fixed coefficients that is not stationary (or invertible).</summary>
    public void ToCoefficients(ReadOnlySpan<double> u, Span<double> coefficients)
    {
        var (start, next) = (0, 0);
        for (var b = 0; b < _blocks.Length; b++)
        {
            var (length, sign) = _blocks[b];
            var block = coefficients.Slice(start, length);
            if (_isFree[b])
            {
                for (var i = 0; i < length; i++)
                    block[i] = Largest * Math.Tanh(u[next++]);
                PartialAutocorrelation.ToCoefficients(block, block);
                Flip(block, sign);
            }
            else
            {
                for (var i = 0; i < length; i++)
                    block[i] = double.IsNaN(_fixed[start + i]) ? u[next++] : _fixed[start + i];
                Refuse(block, sign);
            }

            start += length;
        }
    }

    /// <summary>
    /// u of coefficients, moved inside |r| &lt;= <paramref name="bound"/> where they are too near the boundary; a block that is
    /// not stationary (or invertible) becomes zero. Meant for starting values.
    /// </summary>
    public void FromCoefficients(ReadOnlySpan<double> coefficients, Span<double> u, double bound = 0.95)
    {
        var (start, next) = (0, 0);
        for (var b = 0; b < _blocks.Length; b++)
        {
            var (length, sign) = _blocks[b];
            if (_isFree[b])
            {
                FromBlock(coefficients.Slice(start, length), u.Slice(next, length), sign, bound);
                next += length;
            }
            else
            {
                for (var i = start; i < start + length; i++)
                {
                    if (double.IsNaN(_fixed[i]))
                        u[next++] = coefficients[i];
                }
            }

            start += length;
        }
    }

    private static void FromBlock(ReadOnlySpan<double> coefficients, Span<double> block, int sign, double bound)
    {
        coefficients.CopyTo(block);
        Flip(block, sign);
        if (!PartialAutocorrelation.TryFromCoefficients(block, block))
            block.Clear();
        foreach (ref var r in block)
            r = Math.Atanh(Math.Clamp(r, -bound, bound) / Largest);
    }

    private static void Refuse(Span<double> block, int sign)
    {
        Span<double> partial = stackalloc double[block.Length];
        block.CopyTo(partial);
        Flip(partial, sign);
        if (!PartialAutocorrelation.TryFromCoefficients(partial, partial))
            block.Fill(double.NaN);
    }

    private static void Flip(Span<double> block, int sign)
    {
        if (sign > 0)
            return;
        foreach (ref var value in block)
            value = -value;
    }
}
