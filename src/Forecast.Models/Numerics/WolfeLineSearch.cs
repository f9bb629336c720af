namespace Forecast.Models.Numerics;

/// <summary>
/// Line search for the strong Wolfe conditions
/// phi(a) &lt;= phi(0) + c1 a phi'(0) and |phi'(a)| &lt;= c2 |phi'(0)|, phi(a) = f(z + a d)
/// (Nocedal and Wright 2006, algorithms 3.5 and 3.6), with safeguarded cubic interpolation.
/// A trial that is not finite becomes the upper end of the bracket, so the search backs off from it.
/// </summary>
/// <param name="objective">The function.</param>
/// <param name="n">Number of variables.</param>
internal sealed class WolfeLineSearch(ScaledObjective objective, int n)
{
    private const double SufficientDecrease = 1e-4;
    private const double Curvature = 0.9;
    private const int MaxTrials = 40;

    private double[] _trialPoint = new double[n];
    private double[] _trialGradient = new double[n];

    /// <summary>The accepted point; valid after <see cref="Find"/> returned true.</summary>
    public double[] Point { get; private set; } = new double[n];

    /// <summary>The gradient at <see cref="Point"/>.</summary>
    public double[] Gradient { get; private set; } = new double[n];

    /// <summary>f at <see cref="Point"/>.</summary>
    public double Value { get; private set; }

    private readonly record struct Trial(double Step, double Value, double Slope)
    {
        public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Slope);
    }

    /// <summary>Searches along <paramref name="d"/>; false when no trial lowers f.</summary>
    public bool Find(ReadOnlySpan<double> z, double f0, ReadOnlySpan<double> d, double slope, double firstStep, double maxStep)
    {
        var longest = maxStep / Length(d);
        var origin = new Trial(0, f0, slope);
        var low = origin;
        var high = default(Trial?);
        var step = Math.Min(firstStep, longest);
        Value = f0;
        for (var k = 0; k < MaxTrials; k++)
        {
            var trial = TryAt(z, d, step);
            if (!trial.IsFinite || trial.Value > f0 + (SufficientDecrease * step * slope) || trial.Value >= low.Value)
            {
                high = trial;
            }
            else
            {
                Keep(trial);
                if (Math.Abs(trial.Slope) <= -Curvature * slope)
                    return true;
                var towardsHigh = trial.Slope * ((high?.Step ?? double.PositiveInfinity) - low.Step) < 0;
                if (!towardsHigh)
                    high = low;
                low = trial;
                if (high is null && step >= longest)
                    return true; // still falling at the longest step allowed
            }

            if (high is { } h)
            {
                if (Math.Abs(h.Step - low.Step) <= 1e-15 * Math.Max(1, low.Step))
                    break;
                step = Interpolate(low, h);
            }
            else
            {
                step = Math.Min(longest, Expand(origin, low));
            }
        }

        return Value < f0; // curvature not met, but lower: the caller checks y's before it updates
    }

    private static double Expand(in Trial origin, in Trial low)
    {
        // Secant on the slope, kept between twice and ten times the step.
        var ratio = low.Slope > origin.Slope ? origin.Slope / (origin.Slope - low.Slope) : 10;
        return low.Step * Math.Clamp(ratio, 2, 10);
    }

    private static double Interpolate(in Trial low, in Trial high)
    {
        var width = high.Step - low.Step;
        if (!high.IsFinite)
            return low.Step + (0.25 * width);
        // Minimiser of the cubic through both values and slopes (Nocedal and Wright, eq. 3.59).
        var d1 = low.Slope + high.Slope - (3 * (low.Value - high.Value) / (low.Step - high.Step));
        var square = (d1 * d1) - (low.Slope * high.Slope);
        var candidate = double.NaN;
        if (square >= 0)
        {
            var d2 = Math.Sign(width) * Math.Sqrt(square);
            candidate = high.Step - (width * ((high.Slope + d2 - d1) / (high.Slope - low.Slope + (2 * d2))));
        }

        var fraction = (candidate - low.Step) / width;
        return double.IsFinite(fraction) ? low.Step + (Math.Clamp(fraction, 0.1, 0.9) * width) : low.Step + (0.5 * width);
    }

    private Trial TryAt(ReadOnlySpan<double> z, ReadOnlySpan<double> d, double step)
    {
        for (var i = 0; i < n; i++)
            _trialPoint[i] = z[i] + (step * d[i]);
        var value = objective.Evaluate(_trialPoint, _trialGradient);
        if (!ScaledObjective.IsUsable(value, _trialGradient))
            return new Trial(step, double.PositiveInfinity, double.NaN);
        var slope = 0.0;
        for (var i = 0; i < n; i++)
            slope += _trialGradient[i] * d[i];
        return new Trial(step, value, slope);
    }

    private void Keep(in Trial trial)
    {
        (Point, _trialPoint) = (_trialPoint, Point);
        (Gradient, _trialGradient) = (_trialGradient, Gradient);
        Value = trial.Value;
    }

    private static double Length(ReadOnlySpan<double> d)
    {
        var sum = 0.0;
        foreach (var e in d)
            sum += e * e;
        return Math.Sqrt(sum);
    }
}
