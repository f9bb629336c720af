using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Arima;

/// <summary>
/// Innovations of a stationary ARMA process without gaps in O(r) a step: the Chandrasekhar-type recursions of Morf, Sidhu and
/// Kailath (1974) for the companion form, the idea behind Melard's (1984) algorithm AS 197. They rest on
/// P_(t+1) - P_t having rank one, = L_t M_t L_t', so that neither P nor a matrix product is ever needed:
/// <code>
/// F_(t+1) = F_t + M_t l^2             l = first entry of L_t
/// K_(t+1) = K_t + T L_t M_t l         K_t = T P_t Z', not divided by F_t
/// L_(t+1) = T L_t - K_(t+1) l / F_(t+1)
/// M_(t+1) = M_t F_(t+1) / F_t         K_1 = L_1 = T P_1 Z',  M_1 = -1 / F_1
/// </code>
/// Once L has died out to rounding, F and K stand still and only the state moves. <see cref="KalmanFilter"/> is the
/// plain reference; a test holds the two together. Not for use by several threads at once.
/// </summary>
internal sealed class FastInnovations
{
    private const double Converged = 1e-16;
    private readonly int _padded;
    private readonly int _stride;
    private readonly int _r;
    private readonly double[] _phi;
    private readonly double[] _gain;
    private readonly double[] _increment;
    private readonly double[] _states;

    /// <param name="dimension">r.</param>
    /// <param name="columns">Series filtered side by side (the data and its regressors).</param>
    public FastInnovations(int dimension, int columns)
    {
        _r = dimension;
        _padded = (dimension + 3) & ~3;
        _stride = _padded + 4;
        _phi = new double[_stride];
        _gain = new double[_stride];
        _increment = new double[_stride];
        _states = new double[_stride * columns];
    }

    /// <summary>Filters every column with the same gains.</summary>
    /// <param name="arma">Polynomials and first column of the stationary covariance.</param>
    /// <param name="input">The columns, n values each.</param>
    /// <param name="standardised">Receives (w_t - E[w_t | past]) / sqrt(F_t) for each column.</param>
    /// <param name="covariance">If given, holds P_1 (r x r, row by row) and becomes P_(n+1) = P_1 + sum L_t M_t L_t'.</param>
    /// <param name="tape">If given, receives what the gains went through.</param>
    /// <returns>sum ln F_t, or NaN when rounding has made some F_t smaller than the innovation variance.</returns>
    public double Run(ArmaPolynomials arma, double[][] input, double[][] standardised, double[]? covariance = null, InnovationsTape? tape = null)
    {
        Start(arma);
        var n = input[0].Length;
        var f = arma.FirstColumn[0];
        var m = -1 / f;
        var logs = new LogAccumulator();
        var quiet = 0;
        var inverse = 1 / f;
        var root = Math.Sqrt(inverse);
        tape?.Start(n);
        tape?.Record(f, m, _gain, _increment);
        for (var t = 0; t < n; t++)
        {
            for (var c = 0; c < input.Length; c++)
            {
                ref var state = ref _states[c * _stride];
                var predicted = state;
                var innovation = input[c][t] - predicted;
                standardised[c][t] = innovation * root;
                MoveState(ref state, predicted, innovation * inverse);
            }

            logs.Add(f);
            if (quiet > _r)
                continue; // steady state: F and K stand still

            if (covariance is not null)
                MoveCovariance(covariance, m);
            var l = _increment[0];
            var change = m * l * l;
            quiet = -change <= Converged * f ? quiet + 1 : 0;
            var next = f + change;
            MoveGain(m * l, l / next);
            m *= next * inverse;
            f = next;
            if (!(f > 0.999))
                return double.NaN;
            inverse = 1 / f;
            root = Math.Sqrt(inverse);
            tape?.Record(f, m, _gain, _increment);
        }

        return logs.Value;
    }

    /// <summary>The predicted state of a column after <see cref="Run"/>.</summary>
    public ReadOnlySpan<double> State(int column) => _states.AsSpan(column * _stride, _r);

    private void MoveCovariance(double[] p, double m)
    {
        for (var i = 0; i < _r; i++)
        {
            var scaled = m * _increment[i];
            var row = p.AsSpan(i * _r, _r);
            for (var j = 0; j < row.Length; j++)
                row[j] += scaled * _increment[j];
        }
    }

    private void Start(ArmaPolynomials arma)
    {
        Array.Clear(_states);
        Array.Clear(_gain);
        arma.Phi.CopyTo(_phi, 0);
        var p = arma.FirstColumn;
        for (var i = 0; i < _r; i++)
            _gain[i] = (arma.Phi[i] * p[0]) + (i + 1 < _r ? p[i + 1] : 0);
        _gain.CopyTo(_increment, 0);
    }

    /// <summary>a[i] = phi[i] a[0] + a[i+1] + K[i] v / F. The padding stays zero because phi and K are zero there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveState(ref double state, double predicted, double scaledInnovation)
    {
        ref var phi = ref MemoryMarshal.GetArrayDataReference(_phi);
        ref var gain = ref MemoryMarshal.GetArrayDataReference(_gain);
        var first = Vector256.Create(predicted);
        var v = Vector256.Create(scaledInnovation);
        for (nuint i = 0; i < (nuint)_padded; i += 4)
        {
            var moved = (Vector256.LoadUnsafe(ref phi, i) * first) + Vector256.LoadUnsafe(ref state, i + 1);
            (moved + (Vector256.LoadUnsafe(ref gain, i) * v)).StoreUnsafe(ref state, i);
        }
    }

    /// <summary>K += m l T L, then L = T L - K l / F, in one pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveGain(double gainFactor, double incrementFactor)
    {
        ref var phi = ref MemoryMarshal.GetArrayDataReference(_phi);
        ref var gain = ref MemoryMarshal.GetArrayDataReference(_gain);
        ref var increment = ref MemoryMarshal.GetArrayDataReference(_increment);
        var first = Vector256.Create(increment);
        var a = Vector256.Create(gainFactor);
        var b = Vector256.Create(incrementFactor);
        for (nuint i = 0; i < (nuint)_padded; i += 4)
        {
            var moved = (Vector256.LoadUnsafe(ref phi, i) * first) + Vector256.LoadUnsafe(ref increment, i + 1);
            var k = Vector256.LoadUnsafe(ref gain, i) + (a * moved);
            k.StoreUnsafe(ref gain, i);
            (moved - (b * k)).StoreUnsafe(ref increment, i);
        }
    }
}

/// <summary>Sum of logarithms by products, taking a logarithm only when the product leaves the safe range.</summary>
internal struct LogAccumulator
{
    private double _sum;
    private double _product;
    private bool _started;

    public readonly double Value => _started ? _sum + Math.Log(_product) : 0;

    public void Add(double value)
    {
        _product = _started ? _product * value : value;
        _started = true;
        if (_product is < 1e-100 or > 1e100)
        {
            _sum += Math.Log(_product);
            _product = 1;
        }
    }
}
