using Forecast.Models.Numerics;

namespace Forecast.Models.Garch;

/// <summary>A function to minimise within a box, with exact second derivatives. Not finite = outside its domain.</summary>
public interface ISecondOrderFunction
{
    double Value(ReadOnlySpan<double> x);

    double Differentiate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian);
}

/// <summary>Where a search ended.</summary>
/// <param name="Point">The best point.</param>
/// <param name="Value">The function there.</param>
/// <param name="Converged">Whether the tolerance was met.</param>
/// <param name="Iterations">Steps taken.</param>
/// <param name="Reason">Why it stopped, for people.</param>
public sealed record NewtonResult(double[] Point, double Value, bool Converged, int Iterations, string Reason);

/// <summary>
/// Newton's method within a box by projection (Bertsekas 1982): coordinates held at a bound by the gradient are set aside, a
/// Newton step is taken in the others and projected, with backtracking; an indefinite Hessian is shifted by a multiple of its
/// own scale. Stops when the Newton decrement g'H⁻¹g, which for a log-likelihood is the squared distance to the optimum in
/// standard errors, falls below the tolerance.
/// </summary>
/// <param name="function">What to minimise.</param>
/// <param name="lower">Lower bounds; equal to the upper one to hold a coordinate.</param>
/// <param name="upper">Upper bounds.</param>
/// <param name="flatGradient">
/// Size of a gradient that counts as none when eight steps together gain less than 1e-8: then the function is flat along some
/// direction (coordinates that the data do not identify), which is an end; with larger gradients it is a failure.
/// </param>
/// <param name="kinkDecrement">
/// For functions with kinks, where no gradient vanishes at the optimum: a Newton decrement below which a search that gains nothing
/// more has ended on one. 1e-3 is a distance of 0.03 standard errors. 0 for smooth functions.
/// </param>
public sealed class ProjectedNewton(ISecondOrderFunction function, double[] lower, double[] upper, double flatGradient, double kinkDecrement = 0)
{
    private const int Patience = 8;
    private const double Gain = 1e-8;
    private const int MaxIterations = 200;
    private const double Tolerance = 1e-9;
    private readonly int _n = lower.Length;
    private bool _metEdge;
    private double[] _gradient = new double[lower.Length];
    private double[] _hessian = new double[lower.Length * lower.Length];
    private double[] _nextGradient = new double[lower.Length];
    private double[] _nextHessian = new double[lower.Length * lower.Length];
    private readonly double[] _direction = new double[lower.Length];
    private readonly bool[] _held = new bool[lower.Length];
    private readonly double[] _matrix = new double[lower.Length * lower.Length];
    private readonly double[] _right = new double[lower.Length];
    private readonly double[] _scale = new double[lower.Length];
    private readonly int[] _free = new int[lower.Length];

    /// <summary>Searches from a start inside the box.</summary>
    public NewtonResult Minimize(ReadOnlySpan<double> start, CancellationToken cancellation = default)
    {
        var x = start.ToArray();
        var trial = new double[_n];
        var f = function.Differentiate(x, _gradient, _hessian);
        if (!double.IsFinite(f)) return new NewtonResult(x, f, false, 0, "the likelihood is not finite at the start");
        var (checkpoint, steps) = (f, 0);
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var decrement = FindDirection(x, out var shifted);
            if (decrement <= 0) return shifted ? Stalled(x, f, iteration) : new NewtonResult(x, f, true, iteration, "no coordinate can move");
            var last = !shifted && decrement < Tolerance;
            var found = Search(x, f, decrement, shifted, last, trial, out var next);
            if (!found)
            {
                if (!last && !shifted && decrement < kinkDecrement) return OnKink(x, f, decrement, iteration);
                return last || (!shifted && decrement < 1e-5)
                    ? new NewtonResult(x, f, true, iteration, "the step is below rounding")
                    : new NewtonResult(x, f, false, iteration, $"no step along the search direction improves the likelihood (decrement {decrement:G3})");
            }

            trial.CopyTo(x.AsSpan());
            f = next;
            if (last) return new NewtonResult(x, f, true, iteration, "Newton decrement below 1e-9");
            if (++steps < Patience) continue;
            if (checkpoint - f < Gain) return !shifted && decrement < kinkDecrement ? OnKink(x, f, decrement, iteration) : Stalled(x, f, iteration);
            (checkpoint, steps) = (f, 0);
        }

