using Forecast.Core;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>What <c>garch(p,q){dist, mean, ar, ma, draws, paths}</c> says, and the same for every variance family.</summary>
public sealed record GarchOptions
{
    /// <summary>Form of the variance equation, the name before the brackets; GARCH.</summary>
    public VarianceFamily Family { get; init; } = VarianceFamily.Garch;

    /// <summary>Number of squared innovations (alpha), the first number of <c>garch(p,q)</c>; 1 (Hansen and Lunde 2005: hard to beat).</summary>
    public int ArchOrder { get; init; } = 1;

    /// <summary>Number of lagged variances (beta), the last number; 1.</summary>
    public int GarchOrder { get; init; } = 1;

    /// <summary>Distribution of the standardised innovations; normal, the quasi-likelihood of Bollerslev and Wooldridge (1992).</summary>
    public InnovationKind Distribution { get; init; } = InnovationKind.Normal;

    /// <summary>Whether a constant mean is estimated (the default) or 0.</summary>
    public bool HasMean { get; init; } = true;

    /// <summary>Autoregressive terms of the mean; 0.</summary>
    public int ArOrder { get; init; }

    /// <summary>Moving-average terms of the mean; 0.</summary>
    public int MaOrder { get; init; }

    /// <summary>Whether future innovations are drawn from the residuals (filtered historical simulation) instead of the fitted distribution.</summary>
    public bool Historical { get; init; }

    /// <summary>Simulated futures behind quantiles and shortfalls beyond the first step; 10000 puts a 1 % quantile within about 2 %.</summary>
    public int Paths { get; init; } = 10_000;

    /// <summary>The structure to estimate.</summary>
    public GarchSpecification Specification => new(ArchOrder, GarchOrder, Distribution, HasMean, ArOrder, MaOrder, Family);

    /// <summary>The model string that says the same; what is at its default is left out.</summary>
    public string ModelString
    {
        get
        {
            var orders = Family == VarianceFamily.Figarch ? $"{ArchOrder},d,{GarchOrder}" : $"{ArchOrder},{GarchOrder}";
            return $"{GarchModel.NameOf(Family)}({orders}){Braces(Distribution, HasMean, Paths, ArOrder, MaOrder, Historical)}";
        }
    }

    /// <exception cref="ForecastException">An order or the number of paths is out of range; the field is named.</exception>
    public GarchOptions Validated()
    {
        var fractional = Family == VarianceFamily.Figarch;
        CheckOrder(ArchOrder, fractional ? 0 : 1, "p", fractional ? 1 : 20);
        CheckOrder(GarchOrder, Family == VarianceFamily.Igarch ? 1 : 0, "q", fractional ? 1 : 20);
        CheckOrder(ArOrder, 0, "ar");
        CheckOrder(MaOrder, 0, "ma");
        CheckPaths(Paths);
        return this;
    }

    internal static string Braces(InnovationKind distribution, bool hasMean, int paths, int ar = 0, int ma = 0, bool historical = false)
    {
        var options = new List<string>();
        if (distribution != InnovationKind.Normal) options.Add($"dist: {distribution.ShortName()}");
        if (!hasMean) options.Add("mean: zero");
        if (ar > 0) options.Add($"ar: {ar}");
        if (ma > 0) options.Add($"ma: {ma}");
        if (historical) options.Add("draws: historical");
        if (paths != 10_000) options.Add($"paths: {paths}");
        return options.Count == 0 ? "" : $"{{{string.Join(", ", options)}}}";
    }

    internal static void CheckOrder(int order, int minimum, string field, int maximum = 20)
    {
        if (order < minimum || order > maximum)
            throw new ForecastException("order-invalid", $"{field} is {order}; it must be from {minimum} to {maximum}", field);
    }

    internal static void CheckPaths(int paths)
    {
        if (paths is < 100 or > 10_000_000)
            throw new ForecastException("paths-invalid", $"paths is {paths}; it must be from 100 to 10000000", "paths");
    }
}
