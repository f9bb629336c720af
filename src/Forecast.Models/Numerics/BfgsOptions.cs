namespace Forecast.Models.Numerics;

/// <summary>When <see cref="Bfgs"/> stops, and how large its variables are expected to be.</summary>
public sealed record BfgsOptions
{
    /// <summary>Line searches allowed. Default 500: likelihoods of ten parameters need about 50.</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>
    /// Stops when max_i |g_i| max(|z_i|, 1) &lt;= tolerance * max(|f|, 1), with z = x / scale and g the gradient in z
    /// (Dennis and Schnabel 1983, eq. 7.2.5). Default 1e-6. Zero switches this test off.
    /// </summary>
    public double GradientTolerance { get; init; } = 1e-6;

    /// <summary>
    /// Stops when two iterations running lower f by at most tolerance * (|f| + tolerance). Default 1e-12.
    /// </summary>
    public double RelativeTolerance { get; init; } = 1e-12;

    /// <summary>Length of the first trial step in scaled coordinates, before curvature is known. Default 0.1.</summary>
    public double InitialStep { get; init; } = 0.1;

    /// <summary>Longest step of one iteration in scaled coordinates. Default 100.</summary>
    public double MaxStep { get; init; } = 100;

    /// <summary>Typical size of each variable, or null for 1 everywhere. The search runs in x / scale.</summary>
    public IReadOnlyList<double>? Scale { get; init; }

    /// <summary>Asked after each step with the point and f there: true ends the search, which then counts as not converged. Null = never.</summary>
    public Func<double[], double, bool>? StopAt { get; init; }

    /// <summary>Refuses settings that cannot work.</summary>
    /// <exception cref="ArgumentException">A count below 1, a negative tolerance, or a step or scale that is not positive and finite.</exception>
    internal static void Validate(BfgsOptions options, int n)
    {
        if (options.MaxIterations < 1)
            throw new ArgumentException("MaxIterations must be at least 1.", nameof(options));
        if (!(options.GradientTolerance >= 0) || !(options.RelativeTolerance >= 0))
            throw new ArgumentException("Tolerances must not be negative.", nameof(options));
        if (!IsUsable(options.InitialStep) || !IsUsable(options.MaxStep))
            throw new ArgumentException("Steps must be positive and finite.", nameof(options));
        if (options.Scale is not null && (options.Scale.Count != n || !options.Scale.All(IsUsable)))
            throw new ArgumentException($"Scale needs {n} positive finite entries.", nameof(options));
    }

    private static bool IsUsable(double value) => double.IsFinite(value) && value > 0;
}

/// <summary>Where a minimisation ended.</summary>
/// <param name="X">The best point seen.</param>
/// <param name="Value">f at <paramref name="X"/>.</param>
/// <param name="Gradient">Gradient at <paramref name="X"/>, in the caller's units.</param>
/// <param name="Iterations">Accepted line searches.</param>
/// <param name="Evaluations">Calls of the objective.</param>
/// <param name="Converged">True when a stopping test was met, false when the search ran out of iterations or got stuck.</param>
/// <param name="Reason">The test that ended the search, in words.</param>
public sealed record BfgsResult(
    double[] X, double Value, double[] Gradient, int Iterations, int Evaluations, bool Converged, string Reason);
