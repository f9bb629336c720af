using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Numerics;

/// <summary>Where a search within bounds ended; the point itself is in the caller's array.</summary>
/// <param name="Value">f at the end.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="Converged">True when no further decrease of the stated size is foreseen.</param>
internal readonly record struct BoxResult(double Value, int Iterations, bool Converged);

/// <summary>
/// Minimises f over low &lt;= x &lt;= high: a quasi-Newton search with an active set. Variables on a bound whose gradient points outwards
/// rest; the others follow the BFGS step, cut at the first bound. The update is damped so that the matrix stays positive
/// definite (Powell 1978; Nocedal and Wright 2006, procedure 18.2), and makes room for the objective's own curvature every few steps.
/// Work arrays belong to the instance, so that one instance serves many searches without allocation, one at a time.
/// </summary>
/// <param name="capacity">Most variables.</param>
internal sealed class BoxQuasiNewton(int capacity)
{
    private const double SufficientDecrease = 1e-4;

    private readonly double[] _gradient = new double[capacity];
    private readonly double[] _newGradient = new double[capacity];
    private readonly double[] _direction = new double[capacity];
    private readonly double[] _trial = new double[capacity];
    private readonly double[] _product = new double[PaddedFactor.Stride(capacity)];
    private readonly double[] _step = new double[PaddedFactor.Stride(capacity)];
    private readonly double[] _hessian = new double[capacity * PaddedFactor.Stride(capacity)];
    private readonly double[] _factor = new double[capacity * PaddedFactor.Stride(capacity)];
    private readonly double[] _right = new double[PaddedFactor.Stride(capacity)];
    private readonly double[] _reduced = new double[capacity];
    private readonly int[] _free = new int[capacity];

    /// <param name="f">The function.</param>
    /// <param name="x">Start within the bounds; receives the best point.</param>
    /// <param name="low">Lower bounds, -infinity for none.</param>
    /// <param name="high">Upper bounds; equal to the lower one for a fixed variable.</param>
    /// <param name="refresh">Steps after which the curvature is asked for again instead of updated; int.MaxValue for never.</param>
    /// <param name="tolerance">Stops when a Newton step promises a decrease below this.</param>
    /// <param name="maxIterations">Steps allowed.</param>
    public BoxResult Minimise(ICurvedObjective f, Span<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, int refresh, double tolerance, int maxIterations)
    {
        var n = x.Length;
        var hessian = _hessian.AsSpan(0, n * PaddedFactor.Stride(n));
        Span<double> gradient = _gradient.AsSpan(0, n), next = _newGradient.AsSpan(0, n), direction = _direction.AsSpan(0, n), trial = _trial.AsSpan(0, n);
        var value = f.Value(x);
        if (!double.IsFinite(value)) return new BoxResult(double.PositiveInfinity, 0, false);
        f.Gradient(gradient);
        f.Curvature(hessian);
        var idle = 0;
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            var slope = Direction(x, low, high, gradient, hessian, direction);
            if (!(-slope > 2 * tolerance)) return new BoxResult(value, iteration, true);
            var (longest, blocked) = Longest(x, low, high, direction);
            var bound = blocked < 0 ? 0 : direction[blocked] < 0 ? low[blocked] : high[blocked];
            var (step, accepted) = Search(f, x, trial, direction, value, slope, longest, blocked, bound);
            if (step == 0)
            {
                // The model of the curvature is wrong; its diagonal alone is a safer guide, once.
                if (idle++ > 0) return new BoxResult(value, iteration, false);
                KeepDiagonal(hessian, n);
                continue;
            }

            f.Gradient(next);
            if ((iteration + 1) % refresh == 0) f.Curvature(hessian);
            else Update(hessian, x, trial, gradient, next);
            var gain = value - accepted;
            value = accepted;
            trial.CopyTo(x);
            next.CopyTo(gradient);
            idle = gain > 0.01 * tolerance || step == longest ? 0 : idle + 1;
            if (idle > 2) return new BoxResult(value, iteration + 1, true);
        }

