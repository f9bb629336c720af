using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Arima;

/// <summary>
/// Derivatives of J = (n/2) ln S + (1/2) sum ln F_t by going through the recursions of <see cref="FastInnovations"/> backwards
/// (reverse accumulation: Griewank and Walther 2008, chapter 3), at about three times the cost of the recursions themselves
/// whatever the number of coefficients. Regression coefficients are at their optimum, so J does not change with them to first order
/// and one column, y - X beta, is enough. Not for use by several threads at once.
/// </summary>
internal sealed class InnovationsAdjoint
{
    private readonly int _r;
    private readonly int _padded;
    private readonly double[] _phi;
    private readonly double[] _gain;
    private readonly double[] _increment;
    private readonly double[] _moved;
    private double[] _state = [];

    /// <param name="dimension">r.</param>
    public InnovationsAdjoint(int dimension)
    {
        _r = dimension;
        _padded = (dimension + 3) & ~3;
        var stride = _padded + 4;
        _phi = new double[stride];
        _gain = new double[stride];
        _increment = new double[stride];
        _moved = new double[stride];
        Phi = new double[stride];
        FirstColumn = new double[stride];
        Tape = new InnovationsTape(stride);
    }

    /// <summary>To be filled by <see cref="FastInnovations.Run"/>.</summary>
    public InnovationsTape Tape { get; }

    /// <summary>dJ/dphi_1..r with the first column held fixed.</summary>
    public double[] Phi { get; }

    /// <summary>dJ/dp, p the first column of the stationary covariance.</summary>
    public double[] FirstColumn { get; }

    /// <summary>Runs backwards.</summary>
    /// <param name="arma">The polynomials that the tape was made with.</param>
    /// <param name="column">y - X beta.</param>
    /// <param name="standardised">Its standardised innovations.</param>
    /// <param name="sumOfSquares">S.</param>
    public void Run(ArmaPolynomials arma, ReadOnlySpan<double> column, ReadOnlySpan<double> standardised, double sumOfSquares)
    {
        var n = column.Length;
        arma.Phi.CopyTo(_phi, 0);
        Array.Clear(Phi);
        Array.Clear(_gain);
        Array.Clear(_increment);
        if (_state.Length < n + _padded + 4)
            _state = new double[n + _padded + 4];
        Array.Clear(_state);
        var weight = n / (2 * sumOfSquares);
        double fBar = 0, mBar = 0;
        var moves = Tape.Moves;
        for (var t = n - 1; t >= 0; t--)
        {
            if (t < moves)
                (fBar, mBar) = MoveBack(t, fBar, mBar);

            var step = Math.Min(t, moves);
            var f = Tape.F[step];
            var z = standardised[t];
            var v = z * Math.Sqrt(f);
            var scaled = v / f;
            var (phiDot, gainDot) = StateBack(t, step, column[t] - v, scaled);

            // Adjoint of a_t is that of a_(t+1) moved up by one, which here is only the next entry below in the same buffer.
            _state[t] = phiDot - ((2 * scaled * weight) + (gainDot / f));
            fBar += (0.5 / f) - (scaled * scaled * weight) - (gainDot * scaled / f);
        }

        Finish(arma.FirstColumn, fBar, mBar);
    }

    /// <summary>phi . a, K . a, and the shares of this step in the adjoints of phi and K, a = adjoint of a_(t+1).</summary>
    private (double PhiDot, double GainDot) StateBack(int t, int step, double predicted, double scaled)
    {
        ref var state = ref _state[t + 1];
        ref var phi = ref MemoryMarshal.GetArrayDataReference(_phi);
        ref var gain = ref Tape.Gains[step * Tape.Stride];
        ref var phiBar = ref MemoryMarshal.GetArrayDataReference(Phi);
        ref var gainBar = ref MemoryMarshal.GetArrayDataReference(_gain);
        var first = Vector256.Create(predicted);
        var s = Vector256.Create(scaled);
        var phiSum = Vector256<double>.Zero;
        var gainSum = Vector256<double>.Zero;
        for (nuint i = 0; i < (nuint)_padded; i += 4)
        {
            var a = Vector256.LoadUnsafe(ref state, i);
            phiSum += Vector256.LoadUnsafe(ref phi, i) * a;
            gainSum += Vector256.LoadUnsafe(ref gain, i) * a;
            (Vector256.LoadUnsafe(ref phiBar, i) + (first * a)).StoreUnsafe(ref phiBar, i);
            (Vector256.LoadUnsafe(ref gainBar, i) + (s * a)).StoreUnsafe(ref gainBar, i);
        }

        return (Vector256.Sum(phiSum), Vector256.Sum(gainSum));
    }

