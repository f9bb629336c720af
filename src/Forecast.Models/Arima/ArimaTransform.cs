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

    public ArimaTransform(ArimaOptions options)
    {
        _blocks = [(options.Order.Ar, 1), (options.Order.Ma, -1), (options.Seasonal.Ar, 1), (options.Seasonal.Ma, -1)];
        Count = _blocks.Sum(b => b.Length);
    }

    /// <summary>p + q + P + Q.</summary>
    public int Count { get; }

    /// <summary>Coefficients of u.</summary>
    public void ToCoefficients(ReadOnlySpan<double> u, Span<double> coefficients)
    {
        for (var i = 0; i < Count; i++)
            coefficients[i] = Largest * Math.Tanh(u[i]);
        var start = 0;
        foreach (var (length, sign) in _blocks)
        {
            var block = coefficients.Slice(start, length);
            PartialAutocorrelation.ToCoefficients(block, block);
            Flip(block, sign);
            start += length;
        }
    }

    /// <summary>
    /// u of coefficients, moved inside |r| &lt;= <paramref name="bound"/> where they are too near the boundary; a block that is
    /// not stationary (or invertible) becomes zero. Meant for starting values.
    /// </summary>
    public void FromCoefficients(ReadOnlySpan<double> coefficients, Span<double> u, double bound = 0.95)
    {
        var start = 0;
        foreach (var (length, sign) in _blocks)
        {
            var block = u.Slice(start, length);
            coefficients.Slice(start, length).CopyTo(block);
            Flip(block, sign);
            if (!PartialAutocorrelation.TryFromCoefficients(block, block))
                block.Clear();
            foreach (ref var r in block)
                r = Math.Atanh(Math.Clamp(r, -bound, bound) / Largest);
            start += length;
        }
    }

    private static void Flip(Span<double> block, int sign)
    {
        if (sign > 0)
            return;
        foreach (ref var value in block)
            value = -value;
    }
}
