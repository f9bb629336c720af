using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>
/// Structure of an ARMA(<see cref="ArOrder"/>, <see cref="MaOrder"/>) mean with GARCH(<see cref="ArchOrder"/>,
/// <see cref="GarchOrder"/>) variance, and the order of its parameters in a vector:
/// <c>[mu] ar1.. ma1.. omega alpha1.. beta1.. [shape]</c>.
/// </summary>
/// <remarks>
/// x_t = mu + y_t, y_t = Σ ar_i y_{t-i} + e_t + Σ ma_j e_{t-j}, e_t = √h_t z_t,
/// h_t = omega + Σ_{i≤ArchOrder} alpha_i e²_{t-i} + Σ_{j≤GarchOrder} beta_j h_{t-j}. The first number of <c>garch(p,q)</c>
/// counts the alphas, the second the betas, as rugarch and fGarch have it (Bollerslev 1986 has them the other way round).
/// </remarks>
public sealed record GarchSpecification
{
    /// <param name="archOrder">Number of squared innovations in the variance, at least 1.</param>
    /// <param name="garchOrder">Number of lagged variances, at least 0.</param>
    /// <param name="innovation">Distribution of z.</param>
    /// <param name="hasMean">Whether mu is estimated; otherwise it is 0.</param>
    /// <param name="arOrder">Autoregressive terms of the mean.</param>
    /// <param name="maOrder">Moving-average terms of the mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order is negative or above 20, or there is no ARCH term.</exception>
    public GarchSpecification(int archOrder, int garchOrder, InnovationKind innovation = InnovationKind.Normal, bool hasMean = true, int arOrder = 0, int maOrder = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(archOrder, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(garchOrder);
        ArgumentOutOfRangeException.ThrowIfNegative(arOrder);
        ArgumentOutOfRangeException.ThrowIfNegative(maOrder);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(Math.Max(archOrder, garchOrder), Math.Max(arOrder, maOrder)), 20, nameof(archOrder));
        ArchOrder = archOrder;
        GarchOrder = garchOrder;
        Innovation = innovation;
        HasMean = hasMean;
        ArOrder = arOrder;
        MaOrder = maOrder;
        Names = BuildNames();
    }

    public int ArchOrder { get; }

    public int GarchOrder { get; }

    public InnovationKind Innovation { get; }

    public bool HasMean { get; }

    public int ArOrder { get; }

    public int MaOrder { get; }

    /// <summary>Parameter names in the order of the vector.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of estimated parameters.</summary>
    public int Count => ShapeIndex + (HasShape ? 1 : 0);

    /// <summary>Parameters of the mean equation; they come first.</summary>
    public int MeanCount => (HasMean ? 1 : 0) + ArOrder + MaOrder;

    public int ArIndex => HasMean ? 1 : 0;

    public int MaIndex => ArIndex + ArOrder;

    public int OmegaIndex => MeanCount;

    public int AlphaIndex => OmegaIndex + 1;

    public int BetaIndex => AlphaIndex + ArchOrder;

    /// <summary>Index of the shape, were there one: also the number of parameters that enter the recursions.</summary>
    public int ShapeIndex => BetaIndex + GarchOrder;

    public bool HasShape => Innovation.HasShape();

    /// <summary>mu, or 0 when it is not estimated.</summary>
    public double Mean(ReadOnlySpan<double> theta) => HasMean ? theta[0] : 0;

    /// <summary>Σ alpha + Σ beta.</summary>
    public double Persistence(ReadOnlySpan<double> theta)
    {
        double sum = 0;
        foreach (var v in theta[AlphaIndex..ShapeIndex]) sum += v;
        return sum;
    }

    /// <summary>omega / (1 - persistence), or +∞ when the persistence is not below 1.</summary>
    public double UnconditionalVariance(ReadOnlySpan<double> theta)
    {
        var gap = 1 - Persistence(theta);
        return gap > 0 ? theta[OmegaIndex] / gap : double.PositiveInfinity;
    }

    /// <summary>The innovation distribution at these parameters.</summary>
    public Innovation CreateInnovation(ReadOnlySpan<double> theta) => Innovation.Create(HasShape ? theta[ShapeIndex] : double.NaN);

    private string[] BuildNames()
    {
        var names = new List<string>(Count);
        if (HasMean) names.Add("mu");
        for (var i = 1; i <= ArOrder; i++) names.Add($"ar{i}");
        for (var i = 1; i <= MaOrder; i++) names.Add($"ma{i}");
        names.Add("omega");
        for (var i = 1; i <= ArchOrder; i++) names.Add($"alpha{i}");
        for (var i = 1; i <= GarchOrder; i++) names.Add($"beta{i}");
        if (HasShape) names.Add("shape");
        return [.. names];
    }
}
