namespace Forecast.Models.Innovations;

/// <summary>
/// The log-density K + g(w; s), K = ln 2 + ln σ - ln(ξ + 1/ξ), w = (m + σz) c with c = 1/ξ right of the mode and ξ left of it, with
/// derivatives in z, ξ and the shape: m and σ depend on ξ and, through M = E|T|, on the shape.
/// </summary>
internal sealed class SkewTransform
{
    private readonly ShapeDerivatives _m;
    private readonly ShapeDerivatives _sigma;
    private readonly ShapeDerivatives _constant;
    private readonly (ShapeDerivatives Shift, ShapeDerivatives Scale) _right;
    private readonly (ShapeDerivatives Shift, ShapeDerivatives Scale) _left;

    /// <param name="xi">ξ.</param>
    /// <param name="mean">M with its derivatives in the shape.</param>
    public SkewTransform(double xi, ShapeDerivatives mean)
    {
        var r = 1 / xi;
        var one = new ShapeDerivatives(xi, 1, 0, 0, 0, 0);
        var inverse = new ShapeDerivatives(r, -r * r, 0, 2 * r * r * r, 0, 0);
        var spread = Sum(Product(one, one), Product(inverse, inverse));
        var square = Product(mean, mean);
        _m = Product(mean, Sum(one, Scaled(inverse, -1)));

        // σ² = spread - 1 - M² (spread - 2).
        var variance = Sum(Plus(spread, -1), Scaled(Product(square, Plus(spread, -2)), -1));
        var root = Math.Sqrt(variance.Value);
        _sigma = Through(variance, root, 0.5 / root, -0.25 / (root * variance.Value));
        var width = Sum(one, inverse);
        _constant = Plus(Sum(Log(_sigma), Scaled(Log(width), -1)), Math.Log(2));
        _right = (Product(_m, inverse), Product(_sigma, inverse));
        _left = (Product(_m, one), Product(_sigma, one));
    }

    public InnovationDerivatives Differentiate(double z, Innovation symmetric)
    {
        var (a, b) = _m.Value + _sigma.Value * z >= 0 ? _right : _left;
        var g = symmetric.Differentiate(a.Value + b.Value * z);
        double wz = b.Value, wk = a.Skew + b.Skew * z, ws = a.Shape + b.Shape * z;
        return new(
            Value: _constant.Value + g.Value,
            Z: g.Z * wz,
            ZZ: g.ZZ * wz * wz,
            Shape: _constant.Shape + g.Z * ws + g.Shape,
            ZShape: (g.ZZ * ws + g.ZShape) * wz + g.Z * b.Shape,
            ShapeShape: _constant.ShapeShape + g.ZZ * ws * ws + 2 * g.ZShape * ws + g.Z * (a.ShapeShape + b.ShapeShape * z) + g.ShapeShape,
            Skew: _constant.Skew + g.Z * wk,
            ZSkew: g.ZZ * wz * wk + g.Z * b.Skew,
            SkewSkew: _constant.SkewSkew + g.ZZ * wk * wk + g.Z * (a.SkewSkew + b.SkewSkew * z),
            SkewShape: _constant.SkewShape + g.ZZ * wk * ws + g.ZShape * wk + g.Z * (a.SkewShape + b.SkewShape * z));
    }

    private static ShapeDerivatives Sum(ShapeDerivatives a, ShapeDerivatives b) =>
        new(a.Value + b.Value, a.Skew + b.Skew, a.Shape + b.Shape, a.SkewSkew + b.SkewSkew, a.SkewShape + b.SkewShape, a.ShapeShape + b.ShapeShape);

    private static ShapeDerivatives Plus(ShapeDerivatives a, double constant) => a with { Value = a.Value + constant };

    private static ShapeDerivatives Scaled(ShapeDerivatives a, double factor) =>
        new(factor * a.Value, factor * a.Skew, factor * a.Shape, factor * a.SkewSkew, factor * a.SkewShape, factor * a.ShapeShape);

    private static ShapeDerivatives Product(ShapeDerivatives a, ShapeDerivatives b) => new(
        a.Value * b.Value,
        a.Skew * b.Value + a.Value * b.Skew,
        a.Shape * b.Value + a.Value * b.Shape,
        a.SkewSkew * b.Value + 2 * a.Skew * b.Skew + a.Value * b.SkewSkew,
        a.SkewShape * b.Value + a.Skew * b.Shape + a.Shape * b.Skew + a.Value * b.SkewShape,
        a.ShapeShape * b.Value + 2 * a.Shape * b.Shape + a.Value * b.ShapeShape);

    private static ShapeDerivatives Log(ShapeDerivatives a) => Through(a, Math.Log(a.Value), 1 / a.Value, -1 / (a.Value * a.Value));

    /// <summary>f(a) from f, f' and f'' at a.</summary>
    private static ShapeDerivatives Through(ShapeDerivatives a, double f, double f1, double f2) => new(
        f,
        f1 * a.Skew,
        f1 * a.Shape,
        f1 * a.SkewSkew + f2 * a.Skew * a.Skew,
        f1 * a.SkewShape + f2 * a.Skew * a.Shape,
        f1 * a.ShapeShape + f2 * a.Shape * a.Shape);
}
