namespace Forecast.Models.Ssa;

/// <summary>
/// A signal space: r orthonormal vectors u_k of length L, with the linear recurrence that all its continuations obey,
/// R = sum pi_k u_k^ / (1 - nu^2), pi_k the last entry of u_k, u_k^ the others, nu^2 = sum pi_k^2 (the verticality).
/// </summary>
internal sealed class SignalSpace
{
    private readonly double[][] _basis;

    /// <param name="basis">Orthonormal vectors, all of one length; none for the signal 0.</param>
    /// <param name="window">L.</param>
    public SignalSpace(double[][] basis, int window)
    {
        (_basis, Window) = (basis, window);
        Recurrence = new double[window - 1];
        foreach (var u in basis)
        {
            Verticality += u[^1] * u[^1];
            VectorMath.Add(Recurrence, u[^1], u);
        }

        for (var i = 0; i < Recurrence.Length; i++) Recurrence[i] /= 1 - Verticality;
    }

    public int Window { get; }

    public int Rank => _basis.Length;

    public IReadOnlyList<double[]> Basis => _basis;

    /// <summary>nu^2, below 1 where the recurrence exists.</summary>
    public double Verticality { get; }

    /// <summary>Coefficients of the L - 1 values before, oldest first.</summary>
    public double[] Recurrence { get; }

    /// <summary>The space of the first vectors.</summary>
    public SignalSpace First(int rank) => new(_basis[..rank], Window);

    /// <summary>
    /// The series nearest to the space: every window of <paramref name="y"/> projected on it and the anti-diagonals averaged. With
    /// the leading left singular vectors of the trajectory matrix of y this is the reconstruction of basic SSA.
    /// </summary>
    public double[] Project(ReadOnlySpan<double> y)
    {
        var sum = new double[y.Length];
        foreach (var u in _basis) AddComponent(sum, u, TrajectorySpectrum.Factor(y, u));
        Average(sum, Window);
        return sum;
    }

    /// <summary>The steps after a signal: each is the recurrence on the L - 1 values before it.</summary>
    public double[] ContinueRecurrently(ReadOnlySpan<double> signal, int horizon)
    {
        var order = Window - 1;
        var values = new double[order + horizon];
        signal[^order..].CopyTo(values);
        for (var h = 0; h < horizon; h++) values[order + h] = VectorMath.Dot(Recurrence, values.AsSpan(h, order));
        return values[order..];
    }

    /// <summary>
    /// The steps after <paramref name="y"/>: trajectory vectors are continued inside the space, Z' = (Pi z, R'z) with z the last
    /// L - 1 entries of Z and Pi = U^U^' + (1 - nu^2) R R', L - 1 of them beyond the horizon, and the anti-diagonals averaged.
    /// </summary>
    public double[] ContinueVectors(ReadOnlySpan<double> y, int horizon)
    {
        var l = Window;
        var sum = new double[horizon + (2 * l)];
        double[] last = new double[l], next = new double[l];
        foreach (var u in _basis) VectorMath.Add(last, VectorMath.Dot(u, y[^l..]), u);
        for (var j = 0; j < horizon + l - 1; j++)
        {
            var z = last.AsSpan(1);
            var step = VectorMath.Dot(Recurrence, z);
            Array.Clear(next);
            var head = next.AsSpan(0, l - 1);
            foreach (var u in _basis) VectorMath.Add(head, VectorMath.Dot(u.AsSpan(0, l - 1), z), u);
            VectorMath.Add(head, (1 - Verticality) * step, Recurrence);
            next[^1] = step;

            // The first of the new vectors ends in step 1.
            VectorMath.Add(sum.AsSpan(j, l), 1, next);
            (last, next) = (next, last);
        }

        // L vectors meet in each step: the one that ends in it and the L - 1 after.
        var future = sum[(l - 1)..(l - 1 + horizon)];
        for (var h = 0; h < horizon; h++) future[h] /= l;
        return future;
    }

    /// <summary>What a window's projection says about step h after it, as weights of the r coordinates: row h - 1.</summary>
    public double[][] Reach(int horizon)
    {
        var weights = new double[horizon][];
        for (var h = 0; h < horizon; h++) weights[h] = new double[Rank];
        for (var k = 0; k < Rank; k++)
        {
            var ahead = ContinueRecurrently(_basis[k], horizon);
            for (var h = 0; h < horizon; h++) weights[h][k] = ahead[h];
        }

        return weights;
    }

    /// <summary>Adds the anti-diagonal sums of u w'.</summary>
    public static void AddComponent(Span<double> sum, ReadOnlySpan<double> u, ReadOnlySpan<double> w)
    {
        for (var i = 0; i < u.Length; i++) VectorMath.Add(sum.Slice(i, w.Length), u[i], w);
    }

    /// <summary>Divides the sums of the anti-diagonals of an L x K matrix by their lengths.</summary>
    public static void Average(Span<double> sum, int window)
    {
        var shorter = Math.Min(window, sum.Length - window + 1);
        for (var t = 0; t < sum.Length; t++) sum[t] /= Math.Min(shorter, Math.Min(t + 1, sum.Length - t));
    }
}
