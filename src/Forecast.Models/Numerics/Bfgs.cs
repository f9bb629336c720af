namespace Forecast.Models.Numerics;

/// <summary>
/// Unconstrained minimisation by the BFGS quasi-Newton method with a strong-Wolfe line search
/// (Nocedal and Wright 2006, algorithms 6.1, 3.5 and 3.6). Points where the objective is not finite are treated as
/// walls: the search steps back from them, so that constraints may be expressed by returning +infinity.
/// </summary>
public static class Bfgs
{
    /// <summary>Minimises <paramref name="f"/> from <paramref name="start"/>.</summary>
    /// <param name="f">Value and gradient; +infinity or NaN marks an infeasible point.</param>
    /// <param name="start">A feasible start of length n; n = 0 only evaluates the constant.</param>
    /// <param name="options">Stopping rules and scale.</param>
    /// <param name="ct">Stops between iterations.</param>
    /// <returns>The best point, whether a stopping test was met, and which.</returns>
    /// <exception cref="ArgumentException">The start is infeasible, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static BfgsResult Minimize(GradientObjective f, ReadOnlySpan<double> start, BfgsOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(options);
        BfgsOptions.Validate(options, start.Length);
        var run = new BfgsRun(f, start, options);
        return run.Execute(ct);
    }
}

/// <summary>The state of one minimisation: current point, inverse Hessian estimate and work arrays.</summary>
internal sealed class BfgsRun
{
    private readonly ScaledObjective _objective;
    private readonly BfgsOptions _options;
    private readonly int _n;
    private readonly double[] _z;
    private readonly double[] _g;
    private readonly double[] _direction;
    private readonly double[] _s;
    private readonly double[] _y;
    private readonly double[] _hy;
    private readonly double[] _inverseHessian;
    private readonly WolfeLineSearch _search;
    private double _value;
    private bool _fresh = true;

    public BfgsRun(GradientObjective f, ReadOnlySpan<double> start, BfgsOptions options)
    {
        _n = start.Length;
        _options = options;
        _objective = new ScaledObjective(f, _n, options.Scale);
        _z = new double[_n];
        _g = new double[_n];
        _direction = new double[_n];
        _s = new double[_n];
        _y = new double[_n];
        _hy = new double[_n];
        _inverseHessian = new double[_n * _n];
        _search = new WolfeLineSearch(_objective, _n);
        _objective.ToScaled(start, _z);
        _value = _objective.Evaluate(_z, _g);
        if (!ScaledObjective.IsUsable(_value, _g))
            throw new ArgumentException("The objective or its gradient is not finite at the start.", nameof(start));
    }

    public BfgsResult Execute(CancellationToken ct)
    {
        var smallDecreases = 0;
        ResetHessian();
        for (var iteration = 0; ; iteration++)
        {
            ct.ThrowIfCancellationRequested();
            if (GradientIsSmall(_options.GradientTolerance))
                return Result(iteration, converged: true, "gradient below tolerance");
            if (iteration == _options.MaxIterations)
                return Result(iteration, converged: false, "iteration limit");

            if (!TryStep(out var decrease))
            {
                // No descent left along the steepest direction: either the noise floor of f, or a wall.
                var atFloor = GradientIsSmall(Math.Max(1e-4, 100 * _options.GradientTolerance));
                return Result(iteration, atFloor, atFloor ? "no further decrease representable" : "line search failed");
            }

            if (IsWhereToStop())
                return Result(iteration + 1, converged: false, "stopped where the caller asked");
            var threshold = _options.RelativeTolerance * (Math.Abs(_value) + _options.RelativeTolerance);
            smallDecreases = decrease <= threshold ? smallDecreases + 1 : 0;
            if (smallDecreases == 2)
                return Result(iteration + 1, converged: true, "relative decrease below tolerance");
        }
    }

    private bool IsWhereToStop()
    {
        if (_options.StopAt is not { } stop)
            return false;
        var x = new double[_n];
        _objective.FromScaled(_z, x);
        return stop(x, _value);
    }

