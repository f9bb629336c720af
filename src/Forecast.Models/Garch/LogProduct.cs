namespace Forecast.Models.Garch;

/// <summary>
/// Σ ln v of positive numbers through their product: one logarithm for many factors. The product is folded into the sum
/// before it can leave the range of a double; its rounding (half an ulp a factor) is that of summing logarithms.
/// </summary>
internal struct LogProduct
{
    private double _sum;
    private double _product;

    public LogProduct() => _product = 1;

    public void Add(double v)
    {
        var p = _product * v;
        if (p > 1e100 || p < 1e-100)
        {
            _sum += Math.Log(p);
            p = 1;
        }

        _product = p;
    }

    public readonly double Total => _sum + Math.Log(_product);
}
