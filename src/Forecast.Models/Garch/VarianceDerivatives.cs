namespace Forecast.Models.Garch;

/// <summary>
/// A variance equation with first and second derivatives of h carried forward beside it. Coordinates are the parameters of mean and
/// variance, and for EGARCH E|z| after them, as if it were a parameter of its own.
/// </summary>
/// <remarks>Instances hold their workspace and are not for several threads at once.</remarks>
internal abstract class VarianceDerivatives
{
    /// <summary>Number of coordinates, K.</summary>
    public abstract int Size { get; }

    /// <summary>dh_t at the last step (K).</summary>
    public abstract ReadOnlySpan<double> Gradient { get; }

    /// <summary>d²h_t at the last step (K × K, by rows).</summary>
    public abstract ReadOnlySpan<double> Hessian { get; }

    /// <summary>Takes new parameters and the presample values, after <see cref="MeanDerivatives.Run"/>.</summary>
    public abstract void Start(ReadOnlySpan<double> theta, double absoluteMean);

    /// <summary>Computes h_t and its derivatives from what is known before t.</summary>
    public abstract double Step(int t);

    /// <summary>Lets later steps see e_t, or its absence.</summary>
    public abstract void Close(int t);

    /// <summary>The implementation for a family.</summary>
    public static VarianceDerivatives Create(GarchSpecification specification, GarchSample sample, MeanDerivatives mean) => specification.Family switch
    {
        VarianceFamily.Garch => new LinearVarianceDerivatives(specification, sample, mean),
        VarianceFamily.Figarch => new FigarchDerivatives(specification, sample, mean),
        VarianceFamily.Gjr or VarianceFamily.Egarch or VarianceFamily.Aparch => new NewsVarianceDerivatives(specification, sample, mean),
        _ => throw new ArgumentException($"{specification.Family} is differentiated in its unrestricted form.", nameof(specification)),
    };
}