        return new BoxResult(value, maxIterations, false);
    }

    /// <summary>The Newton step of the free variables; returns its slope.</summary>
    private double Direction(ReadOnlySpan<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, ReadOnlySpan<double> gradient, Span<double> hessian, Span<double> direction)
    {
        var n = x.Length;
        var free = 0;
        for (var i = 0; i < n; i++)
        {
            direction[i] = 0;
            var rests = (x[i] <= low[i] && gradient[i] >= 0) || (x[i] >= high[i] && gradient[i] <= 0) || low[i] == high[i];
            if (!rests) _free[free++] = i;
        }

        while (free > 0)
        {
            Solve(free, gradient, hessian, n);
            var kept = 0;
            for (var a = 0; a < free; a++)
            {
                // A variable on its bound may be pushed outwards by the others; then it rests, too.
                var i = _free[a];
                if ((x[i] <= low[i] && _reduced[a] < 0) || (x[i] >= high[i] && _reduced[a] > 0)) continue;
                _free[kept++] = i;
            }

            if (kept == free) break;
            free = kept;
        }

        var slope = 0.0;
        for (var a = 0; a < free; a++)
        {
            direction[_free[a]] = _reduced[a];
            slope += gradient[_free[a]] * _reduced[a];
        }

        return slope;
    }

    /// <summary>Solves for the step of the free variables, with as much of a ridge as it takes.</summary>
    private void Solve(int free, ReadOnlySpan<double> gradient, Span<double> hessian, int n)
    {
        var ridge = 0.0;
        int stride = PaddedFactor.Stride(n), packed = PaddedFactor.Stride(free);
        var factor = _factor.AsSpan(0, free * packed);
        while (true)
        {
            for (var a = 0; a < free; a++)
            {
                var row = hessian.Slice(_free[a] * stride, stride);
                var target = factor.Slice(a * packed, packed);
                if (free == n) row.CopyTo(target);
                else for (var b = a; b < free; b++) target[b] = row[_free[b]];
                target[free..].Clear();
                target[a] += (ridge * Math.Abs(target[a])) + (ridge > 0 ? 1e-12 : 0);
            }

            if (PaddedFactor.TryFactor(factor, free)) break;
            if (ridge > 1e6)
            {
                KeepDiagonal(hessian, n);
                ridge = 0;
                continue;
            }

            ridge = ridge == 0 ? 1e-8 : ridge * 100;
        }

        _right.AsSpan().Clear();
        for (var a = 0; a < free; a++) _right[a] = -gradient[_free[a]];
        PaddedFactor.Solve(factor, free, _right, _reduced);
    }

    private static (double Step, int Blocked) Longest(ReadOnlySpan<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, ReadOnlySpan<double> direction)
    {
        var blocked = -1;
        var longest = 1.0;
        for (var i = 0; i < x.Length; i++)
        {
            if (direction[i] == 0) continue;
            var room = ((direction[i] < 0 ? low[i] : high[i]) - x[i]) / direction[i];
            if (room >= longest) continue;
            longest = room;
            blocked = i;
        }

        return (longest, blocked);
    }

    private static (double Step, double Value) Search(ICurvedObjective f, ReadOnlySpan<double> x, Span<double> trial, ReadOnlySpan<double> direction, double value, double slope, double longest, int blocked, double bound)
    {
        var step = longest;
        for (var attempt = 0; attempt < 30; attempt++)
        {
            for (var i = 0; i < x.Length; i++) trial[i] = x[i] + (step * direction[i]);
            if (blocked >= 0 && step == longest) trial[blocked] = bound;
            var candidate = f.Value(trial);
            if (candidate <= value + (SufficientDecrease * step * slope)) return (step, candidate);
            var parabola = double.IsFinite(candidate) ? -slope * step * step / (2 * (candidate - value - (slope * step))) : 0;
            step = Math.Clamp(parabola, 0.1 * step, 0.5 * step);
        }

        return (0, value);
    }

    private static void KeepDiagonal(Span<double> hessian, int n)
    {
        var stride = PaddedFactor.Stride(n);
        for (var i = 0; i < n; i++)
        {
            var diagonal = Math.Abs(hessian[(i * stride) + i]);
            hessian.Slice(i * stride, stride).Clear();
            hessian[(i * stride) + i] = diagonal > 0 && double.IsFinite(diagonal) ? diagonal : 1;
        }
    }

    private void Update(Span<double> hessian, ReadOnlySpan<double> x, ReadOnlySpan<double> trial, ReadOnlySpan<double> gradient, ReadOnlySpan<double> next)
    {
        int n = x.Length, stride = PaddedFactor.Stride(n);
        Span<double> product = _product.AsSpan(0, stride), change = _right.AsSpan(0, stride), step = _step.AsSpan(0, stride);
        change.Clear();
        step.Clear();
        product.Clear();
        for (var i = 0; i < n; i++) step[i] = trial[i] - x[i];
        for (var i = 0; i < n; i++)
        {
            // The matrix is symmetric: the sum of its rows, each times its step, is the product.
            if (step[i] != 0) Add(product, step[i], hessian.Slice(i * stride, stride));
        }

        double curvature = 0, turn = 0;
        for (var i = 0; i < n; i++)
        {
            change[i] = next[i] - gradient[i];
            curvature += product[i] * step[i];
            turn += change[i] * step[i];
        }

        if (!(curvature > 0) || !double.IsFinite(turn)) return;
        var weight = turn >= 0.2 * curvature ? 1 : 0.8 * curvature / (curvature - turn);
        var damped = (weight * turn) + ((1 - weight) * curvature);
        for (var i = 0; i < n; i++) change[i] = (weight * change[i]) + ((1 - weight) * product[i]);
        for (var i = 0; i < n; i++)
        {
            var row = hessian.Slice(i * stride, stride);
            Add(row, change[i] / damped, change);
            Add(row, -product[i] / curvature, product);
        }
    }

    /// <summary>target += factor * source, whole vectors.</summary>
    private static void Add(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        var to = MemoryMarshal.Cast<double, Vector256<double>>(target);
        var from = MemoryMarshal.Cast<double, Vector256<double>>(source);
        var multiple = Vector256.Create(factor);
        for (var v = 0; v < to.Length; v++) to[v] = Vector256.FusedMultiplyAdd(multiple, from[v], to[v]);
    }
}
