namespace Forecast.Models.Numerics;

/// <summary>An objective seen in coordinates z = x / scale, counting its calls.</summary>
internal sealed class ScaledObjective
{
    private readonly GradientObjective _f;
    private readonly double[]? _scale;
    private readonly double[] _x;

    public ScaledObjective(GradientObjective f, int n, IReadOnlyList<double>? scale)
    {
        _f = f;
        _x = new double[n];
        _scale = scale?.ToArray();
    }

    public int Evaluations { get; private set; }

    public static bool IsUsable(double value, ReadOnlySpan<double> gradient)
    {
        if (!double.IsFinite(value))
            return false;
        foreach (var g in gradient)
        {
            if (!double.IsFinite(g))
                return false;
        }

        return true;
    }

    public double Evaluate(ReadOnlySpan<double> z, Span<double> gradient)
    {
        Evaluations++;
        if (_scale is null)
            return _f(z, gradient);
        FromScaled(z, _x);
        var value = _f(_x, gradient);
        for (var i = 0; i < _x.Length; i++)
            gradient[i] *= _scale[i];
        return value;
    }

    public void ToScaled(ReadOnlySpan<double> x, Span<double> z)
    {
        for (var i = 0; i < x.Length; i++)
            z[i] = x[i] / (_scale?[i] ?? 1);
    }

    public void FromScaled(ReadOnlySpan<double> z, Span<double> x)
    {
        for (var i = 0; i < z.Length; i++)
            x[i] = z[i] * (_scale?[i] ?? 1);
    }

    public void GradientFromScaled(ReadOnlySpan<double> gz, Span<double> g)
    {
        for (var i = 0; i < gz.Length; i++)
            g[i] = gz[i] / (_scale?[i] ?? 1);
    }
}
