namespace Forecast.Models.Numerics;

/// <summary>Where a search within bounds ended; the point itself is in the caller's array.</summary>
/// <param name="Value">f at the end.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="Converged">True when no further decrease of the stated size is foreseen.</param>
internal readonly record struct BoxResult(double Value, int Iterations, bool Converged);

/// <summary>
/// Minimises f over low &lt;= x &lt;= high: a quasi-Newton search with an active set. Variables on a bound whose gradient points outwards
/// rest; the others follow the BFGS step, cut at the first bound. The update is damped so that the matrix stays positive
/// definite (Powell 1978; Nocedal and Wright 2006, procedure 18.2). Work arrays belong to the instance, so that one instance
/// serves many searches without allocation, one at a time.
/// </summary>
/// <param name="capacity">Most variables.</param>
internal sealed class BoxQuasiNewton(int capacity)
{
    private const double SufficientDecrease = 1e-4;

    private readonly double[] _gradient = new double[capacity];
    private readonly double[] _newGradient = new double[capacity];
    private readonly double[] _direction = new double[capacity];
    private readonly double[] _trial = new double[capacity];
    private readonly double[] _product = new double[capacity];
    private readonly double[] _factor = new double[capacity * capacity];
    private readonly double[] _reduced = new double[capacity];
    private readonly int[] _free = new int[capacity];

    /// <param name="f">The function.</param>
    /// <param name="x">Start within the bounds; receives the best point.</param>
    /// <param name="low">Lower bounds, -infinity for none.</param>
    /// <param name="high">Upper bounds; equal to the lower one for a fixed variable.</param>
    /// <param name="hessian">First guess of the second derivatives, n x n row by row; overwritten.</param>
    /// <param name="tolerance">Stops when a Newton step promises a decrease below this.</param>
    /// <param name="maxIterations">Steps allowed.</param>
    public BoxResult Minimise(IBoxObjective f, Span<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, Span<double> hessian, double tolerance, int maxIterations)
    {
        var n = x.Length;
        Span<double> gradient = _gradient.AsSpan(0, n), next = _newGradient.AsSpan(0, n), direction = _direction.AsSpan(0, n), trial = _trial.AsSpan(0, n);
        var value = f.Value(x);
        if (!double.IsFinite(value)) return new BoxResult(double.PositiveInfinity, 0, false);
        f.Gradient(gradient);
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
            Update(hessian, x, trial, gradient, next);
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
        while (true)
        {
            for (var a = 0; a < free; a++)
            {
                for (var b = 0; b <= a; b++) _factor[(a * free) + b] = hessian[(_free[a] * n) + _free[b]];
                _factor[(a * free) + a] += (ridge * Math.Abs(_factor[(a * free) + a])) + (ridge > 0 ? 1e-12 : 0);
                _reduced[a] = -gradient[_free[a]];
            }

            if (SymmetricMatrix.TryFactor(_factor.AsSpan(0, free * free), free)) break;
            if (ridge > 1e6)
            {
                KeepDiagonal(hessian, n);
                ridge = 0;
                continue;
            }

            ridge = ridge == 0 ? 1e-8 : ridge * 100;
        }

        SymmetricMatrix.Solve(_factor.AsSpan(0, free * free), free, _reduced.AsSpan(0, free));
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

    private static (double Step, double Value) Search(IBoxObjective f, ReadOnlySpan<double> x, Span<double> trial, ReadOnlySpan<double> direction, double value, double slope, double longest, int blocked, double bound)
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
        for (var i = 0; i < n; i++)
        {
            var diagonal = Math.Abs(hessian[(i * n) + i]);
            hessian.Slice(i * n, n).Clear();
            hessian[(i * n) + i] = diagonal > 0 && double.IsFinite(diagonal) ? diagonal : 1;
        }
    }

    private void Update(Span<double> hessian, ReadOnlySpan<double> x, ReadOnlySpan<double> trial, ReadOnlySpan<double> gradient, ReadOnlySpan<double> next)
    {
        var n = x.Length;
        double curvature = 0, change = 0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            var row = hessian.Slice(i * n, n);
            for (var j = 0; j < n; j++) sum += row[j] * (trial[j] - x[j]);
            _product[i] = sum;
            curvature += sum * (trial[i] - x[i]);
            change += (next[i] - gradient[i]) * (trial[i] - x[i]);
        }

        if (!(curvature > 0) || !double.IsFinite(change)) return;
        var weight = change >= 0.2 * curvature ? 1 : 0.8 * curvature / (curvature - change);
        var damped = (weight * change) + ((1 - weight) * curvature);
        for (var i = 0; i < n; i++) _reduced[i] = (weight * (next[i] - gradient[i])) + ((1 - weight) * _product[i]);
        for (var i = 0; i < n; i++)
        {
            double left = _reduced[i] / damped, right = _product[i] / curvature;
            var row = hessian.Slice(i * n, n);
            for (var j = 0; j < n; j++) row[j] += (left * _reduced[j]) - (right * _product[j]);
        }
    }
}