        return new NewtonResult(x, f, false, MaxIterations, $"{MaxIterations} iterations were not enough");
    }

    private static NewtonResult OnKink(double[] x, double f, double decrement, int iteration) =>
        new(x, f, true, iteration, $"on a kink of the likelihood, within {Math.Sqrt(decrement):G1} standard errors of where its gradient would vanish");

    private NewtonResult Stalled(double[] x, double f, int iteration)
    {
        // What a unit step, or one to the bound where that is nearer, would promise.
        double largest = 0;
        for (var i = 0; i < _n; i++)
        {
            var room = _gradient[i] > 0 ? x[i] - lower[i] : upper[i] - x[i];
            if (lower[i] < upper[i]) largest = Math.Max(largest, Math.Abs(_gradient[i]) * Math.Min(1, room));
        }

        return largest <= flatGradient
            ? new NewtonResult(x, f, true, iteration, "the likelihood is flat there: the data do not identify every parameter")
            : new NewtonResult(x, f, false, iteration, _metEdge
                ? $"the likelihood still rises (gradient {largest:G3}) where the search meets the edge of what the model allows"
                : $"the search stalls at a gradient of {largest:G3}, as at a kink or on a narrow ridge of the likelihood");
    }

    /// <summary>The direction of descent; returns -g'd over the coordinates that may move.</summary>
    private double FindDirection(double[] x, out bool shifted)
    {
        for (var i = 0; i < _n; i++) _held[i] = lower[i] == upper[i] || (x[i] <= lower[i] && _gradient[i] > 0) || (x[i] >= upper[i] && _gradient[i] < 0);
        while (true)
        {
            shifted = Solve();
            var clash = false;
            for (var i = 0; i < _n; i++)
            {
                if (_held[i] || !((x[i] <= lower[i] && _direction[i] < 0) || (x[i] >= upper[i] && _direction[i] > 0))) continue;
                _held[i] = clash = true;
            }

            if (clash) continue;
            double decrement = 0;
            for (var i = 0; i < _n; i++) decrement -= _gradient[i] * _direction[i];
            return decrement;
        }
    }

    /// <summary>Solves (H + τ diag) d = -g over the free coordinates with the smallest shift τ that makes it definite.</summary>
    private bool Solve()
    {
        var m = 0;
        for (var i = 0; i < _n; i++)
        {
            _direction[i] = 0;
            if (!_held[i]) _free[m++] = i;
        }

        for (var a = 0; a < m; a++)
        {
            var diagonal = Math.Abs(_hessian[_free[a] * _n + _free[a]]);
            _scale[a] = diagonal > 0 && double.IsFinite(diagonal) ? 1 / Math.Sqrt(diagonal) : 1;
        }

        for (double shift = 0; shift < 1e12; shift = shift == 0 ? 1e-3 : shift * 5)
        {
            var matrix = _matrix.AsSpan(0, m * m);
            var right = _right.AsSpan(0, m);
            for (var a = 0; a < m; a++)
            {
                right[a] = -_gradient[_free[a]] * _scale[a];
                for (var b = 0; b < m; b++) matrix[a * m + b] = _hessian[_free[a] * _n + _free[b]] * _scale[a] * _scale[b];
                matrix[a * m + a] += shift;
            }

            if (!SymmetricMatrix.TryFactor(matrix, m)) continue;
            SymmetricMatrix.Solve(matrix, m, right);
            for (var a = 0; a < m; a++) _direction[_free[a]] = right[a] * _scale[a];
            return shift > 0;
        }

        for (var a = 0; a < m; a++) _direction[_free[a]] = -_gradient[_free[a]];
        return true;
    }

    /// <summary>Backtracking along the projected direction; the derivatives end up those of the accepted point, unless it is the last.</summary>
    private bool Search(double[] x, double f, double decrement, bool shifted, bool last, double[] trial, out double next)
    {
        // What rounding may do to a sum of thousands of terms must not stop the last step.
        var noise = 1e-13 * (1 + Math.Abs(f));
        double step = 1;
        _metEdge = false;
        for (var attempt = 0; attempt < 40; attempt++)
        {
            Move(x, step, trial);
            double slope = 0;
            for (var i = 0; i < _n; i++) slope += _gradient[i] * (trial[i] - x[i]);

            // The full step is nearly always taken, so its derivatives are computed at once; shorter ones ask for the value first.
            next = attempt == 0 && !last ? function.Differentiate(trial, _nextGradient, _nextHessian) : function.Value(trial);
            if (double.IsFinite(next) && next <= f + 1e-4 * slope + noise)
            {
                if (last) return true;
                var longer = attempt == 0 && shifted && Lengthen(x, trial, next);
                if (attempt > 0 || longer) next = function.Differentiate(trial, _nextGradient, _nextHessian);

                // On the very edge of the domain rounding may let the value alone through.
                if (!double.IsFinite(next))
                {
                    _metEdge = true;
                    step *= 0.5;
                    continue;
                }

                (_gradient, _nextGradient) = (_nextGradient, _gradient);
                (_hessian, _nextHessian) = (_nextHessian, _hessian);
                return true;
            }

            _metEdge |= !double.IsFinite(next);
            var curvature = 2 * (next - f + step * decrement);
            var best = double.IsFinite(next) && curvature > 0 ? step * step * decrement / curvature : 0.25 * step;
            step = Math.Clamp(best, 0.1 * step, 0.5 * step);
        }

        next = f;
        return false;
    }

    /// <summary>
    /// A shift makes steps along a nearly flat ridge far too short: goes on in fours while the function falls. True when
    /// <paramref name="trial"/> was moved.
    /// </summary>
    private bool Lengthen(double[] x, double[] trial, double value)
    {
        var moved = false;
        var further = _right;
        for (double step = 4; step < 1e7; step *= 4)
        {
            Move(x, step, further);
            var f = function.Value(further);
            if (!(f < value)) break;
            value = f;
            further.CopyTo(trial.AsSpan());
            moved = true;
        }

        return moved;
    }

    private void Move(double[] x, double step, double[] target)
    {
        for (var i = 0; i < _n; i++) target[i] = Math.Clamp(x[i] + step * _direction[i], lower[i], upper[i]);
    }
}
