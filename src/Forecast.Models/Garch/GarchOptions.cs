using Forecast.Core;
using Forecast.Models.Innovations;

namespace Forecast.Models.Garch;

/// <summary>What <c>garch(p,q){dist, mean, paths}</c> says.</summary>
public sealed record GarchOptions
{
    /// <summary>Number of squared innovations (alpha), the first number of <c>garch(p,q)</c>; 1 (Hansen and Lunde 2005: hard to beat).</summary>
    public int ArchOrder { get; init; } = 1;

    /// <summary>Number of lagged variances (beta), the second number; 1.</summary>
    public int GarchOrder { get; init; } = 1;

    /// <summary>Distribution of the standardised innovations; normal, the quasi-likelihood of Bollerslev and Wooldridge (1992).</summary>
    public InnovationKind Distribution { get; init; } = InnovationKind.Normal;

    /// <summary>Whether a constant mean is estimated (the default) or 0.</summary>
    public bool HasMean { get; init; } = true;

    /// <summary>Simulated futures behind quantiles and shortfalls beyond the first step; 10000 puts a 1 % quantile within about 2 %.</summary>
    public int Paths { get; init; } = 10_000;

    /// <summary>The structure to estimate.</summary>
    public GarchSpecification Specification => new(ArchOrder, GarchOrder, Distribution, HasMean);

    /// <summary>The model string that says the same; what is at its default is left out.</summary>
    public string ModelString => $"garch({ArchOrder},{GarchOrder}){Braces(Distribution, HasMean, Paths)}";

    /// <exception cref="ForecastException">An order or the number of paths is out of range; the field is named.</exception>
    public GarchOptions Validated()
    {
        CheckOrder(ArchOrder, 1, "p");
        CheckOrder(GarchOrder, 0, "q");
        CheckPaths(Paths);
        return this;
    }

    internal static string Braces(InnovationKind distribution, bool hasMean, int paths)
    {
        var options = new List<string>();
        if (distribution != InnovationKind.Normal) options.Add($"dist: {distribution.ShortName()}");
        if (!hasMean) options.Add("mean: zero");
        if (paths != 10_000) options.Add($"paths: {paths}");
        return options.Count == 0 ? "" : $"{{{string.Join(", ", options)}}}";
    }

    internal static void CheckOrder(int order, int minimum, string field)
    {
        if (order < minimum || order > 20)
            throw new ForecastException("order-invalid", $"{field} is {order}; it must be from {minimum} to 20", field);
    }

    internal static void CheckPaths(int paths)
    {
        if (paths is < 100 or > 10_000_000)
            throw new ForecastException("paths-invalid", $"paths is {paths}; it must be from 100 to 10000000", "paths");
    }
}
