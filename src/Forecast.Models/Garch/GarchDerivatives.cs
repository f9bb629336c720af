using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Log-likelihood with exact gradient, Hessian and outer product of scores for every family and any orders: first and second
/// derivatives are carried forward beside the recursions themselves, the presample rule included.
/// </summary>
/// <remarks>
/// With l_t = g(z_t) - ½ ln h_t: l_e = g'/√h, l_h = -(1 + z g')/(2h), l_ee = g''/h, l_eh = -(g' + z g'')/(2h^{3/2}),
/// l_hh = (2 + 3 z g' + z² g'')/(4h²); then d²l/da db = l_ee e_a e_b + l_eh (e_a h_b + e_b h_a) + l_hh h_a h_b + l_e e_ab + l_h h_ab.
/// This is the plain version; <see cref="Garch11Kernel"/> and <see cref="News11Kernel"/> are the fast ones for the commonest cases.
/// An instance holds its workspace and is not for several threads at once.
/// </remarks>
public sealed class GarchDerivatives
{
    private readonly GarchSpecification _outer;
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly MeanDerivatives _mean;
    private readonly VarianceDerivatives _variance;
    private readonly int _k;
    private readonly int _count;
    private readonly double[] _score;
    private readonly double[] _e1;
    private readonly double[] _block;
    private readonly CoordinateFold? _fold;

    public GarchDerivatives(GarchSpecification specification, GarchSample sample)
    {
        ArgumentNullException.ThrowIfNull(specification);
        _outer = specification;
        _spec = specification.Unrestricted;
        _sample = sample;
        _mean = new MeanDerivatives(_spec, sample);
        _variance = VarianceDerivatives.Create(_spec, sample, _mean);
        _k = _variance.Size;
        _count = _k + _spec.Count - _spec.RecursionCount;
        _score = new double[_count];
        _e1 = new double[_k];
        _block = new double[_k * _k];
        _fold = CoordinateFold.For(specification);
    }

    /// <summary>The log-likelihood and its derivatives at θ.</summary>
    /// <param name="theta">Parameters, in the units of the sample.</param>
    /// <param name="gradient">Receives dL/dθ (length k).</param>
    /// <param name="hessian">Receives d²L/dθdθ' (k × k, by rows).</param>
    /// <param name="outerProduct">Receives Σ_t s_t s_t' of the scores s_t = dl_t/dθ (k × k), unless empty.</param>
    /// <returns>The log-likelihood; NaN when a variance is not positive and finite.</returns>
    public double Evaluate(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        if (_fold is null) return Run(theta, gradient, hessian, outerProduct);
        var moments = _outer.Family == VarianceFamily.Egarch ? _outer.CreateInnovation(theta).DifferentiateAbsoluteMean() : default;
        var value = Run(_outer.Expand(theta), _fold.Gradient, _fold.Hessian, outerProduct.IsEmpty ? [] : _fold.OuterProduct);
        _fold.Apply(moments, gradient, hessian, outerProduct);
        return value;
    }

    private double Run(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        gradient[.._count].Clear();
        hessian[..(_count * _count)].Clear();
        if (!outerProduct.IsEmpty) outerProduct.Clear();
        _block.AsSpan().Clear();
        _mean.Run(theta);
        var innovation = _spec.CreateInnovation(theta);
        _variance.Start(theta, innovation.AbsoluteMean);
        double total = 0;
        for (var t = 0; t < _sample.Length; t++)
        {
            var h = _variance.Step(t);
            if (!(h > 0 && h < double.MaxValue)) return double.NaN;
            _variance.Close(t);
            if (double.IsNaN(_sample.Values[t])) continue;
            var d = innovation.Differentiate(_mean.E[t] / Math.Sqrt(h));
            total += d.Value - 0.5 * Math.Log(h);
            Accumulate(t, h, d, gradient, hessian, outerProduct);
        }

        for (var a = 0; a < _k; a++) _block.AsSpan(a * _k, _k).CopyTo(hessian[(a * _count)..]);
        return total;
    }

    private void Accumulate(int t, double h, in InnovationDerivatives d, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        var km = _spec.MeanCount;
        var root = Math.Sqrt(h);
        var z = _mean.E[t] / root;
        double zg = z * d.Z, zzg = z * z * d.ZZ;
        double le = d.Z / root, lh = -(1 + zg) / (2 * h);
        double lee = d.ZZ / h, leh = -(d.Z + z * d.ZZ) / (2 * h * root), lhh = (2 + 3 * zg + zzg) / (4 * h * h);
        var dh = _variance.Gradient;
        var e1 = _e1.AsSpan();
        _mean.Gradient(t).CopyTo(e1);
        var dde = _mean.Hessian(t);
        Spans.AddScaled(_block, lh, _variance.Hessian);
        for (var a = 0; a < _k; a++)
        {
            _score[a] = le * e1[a] + lh * dh[a];
            var row = _block.AsSpan(a * _k, _k);
            Spans.AddScaled(row, leh * e1[a] + lhh * dh[a], dh);
            var onMean = leh * dh[a] + lee * e1[a];
            for (var b = 0; b < km; b++) row[b] += onMean * e1[b];
            if (a >= km) continue;
            for (var b = 0; b < km; b++) row[b] += le * dde[a * km + b];
        }

        var s = _k;
        if (_spec.HasSkew) AddShape(s++, d.Skew, d.SkewSkew, d.ZSkew / root, -z * d.ZSkew / (2 * h), dh, hessian);
        if (_spec.HasShape) AddShape(s, d.Shape, d.ShapeShape, d.ZShape / root, -z * d.ZShape / (2 * h), dh, hessian);
        if (_spec.HasSkew)
        {
            hessian[_k * _count + s] += d.SkewShape;
            hessian[s * _count + _k] += d.SkewShape;
        }

        for (var a = 0; a < _count; a++)
        {
            gradient[a] += _score[a];
            if (outerProduct.IsEmpty) continue;
            for (var b = 0; b < _count; b++) outerProduct[a * _count + b] += _score[a] * _score[b];
        }
    }

    /// <summary>Score and second derivatives of a parameter of the distribution, the latter with all coordinates.</summary>
    private void AddShape(int index, double first, double second, double withE, double withH, ReadOnlySpan<double> dh, Span<double> hessian)
    {
        _score[index] = first;
        hessian[index * _count + index] += second;
        for (var a = 0; a < _k; a++)
        {
            var value = withE * _e1[a] + withH * dh[a];
            hessian[a * _count + index] += value;
            hessian[index * _count + a] += value;
        }
    }
}
