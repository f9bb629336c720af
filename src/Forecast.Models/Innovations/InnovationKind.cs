using Forecast.Core;

namespace Forecast.Models.Innovations;

/// <summary>Families of standardised innovations.</summary>
public enum InnovationKind
{
    /// <summary>Standard normal; no shape.</summary>
    Normal,

    /// <summary>Student t scaled to unit variance; shape = degrees of freedom, above 2.</summary>
    StudentT,

    /// <summary>Generalised error distribution scaled to unit variance; shape = exponent (1 Laplace, 2 normal).</summary>
    Ged,

    /// <summary>Skewed Student t of Fernández and Steel (1998), re-standardised; skew = ξ (1 symmetric), shape = degrees of freedom.</summary>
    SkewedStudentT,
}

/// <summary>Names and construction of the innovation families.</summary>
public static class InnovationKinds
{
    /// <summary>Reads the value of a <c>dist</c> option: <c>norm</c>/<c>normal</c>, <c>std</c>/<c>t</c>, <c>ged</c>, <c>sstd</c>/<c>skew-t</c>.</summary>
    /// <exception cref="ForecastException">The word is none of these (code <c>unknown-distribution</c>).</exception>
    public static InnovationKind Parse(string word) => word switch
    {
        "norm" or "normal" or "gaussian" => InnovationKind.Normal,
        "std" or "t" or "student" => InnovationKind.StudentT,
        "ged" => InnovationKind.Ged,
        "sstd" or "skew-t" => InnovationKind.SkewedStudentT,
        _ => throw new ForecastException(
            "unknown-distribution",
            $"'{word}' is not an innovation distribution; use norm, std (Student t), ged or sstd (skewed t).",
            field: "dist"),
    };

    /// <summary>The short name used in options and results: <c>norm</c>, <c>std</c>, <c>ged</c> or <c>sstd</c>.</summary>
    public static string ShortName(this InnovationKind kind) => kind switch
    {
        InnovationKind.Normal => "norm",
        InnovationKind.StudentT => "std",
        InnovationKind.Ged => "ged",
        InnovationKind.SkewedStudentT => "sstd",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };

    /// <summary>Whether the family has a shape parameter to estimate.</summary>
    public static bool HasShape(this InnovationKind kind) => kind != InnovationKind.Normal;

    /// <summary>Whether the family has a skewness parameter to estimate.</summary>
    public static bool HasSkew(this InnovationKind kind) => kind == InnovationKind.SkewedStudentT;

    /// <summary>Range of the skewness ξ that estimation searches: at 0.1 and 10 nearly all mass is on one side.</summary>
    public static (double Lower, double Upper) SkewBounds => (0.1, 10);

    /// <summary>
    /// Range of the shape that estimation searches. Student t: 2.01 to 500 (at 500 it cannot be told from the normal in any
    /// sample of returns); GED: 1 to 20 (nearly uniform), as fGarch has it from below: under 1 the density has a cusp at 0, and the likelihood of a mean
    /// a ridge at every observation.
    /// </summary>
    public static (double Lower, double Upper) ShapeBounds(this InnovationKind kind) => kind switch
    {
        InnovationKind.StudentT or InnovationKind.SkewedStudentT => (2.01, 500),
        InnovationKind.Ged => (1, 20),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This distribution has no shape."),
    };

    /// <summary>The distribution with the given shape (ignored by the normal) and skewness (ignored by symmetric ones).</summary>
    public static Innovation Create(this InnovationKind kind, double shape, double skew = 1) => kind switch
    {
        InnovationKind.Normal => NormalInnovation.Instance,
        InnovationKind.StudentT => new StudentTInnovation(shape),
        InnovationKind.Ged => new GedInnovation(shape),
        InnovationKind.SkewedStudentT => new SkewedStudentTInnovation(skew, shape),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };
}
