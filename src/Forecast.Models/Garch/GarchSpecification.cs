using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Structure of an ARMA(<see cref="ArOrder"/>, <see cref="MaOrder"/>) mean with a variance of one <see cref="VarianceFamily"/>, and
/// the order of its parameters in a vector: <c>[mu] ar1.. ma1.. omega alpha1.. beta1.. [gamma1..] [delta] [skew] [shape]</c>;
/// FIGARCH has <c>omega [phi] d [beta1]</c> for its variance.
/// </summary>
/// <remarks>
/// x_t = mu + y_t, y_t = Σ ar_i y_{t-i} + e_t + Σ ma_j e_{t-j}, e_t = √h_t z_t. The first number of <c>garch(p,q)</c>
/// counts the alphas, the second the betas, as rugarch and fGarch have it (Bollerslev 1986 has them the other way round).
/// </remarks>
public sealed record GarchSpecification
{
    /// <param name="archOrder">Number of squared innovations in the variance, at least 1; for FIGARCH whether there is a phi.</param>
    /// <param name="garchOrder">Number of lagged variances, at least 0; at least 1 for IGARCH; at most 1 for FIGARCH.</param>
    /// <param name="innovation">Distribution of z.</param>
    /// <param name="hasMean">Whether mu is estimated; otherwise it is 0.</param>
    /// <param name="arOrder">Autoregressive terms of the mean.</param>
    /// <param name="maOrder">Moving-average terms of the mean.</param>
    /// <param name="family">Form of the variance equation.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order is negative or above 20, or one that the family does not have.</exception>
    public GarchSpecification(
        int archOrder,
        int garchOrder,
        InnovationKind innovation = InnovationKind.Normal,
        bool hasMean = true,
        int arOrder = 0,
        int maOrder = 0,
        VarianceFamily family = VarianceFamily.Garch)
    {
        var fractional = family == VarianceFamily.Figarch;
        ArgumentOutOfRangeException.ThrowIfLessThan(archOrder, fractional ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(garchOrder, family == VarianceFamily.Igarch ? 1 : 0);
        ArgumentOutOfRangeException.ThrowIfNegative(arOrder);
        ArgumentOutOfRangeException.ThrowIfNegative(maOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(arOrder, maOrder), 20, nameof(arOrder));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(archOrder, garchOrder), fractional ? 1 : 20, nameof(archOrder));
        ArchOrder = archOrder;
        GarchOrder = garchOrder;
        Innovation = innovation;
        HasMean = hasMean;
        ArOrder = arOrder;
        MaOrder = maOrder;
        Family = family;
        Names = BuildNames();
    }

    public int ArchOrder { get; }

    public int GarchOrder { get; }

    public InnovationKind Innovation { get; }

    public bool HasMean { get; }

    public int ArOrder { get; }

    public int MaOrder { get; }

    public VarianceFamily Family { get; }

    /// <summary>Parameter names in the order of the vector.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of estimated parameters.</summary>
    public int Count => ShapeIndex + (HasShape ? 1 : 0);

    /// <summary>Parameters of the mean equation; they come first.</summary>
    public int MeanCount => (HasMean ? 1 : 0) + ArOrder + MaOrder;

    public int ArIndex => HasMean ? 1 : 0;

    public int MaIndex => ArIndex + ArOrder;

    public int OmegaIndex => MeanCount;

    /// <summary>Index of alpha1, or of FIGARCH's phi.</summary>
    public int AlphaIndex => OmegaIndex + 1;

    /// <summary>Index of FIGARCH's d.</summary>
    public int MemoryIndex => AlphaIndex + ArchOrder;

    public int BetaIndex => AlphaIndex + ArchOrder + (Family == VarianceFamily.Figarch ? 1 : 0);

    /// <summary>Betas in the vector: all lagged variances but IGARCH's last.</summary>
    public int BetaCount => GarchOrder - (Family == VarianceFamily.Igarch ? 1 : 0);

    /// <summary>Index of gamma1, were there one.</summary>
    public int GammaIndex => BetaIndex + BetaCount;

    public bool IsAsymmetric => Family is VarianceFamily.Gjr or VarianceFamily.Egarch or VarianceFamily.Aparch;

    /// <summary>Index of APARCH's delta.</summary>
    public int DeltaIndex => GammaIndex + (IsAsymmetric ? ArchOrder : 0);

    /// <summary>Number of parameters of mean and variance; those of the distribution follow.</summary>
    public int RecursionCount => DeltaIndex + (Family == VarianceFamily.Aparch ? 1 : 0);

    /// <summary>Index of the skewness, were there one.</summary>
    public int SkewIndex => RecursionCount;

    /// <summary>Index of the shape, were there one.</summary>
    public int ShapeIndex => RecursionCount + (HasSkew ? 1 : 0);

    public bool HasSkew => Innovation.HasSkew();

    public bool HasShape => Innovation.HasShape();

    /// <summary>mu, or 0 when it is not estimated.</summary>
    public double Mean(ReadOnlySpan<double> theta) => HasMean ? theta[0] : 0;

    /// <summary>How a shock to the variance decays: see <see cref="VarianceMoments.Persistence"/>.</summary>
    public double Persistence(ReadOnlySpan<double> theta) => VarianceMoments.Persistence(this, theta);

    /// <summary>E h, or +∞ where there is none: see <see cref="VarianceMoments.Unconditional"/>.</summary>
    public double UnconditionalVariance(ReadOnlySpan<double> theta) => VarianceMoments.Unconditional(this, theta);

    /// <summary>The innovation distribution at these parameters.</summary>
    public Innovation CreateInnovation(ReadOnlySpan<double> theta) =>
        Innovation.Create(HasShape ? theta[ShapeIndex] : double.NaN, HasSkew ? theta[SkewIndex] : 1);

    /// <summary>The same structure in the family that it is a special case of: GARCH for IGARCH, itself for all others.</summary>
    public GarchSpecification Unrestricted =>
        Family == VarianceFamily.Igarch ? new(ArchOrder, GarchOrder, Innovation, HasMean, ArOrder, MaOrder) : this;

    /// <summary>θ as a vector of <see cref="Unrestricted"/>: IGARCH's last beta filled in.</summary>
    public double[] Expand(ReadOnlySpan<double> theta)
    {
        if (Family != VarianceFamily.Igarch) return theta.ToArray();
        var last = GammaIndex;
        double rest = 1;
        foreach (var v in theta[AlphaIndex..last]) rest -= v;
        return [.. theta[..last], rest, .. theta[last..]];
    }

    private string[] BuildNames()
    {
        var names = new List<string>(Count);
        if (HasMean) names.Add("mu");
        Add("ar", ArOrder);
        Add("ma", MaOrder);
        names.Add("omega");
        if (Family == VarianceFamily.Figarch)
        {
            if (ArchOrder > 0) names.Add("phi");
            names.Add("d");
        }
        else
        {
            Add("alpha", ArchOrder);
        }

        Add("beta", BetaCount);
        if (IsAsymmetric) Add("gamma", ArchOrder);
        if (Family == VarianceFamily.Aparch) names.Add("delta");
        if (HasSkew) names.Add("skew");
        if (HasShape) names.Add("shape");
        return [.. names];

        void Add(string stem, int count)
        {
            for (var i = 1; i <= count; i++) names.Add($"{stem}{i}");
        }
    }
}
