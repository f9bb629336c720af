using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Log-likelihood with exact gradient, Hessian and outer product of scores for any orders: first and second derivatives are
/// carried forward beside the recursions themselves, the presample rule included.
/// </summary>
/// <remarks>
/// With l_t = g(z_t) - ½ ln h_t: l_e = g'/√h, l_h = -(1 + z g')/(2h), l_ee = g''/h, l_eh = -(g' + z g'')/(2h^{3/2}),
/// l_hh = (2 + 3 z g' + z² g'')/(4h²); then d²l/da db = l_ee e_a e_b + l_eh (e_a h_b + e_b h_a) + l_hh h_a h_b + l_e e_ab + l_h h_ab.
/// This is the plain version; <see cref="Garch11Kernel"/> is the fast one for the commonest case.
/// An instance holds its workspace and is not for several threads at once.
/// </remarks>
public sealed class GarchDerivatives
{
    private readonly GarchSpecification _spec;
    private readonly GarchSample _sample;
    private readonly MeanDerivatives _mean;
    private readonly int _k;
    private readonly int _depth;

    // Values of squared inputs and variances, and rings of their derivatives over the last lags.
    private readonly double[] _s;
    private readonly double[] _h;
    private readonly double[] _ds;
    private readonly double[] _dh;
    private readonly double[] _dds;
    private readonly double[] _ddh;
    private readonly double[] _score;
    private readonly double[] _e1;
    private readonly double[] _block;

    public GarchDerivatives(GarchSpecification specification, GarchSample sample)
    {
        _spec = specification;
        _sample = sample;
        _mean = new MeanDerivatives(specification, sample);
        _k = specification.ShapeIndex;
        _depth = Math.Max(specification.ArchOrder, specification.GarchOrder) + 1;
        _s = new double[sample.Length];
        _h = new double[sample.Length];
        _ds = new double[_depth * _k];
        _dh = new double[_depth * _k];
        _dds = new double[_depth * _k * _k];
        _ddh = new double[_depth * _k * _k];
        _score = new double[specification.Count];
        _e1 = new double[_k];
        _block = new double[_k * _k];
    }

    /// <summary>The log-likelihood and its derivatives at θ.</summary>
    /// <param name="theta">Parameters, in the units of the sample.</param>
    /// <param name="gradient">Receives dL/dθ (length k).</param>
    /// <param name="hessian">Receives d²L/dθdθ' (k × k, by rows).</param>
    /// <param name="outerProduct">Receives Σ_t s_t s_t' of the scores s_t = dl_t/dθ (k × k), unless empty.</param>
    /// <returns>The log-likelihood; NaN when a variance is not positive and finite.</returns>
    public double Evaluate(ReadOnlySpan<double> theta, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        var count = _spec.Count;
        gradient[..count].Clear();
        hessian[..(count * count)].Clear();
        if (!outerProduct.IsEmpty) outerProduct.Clear();
        _block.AsSpan().Clear();
        _mean.Run(theta);
        Start();
        var innovation = _spec.CreateInnovation(theta);
        double total = 0;
        for (var t = 0; t < _sample.Length; t++)
        {
            StepVariance(theta, t);
            var h = _h[t];
            if (!(h > 0 && h < double.MaxValue)) return double.NaN;
            if (double.IsNaN(_sample.Values[t]))
            {
                CopyVarianceToInput(t);
                continue;
            }

            SetInput(t);
            var d = innovation.Differentiate(_mean.E[t] / Math.Sqrt(h));
            total += d.Value - 0.5 * Math.Log(h);
            Accumulate(t, d, gradient, hessian, outerProduct);
        }

        for (var a = 0; a < _k; a++) _block.AsSpan(a * _k, _k).CopyTo(hessian[(a * count)..]);
        return total;
    }

    private int Row(int t) => (t % _depth + _depth) % _depth;

    /// <summary>Fills every row of the rings with the presample value's derivatives.</summary>
    private void Start()
    {
        _ds.AsSpan().Clear();
        _dh.AsSpan().Clear();
        _dds.AsSpan().Clear();
        _ddh.AsSpan().Clear();
        var km = _spec.MeanCount;
        for (var r = 0; r < _depth; r++)
        {
            for (var a = 0; a < km; a++)
            {
                _ds[r * _k + a] = _dh[r * _k + a] = _mean.PresampleGradient[a];
                for (var b = 0; b < km; b++) _dds[(r * _k + a) * _k + b] = _ddh[(r * _k + a) * _k + b] = _mean.PresampleHessian[a * km + b];
            }
        }
    }