    /// <summary>One line search and update; falls back to steepest descent once when the quasi-Newton step fails.</summary>
    private bool TryStep(out double decrease)
    {
        while (true)
        {
            var slope = Direction();
            if (slope < 0 && _search.Find(_z, _value, _direction, slope, FirstTrial(), _options.MaxStep))
            {
                decrease = _value - _search.Value;
                Accept();
                return true;
            }

            decrease = 0;
            if (_fresh)
                return false;
            ResetHessian();
        }
    }

    private double FirstTrial()
    {
        var length = Norm(_direction);
        return _fresh ? _options.InitialStep / length : Math.Min(1, _options.MaxStep / length);
    }

    private double Direction()
    {
        var slope = 0.0;
        for (var i = 0; i < _n; i++)
        {
            var sum = 0.0;
            var row = _inverseHessian.AsSpan(i * _n, _n);
            for (var j = 0; j < _n; j++)
                sum -= row[j] * _g[j];
            _direction[i] = sum;
            slope += sum * _g[i];
        }

        return slope;
    }

    /// <summary>Moves to the accepted point and applies H+ = (I - rho s y')H(I - rho y s') + rho s s', rho = 1/(y's).</summary>
    private void Accept()
    {
        double ys = 0, yy = 0, ss = 0;
        for (var i = 0; i < _n; i++)
        {
            _s[i] = _search.Point[i] - _z[i];
            _y[i] = _search.Gradient[i] - _g[i];
            ys += _y[i] * _s[i];
            yy += _y[i] * _y[i];
            ss += _s[i] * _s[i];
            _z[i] = _search.Point[i];
            _g[i] = _search.Gradient[i];
        }

        _value = _search.Value;
        if (!(ys > 1e-12 * Math.Sqrt(yy * ss)) || !double.IsFinite(ys))
            return; // no usable curvature in this step: keep the estimate (Nocedal and Wright, section 6.1, skipping)

        if (_fresh)
        {
            SetDiagonal(ys / yy); // eq. 6.20
            _fresh = false;
        }

        Update(ys);
    }

    private void Update(double ys)
    {
        var yhy = 0.0;
        for (var i = 0; i < _n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _n; j++)
                sum += _inverseHessian[(i * _n) + j] * _y[j];
            _hy[i] = sum;
            yhy += sum * _y[i];
        }

        var a = (1 + (yhy / ys)) / ys;
        for (var i = 0; i < _n; i++)
        {
            for (var j = 0; j < _n; j++)
                _inverseHessian[(i * _n) + j] += (a * _s[i] * _s[j]) - (((_hy[i] * _s[j]) + (_s[i] * _hy[j])) / ys);
        }
    }

    private void ResetHessian()
    {
        SetDiagonal(1);
        _fresh = true;
    }

    private void SetDiagonal(double value)
    {
        Array.Clear(_inverseHessian);
        for (var i = 0; i < _n; i++)
            _inverseHessian[(i * _n) + i] = value;
    }

    private bool GradientIsSmall(double tolerance)
    {
        var largest = 0.0;
        for (var i = 0; i < _n; i++)
            largest = Math.Max(largest, Math.Abs(_g[i]) * Math.Max(Math.Abs(_z[i]), 1));
        return largest <= tolerance * Math.Max(Math.Abs(_value), 1);
    }

    private BfgsResult Result(int iterations, bool converged, string reason)
    {
        var x = new double[_n];
        var gradient = new double[_n];
        _objective.FromScaled(_z, x);
        _objective.GradientFromScaled(_g, gradient);
        return new BfgsResult(x, _value, gradient, iterations, _objective.Evaluations, converged, reason);
    }

    private static double Norm(ReadOnlySpan<double> v)
    {
        var sum = 0.0;
        foreach (var e in v)
            sum += e * e;
        return Math.Sqrt(sum);
    }
}
