using Forecast.Core;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.ArimaGarch;

/// <summary>What <c>arima-garch(p,d,q)(P,Q){dist, mean, paths}</c> says.</summary>
public sealed record ArimaGarchOptions
{
    /// <summary>Autoregressive terms of the mean, p; 1 (with q = 1 the default mean of rugarch).</summary>
    public int ArOrder { get; init; } = 1;

    /// <summary>Differences taken first, d; 0, as for returns.</summary>
    public int Difference { get; init; }

    /// <summary>Moving-average terms of the mean, q; 1.</summary>
    public int MaOrder { get; init; } = 1;

    /// <summary>Squared innovations in the variance, P; 1.</summary>
    public int ArchOrder { get; init; } = 1;

    /// <summary>Lagged variances in the variance, Q; 1.</summary>
    public int GarchOrder { get; init; } = 1;

    /// <summary>Distribution of the standardised innovations; normal.</summary>
    public InnovationKind Distribution { get; init; } = InnovationKind.Normal;

    /// <summary>Whether the mean of the d-th difference is estimated (for d = 1 that is a drift); true.</summary>
    public bool HasMean { get; init; } = true;

    /// <summary>Whether future innovations are drawn from the residuals (filtered historical simulation) instead of the fitted distribution.</summary>
    public bool Historical { get; init; }

    /// <summary>Simulated futures behind quantiles beyond the first step.</summary>
    public int Paths { get; init; } = 10_000;

    /// <summary>The structure to estimate on the d-th difference.</summary>
    public GarchSpecification Specification => new(ArchOrder, GarchOrder, Distribution, HasMean, ArOrder, MaOrder);

    /// <summary>The model string that says the same.</summary>
    public string ModelString => $"arima-garch({ArOrder},{Difference},{MaOrder})({ArchOrder},{GarchOrder}){GarchOptions.Braces(Distribution, HasMean, Paths, historical: Historical)}";

    /// <exception cref="ForecastException">An order or the number of paths is out of range; the field is named.</exception>
    public ArimaGarchOptions Validated()
    {
        GarchOptions.CheckOrder(ArOrder, 0, "p");
        GarchOptions.CheckOrder(MaOrder, 0, "q");
        GarchOptions.CheckOrder(ArchOrder, 1, "P");
        GarchOptions.CheckOrder(GarchOrder, 0, "Q");
        if (Difference is < 0 or > 2) throw new ForecastException("order-invalid", $"d is {Difference}; it must be from 0 to 2", "d");
        GarchOptions.CheckPaths(Paths);
        return this;
    }
}