    /// <summary>From the adjoints of F, K, L, M at t + 1 to those at t.</summary>
    private (double F, double M) MoveBack(int t, double fNext, double mNext)
    {
        var (f, m, f1, m1) = (Tape.F[t], Tape.M[t], Tape.F[t + 1], Tape.M[t + 1]);
        var l = Tape.Increments[t * Tape.Stride];
        var mBar = mNext * f1 / f;
        var fBar = -mNext * m1 / f;
        fNext += mNext * m / f;
        var (c, g) = (l / f1, m * l);

        ref var gain1 = ref Tape.Gains[(t + 1) * Tape.Stride];
        ref var increment = ref Tape.Increments[t * Tape.Stride];
        ref var phi = ref MemoryMarshal.GetArrayDataReference(_phi);
        ref var phiBar = ref MemoryMarshal.GetArrayDataReference(Phi);
        ref var gainBar = ref MemoryMarshal.GetArrayDataReference(_gain);
        ref var incrementBar = ref MemoryMarshal.GetArrayDataReference(_increment);
        ref var moved = ref MemoryMarshal.GetArrayDataReference(_moved);
        var (first, cs, gs) = (Vector256.Create(l), Vector256.Create(c), Vector256.Create(g));
        var (cSum, gSum, phiSum) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        for (nuint i = 0; i < (nuint)_padded; i += 4)
        {
            var phis = Vector256.LoadUnsafe(ref phi, i);
            var u = Vector256.LoadUnsafe(ref incrementBar, i);
            cSum += Vector256.LoadUnsafe(ref gain1, i) * u;
            var k = Vector256.LoadUnsafe(ref gainBar, i) - (cs * u);
            k.StoreUnsafe(ref gainBar, i);
            var tl = (phis * first) + Vector256.LoadUnsafe(ref increment, i + 1);
            gSum += tl * k;
            var w = u + (gs * k);
            (Vector256.LoadUnsafe(ref phiBar, i) + (first * w)).StoreUnsafe(ref phiBar, i);
            phiSum += phis * w;
            w.StoreUnsafe(ref moved, i);
        }

        var cBar = -Vector256.Sum(cSum);
        var gBar = Vector256.Sum(gSum);
        var lBar = (cBar / f1) + (gBar * m);
        fNext -= cBar * l / (f1 * f1);
        mBar += (gBar * l) + (fNext * l * l);
        lBar += 2 * m * l * fNext;
        fBar += fNext;
        _moved.AsSpan(0, _padded).CopyTo(_increment.AsSpan(1));
        _increment[0] = Vector256.Sum(phiSum) + lBar;
        return (fBar, mBar);
    }

    /// <summary>The start: F_1 = p_1, M_1 = -1 / F_1, K_1 = L_1 = T p.</summary>
    private void Finish(double[] p, double fBar, double mBar)
    {
        fBar += mBar / (p[0] * p[0]);
        Array.Clear(FirstColumn);
        FirstColumn[0] = fBar;
        for (var i = 0; i < _r; i++)
        {
            var both = _gain[i] + _increment[i];
            Phi[i] += both * p[0];
            FirstColumn[0] += both * _phi[i];
            if (i + 1 < _r)
                FirstColumn[i + 1] += both;
        }
    }
}
