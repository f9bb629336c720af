namespace Forecast.Models.Garch;

/// <summary>
/// FIGARCH's negative log-likelihood with a logarithmic barrier that keeps its first hundred weights above 0: f - μ Σ ln λ_i, with exact
/// derivatives. As μ falls, its minimum moves to that of f among non-negative weights, whether or not some of them are 0 there
/// (Fiacco and McCormick 1968; Nocedal and Wright 2006, chapter 19); f is then within 100 μ of it.
/// </summary>
/// <remarks>
/// For phi up to 0.98 the signs of the later weights follow from those of the first hundred (Conrad and Haag 2006); beyond, they are
/// watched by f itself, which has no value where one is negative.
/// </remarks>
internal sealed class FigarchBarrier : ISecondOrderFunction
{
    private const int Watched = 100;
    private const double Largest = 0.1;
    private const double Least = 1e-8;
    private const double Multiplier = 1e-2;
    private static readonly (int A, int B)[] Pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

    private readonly ISecondOrderFunction _function;
    private readonly int[] _memory;
    private readonly FractionalDifference _delta = new();
    private readonly double[] _weights = new double[Watched * FigarchSums.Terms];
    private double _mu = Largest;

    private FigarchBarrier(GarchSpecification specification, ISecondOrderFunction function)
    {
        _function = function;
        _memory = [specification.ArchOrder > 0 ? specification.AlphaIndex : -1, specification.MemoryIndex, specification.GarchOrder > 0 ? specification.BetaIndex : -1];
    }

    /// <summary>
    /// The minimum among non-negative weights, from where a search has stalled on their edge; null when none is found that is as good.
    /// </summary>
    /// <param name="specification">The model.</param>
    /// <param name="function">Negative log-likelihood.</param>
    /// <param name="map">Bounds.</param>
    /// <param name="stalled">Where the search ended.</param>
    /// <param name="inside">A point away from the edge.</param>
    /// <param name="flatGradient">As for <see cref="ProjectedNewton"/>.</param>
    /// <param name="onEdge">Receives whether a weight is 0 there.</param>
    /// <param name="cancellation">Checked once a Newton step.</param>
    public static NewtonResult? Search(
        GarchSpecification specification, ISecondOrderFunction function, ParameterMap map, NewtonResult stalled, double[] inside, double flatGradient, out bool onEdge, CancellationToken cancellation)
    {
        var barrier = new FigarchBarrier(specification, function);
        var search = new ProjectedNewton(barrier, map.Lower, map.Upper, flatGradient);
        foreach (var (share, mu) in new[] { (0.02, 1e-3), (0.3, Largest), (1.0, Largest) })
        {
            double[] point = [.. stalled.Point.Zip(inside, (a, b) => a + share * (b - a))];
            if (barrier.Follow(search, point, mu, cancellation) is not { } end || !(end.Value <= stalled.Value + 1e-6)) continue;
            onEdge = barrier.IsOnEdge(end.Point);
            return end with
            {
                Iterations = stalled.Iterations + end.Iterations,
                Reason = onEdge ? $"{end.Reason}, with a barrier before negative weights: the maximum has weights of 0" : end.Reason,
            };
        }

        onEdge = false;
        return null;
    }

    public double Value(ReadOnlySpan<double> x)
    {
        var value = _function.Value(x);
        return double.IsFinite(value) ? value - _mu * SetWeights(x) : value;
    }

    public double Differentiate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian)
    {
        var value = _function.Differentiate(x, gradient, hessian);
        if (!double.IsFinite(value)) return value;
        value -= _mu * SetWeights(x);
        var n = x.Length;
        Span<double> first = stackalloc double[3], second = stackalloc double[Pairs.Length];
        first.Clear();
        second.Clear();
        for (var i = 0; i < Watched; i++)
        {
            var l = _weights.AsSpan(i * FigarchSums.Terms, FigarchSums.Terms);
            for (var a = 0; a < 3; a++) first[a] += l[1 + a] / l[0];
            for (var p = 0; p < Pairs.Length; p++) second[p] += l[4 + p] / l[0] - l[1 + Pairs[p].A] * l[1 + Pairs[p].B] / (l[0] * l[0]);
        }

        for (var a = 0; a < 3; a++)
            if (_memory[a] >= 0) gradient[_memory[a]] -= _mu * first[a];
        for (var p = 0; p < Pairs.Length; p++)
        {
            int a = _memory[Pairs[p].A], b = _memory[Pairs[p].B];
            if (a < 0 || b < 0) continue;
            hessian[a * n + b] -= _mu * second[p];
            if (a != b) hessian[b * n + a] -= _mu * second[p];
        }

        return value;
    }

    /// <summary>Lowers μ tenfold at a time; null where a search does not converge.</summary>
    private NewtonResult? Follow(ProjectedNewton search, double[] point, double mu, CancellationToken cancellation)
    {
        var steps = 0;
        NewtonResult? end = null;
        for (_mu = mu; _mu > 0.5 * Least; _mu *= 0.1)
        {
            end = search.Minimize(point, cancellation);
            if (!double.IsFinite(end.Value)) return null;
            point = end.Point;
            steps += end.Iterations;
        }

        return end is { Converged: true } ? end with { Value = _function.Value(point), Iterations = steps } : null;
    }

    /// <summary>Σ ln λ_i, leaving the weights with their derivatives; NaN where one is not positive.</summary>
    private double SetWeights(ReadOnlySpan<double> x)
    {
        _delta.Set(x[_memory[1]]);
        FigarchSums.Fill(_delta, _memory[0] < 0 ? 0 : x[_memory[0]], _memory[2] < 0 ? 0 : x[_memory[2]], _weights);
        var product = new LogProduct();
        for (var i = 0; i < Watched; i++)
        {
            if (!(_weights[i * FigarchSums.Terms] > 0)) return double.NaN;
            product.Add(_weights[i * FigarchSums.Terms]);
        }

        return product.Total;
    }

    /// <summary>Whether some weight's multiplier, μ / λ, says that the likelihood would rise beyond 0.</summary>
    private bool IsOnEdge(double[] point)
    {
        SetWeights(point);
        for (var i = 0; i < Watched; i++)
            if (Least / _weights[i * FigarchSums.Terms] > Multiplier) return true;
        return false;
    }
}