    private void StepVariance(ReadOnlySpan<double> theta, int t)
    {
        var row = Row(t);
        var dh = _dh.AsSpan(row * _k, _k);
        var ddh = _ddh.AsSpan(row * _k * _k, _k * _k);
        dh.Clear();
        ddh.Clear();
        dh[_spec.OmegaIndex] = 1;
        var h = theta[_spec.OmegaIndex];
        for (var i = 1; i <= _spec.ArchOrder; i++) h += AddLag(_spec.AlphaIndex + i - 1, theta, t - i, _s, _ds, _dds, dh, ddh);
        for (var j = 1; j <= _spec.GarchOrder; j++) h += AddLag(_spec.BetaIndex + j - 1, theta, t - j, _h, _dh, _ddh, dh, ddh);
        _h[t] = h;
    }

    /// <summary>Adds c v_{lag} and its derivatives, where c is the parameter of that index and v a squared input or a variance.</summary>
    private double AddLag(int index, ReadOnlySpan<double> theta, int lag, double[] v, double[] dv, double[] ddv, Span<double> dh, Span<double> ddh)
    {
        var c = theta[index];
        var value = lag >= 0 ? v[lag] : _mean.Presample;
        var row = Row(lag);
        var first = dv.AsSpan(row * _k, _k);
        var second = ddv.AsSpan(row * _k * _k, _k * _k);
        Spans.AddScaled(dh, c, first);
        dh[index] += value;
        Spans.AddScaled(ddh, c, second);
        for (var a = 0; a < _k; a++)
        {
            ddh[index * _k + a] += first[a];
            ddh[a * _k + index] += first[a];
        }

        return c * value;
    }

    private void CopyVarianceToInput(int t)
    {
        var row = Row(t);
        _s[t] = _h[t];
        _dh.AsSpan(row * _k, _k).CopyTo(_ds.AsSpan(row * _k));
        _ddh.AsSpan(row * _k * _k, _k * _k).CopyTo(_dds.AsSpan(row * _k * _k));
    }

    /// <summary>s = e², s_a = 2 e e_a, s_ab = 2 e_a e_b + 2 e e_ab.</summary>
    private void SetInput(int t)
    {
        var km = _spec.MeanCount;
        var row = Row(t);
        var e = _mean.E[t];
        var de = _mean.Gradient(t);
        var dde = _mean.Hessian(t);
        _s[t] = e * e;
        for (var a = 0; a < km; a++)
        {
            _ds[row * _k + a] = 2 * e * de[a];
            for (var b = 0; b < km; b++) _dds[(row * _k + a) * _k + b] = 2 * (de[a] * de[b] + e * dde[a * km + b]);
        }

        // Beyond the mean's parameters e is constant; a missing value may have left h's derivatives here.
        _ds.AsSpan(row * _k + km, _k - km).Clear();
        for (var a = 0; a < _k; a++) _dds.AsSpan((row * _k + a) * _k + (a < km ? km : 0), a < km ? _k - km : _k).Clear();
    }

    private void Accumulate(int t, in InnovationDerivatives d, Span<double> gradient, Span<double> hessian, Span<double> outerProduct)
    {
        int km = _spec.MeanCount, count = _spec.Count;
        var h = _h[t];
        var root = Math.Sqrt(h);
        var z = _mean.E[t] / root;
        double zg = z * d.Z, zzg = z * z * d.ZZ;
        double le = d.Z / root, lh = -(1 + zg) / (2 * h);
        double lee = d.ZZ / h, leh = -(d.Z + z * d.ZZ) / (2 * h * root), lhh = (2 + 3 * zg + zzg) / (4 * h * h);
        var dh = _dh.AsSpan(Row(t) * _k, _k);
        var ddh = _ddh.AsSpan(Row(t) * _k * _k, _k * _k);
        var e1 = _e1.AsSpan();
        _mean.Gradient(t).CopyTo(e1);
        var dde = _mean.Hessian(t);
        Spans.AddScaled(_block, lh, ddh);
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

        if (_spec.HasShape)
        {
            var s = _spec.ShapeIndex;
            _score[s] = d.Shape;
            hessian[s * count + s] += d.ShapeShape;
            double les = d.ZShape / root, lhs = -z * d.ZShape / (2 * h);
            for (var a = 0; a < _k; a++)
            {
                var value = les * e1[a] + lhs * dh[a];
                hessian[a * count + s] += value;
                hessian[s * count + a] += value;
            }
        }

        for (var a = 0; a < count; a++)
        {
            gradient[a] += _score[a];
            if (outerProduct.IsEmpty) continue;
            for (var b = 0; b < count; b++) outerProduct[a * count + b] += _score[a] * _score[b];
        }
    }
}
