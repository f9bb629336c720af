namespace Forecast.Core.Forecasting;

/// <summary>What a fit found, under the names that the reference software uses (<c>ar1 ma1 mu omega alpha1 loglik aic ...</c>).</summary>
public sealed record FitSummary
{
    /// <summary>Estimates, in the model's order.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Standard errors by kind (<c>hessian</c>, <c>opg</c>, <c>robust</c>), then by parameter; a parameter on its bound has none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> StdErrors { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);

    /// <summary><c>loglik</c>, <c>aic</c>, <c>aicc</c>, <c>bic</c>, <c>sigma2</c> and what else the model states.</summary>
    public IReadOnlyDictionary<string, double> Criteria { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Paths over the sample: <c>residuals</c>, <c>sigma</c>, <c>fitted</c>; NaN where undefined.</summary>
    public IReadOnlyDictionary<string, double[]> Paths { get; init; } = new Dictionary<string, double[]>(StringComparer.Ordinal);

    /// <summary>False when the optimiser stopped for another reason than a met tolerance.</summary>
    public bool Converged { get; init; } = true;

    /// <summary>Why the optimiser stopped, iterations, bounds that were met.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Observations used (not missing).</summary>
    public int Observations { get; init; }
}
