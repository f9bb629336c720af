using System.Globalization;
using Forecast.Core;

namespace Forecast.Models.Arima;

/// <summary>Autoregressive order, differences and moving-average order, (p, d, q) or (P, D, Q).</summary>
public readonly record struct ArimaOrder(int Ar, int Differences, int Ma)
{
    public override string ToString() => $"({Ar},{Differences},{Ma})";
}

/// <summary>Which innovation variance the forecast uses.</summary>
public enum ArimaVariance
{
    /// <summary>Sum of squared residuals / (n* - k + 1), k counting sigma2: what R's forecast package reports.</summary>
    DegreesOfFreedom,

    /// <summary>The maximum-likelihood estimate, sum of squared residuals / n*: what R's stats package reports.</summary>
    MaximumLikelihood,
}

/// <summary>What to fit: <c>arima(p,d,q)(P,D,Q)[period]</c> with mean, drift or regressors.</summary>
public sealed record ArimaOptions
{
    /// <summary>Name in <see cref="Regressors"/> that stands for every known-future covariate of the series.</summary>
    public const string AllRegressors = "*";

    internal const int DefaultStarts = 3;
    internal const int DefaultMaxIterations = 200;

    /// <summary>(p, d, q). Default (0, 0, 0), white noise.</summary>
    public ArimaOrder Order { get; init; }

    /// <summary>(P, D, Q). Default none.</summary>
    public ArimaOrder Seasonal { get; init; }

    /// <summary>
    /// Observations a season, at least 2 when <see cref="Seasonal"/> is not zero. Null takes the usual season of the series'
    /// frequency.
    /// </summary>
    public int? Period { get; init; }

    /// <summary>
    /// Whether a mean ("intercept") is estimated. Null, the default, includes it exactly when d + D = 0, as R's
    /// <c>arima</c> does: differencing removes it.
    /// </summary>
    public bool? IncludeMean { get; init; }

    /// <summary>
    /// Whether the regressor 1..n ("drift") is estimated; needs d + D &lt;= 1, as in R's forecast package. Default false.
    /// </summary>
    public bool IncludeDrift { get; init; }

    /// <summary>Names of the known-future covariates used as regressors, or "*" for all of them. Default none.</summary>
    public IReadOnlyList<string> Regressors { get; init; } = [];

    /// <summary>
    /// Coefficients that are not estimated, by R's names (ar1.. ma1.. sar1.. sma1.. intercept drift, regressors). Default none.
    /// </summary>
    public IReadOnlyDictionary<string, double> Fixed { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Variance of the forecast. Default <see cref="ArimaVariance.DegreesOfFreedom"/>, as in R's forecast package.</summary>
    public ArimaVariance Variance { get; init; } = ArimaVariance.DegreesOfFreedom;

    /// <summary>
    /// Starting points that are followed to their optimum; the best end is kept. Likelihoods of mixed models have
    /// several optima (wineind's (1,1,2)(0,1,1)[12] has two). Default 3; pure autoregressions and models with one
    /// coefficient use one.
    /// </summary>
    public int Starts { get; init; } = DefaultStarts;

    /// <summary>Quasi-Newton iterations a start. Default 200.</summary>
    public int MaxIterations { get; init; } = DefaultMaxIterations;

    /// <summary>True when a mean is estimated.</summary>
    public bool HasMean => IncludeMean ?? (Order.Differences + Seasonal.Differences == 0);

    /// <summary>True when any seasonal term is asked for.</summary>
    public bool IsSeasonal => Seasonal != default;

    /// <summary>Returns the options, or says which of them cannot be used.</summary>
    /// <exception cref="ForecastException">A negative order, a missing period, or a mean or drift that differencing removes.</exception>
    public ArimaOptions Validated()
    {
        CheckOrder(Order, "order");
        CheckOrder(Seasonal, "seasonal");
        if (IsSeasonal && Period is < 2)
            throw Invalid("period", $"period is {Period}; seasonal terms {Seasonal} need a period of at least 2");
        if (Period is < 1)
            throw Invalid("period", $"period is {Period}; it must be at least 1");
        var differences = Order.Differences + Seasonal.Differences;
        if (IncludeMean == true && differences > 0)
            throw Invalid("mean", $"a mean is removed by the {differences} differences that are asked for; use drift instead, or d = D = 0");
        if (IncludeDrift && differences > 1)
            throw Invalid("drift", $"a drift is removed by {differences} differences; it needs d + D of at most 1");
        foreach (var (name, value) in Fixed)
        {
            if (!double.IsFinite(value))
                throw Invalid("fixed", $"fixed: {name} is {value}; it must be a finite number");
        }

        if (Starts < 1)
            throw Invalid("starts", $"starts is {Starts}; it must be at least 1");
        if (MaxIterations < 1)
            throw Invalid("max_iterations", $"max_iterations is {MaxIterations}; it must be at least 1");
        return this;
    }

    /// <summary>The model string that makes these options again, as <c>arima(1,0,1)(0,1,1)[12]{drift: true}</c>.</summary>
    public override string ToString()
    {
        var seasonal = IsSeasonal ? Seasonal.ToString() : "";
        var period = Period is null ? "" : $"[{Period}]";
        List<string> options = [];
        if (IncludeMean is { } mean)
            options.Add(mean ? "mean: true" : "mean: false");
        if (IncludeDrift)
            options.Add("drift: true");
        if (Regressors.Count > 0)
            options.Add($"regressors: [{string.Join(", ", Regressors)}]");
        if (Fixed.Count > 0)
            options.Add($"fixed: [{string.Join(", ", Fixed.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}={f.Value:R}")))}]");
        if (Variance == ArimaVariance.MaximumLikelihood)
            options.Add("variance: ml");
        if (Starts != DefaultStarts)
            options.Add($"starts: {Starts}");
        if (MaxIterations != DefaultMaxIterations)
            options.Add($"max_iterations: {MaxIterations}");
        return $"arima{Order}{seasonal}{period}{(options.Count > 0 ? $"{{{string.Join(", ", options)}}}" : "")}";
    }

    private static void CheckOrder(ArimaOrder order, string field)
    {
        if (order.Ar < 0 || order.Differences < 0 || order.Ma < 0)
            throw Invalid(field, $"{field} is {order}; orders are not negative");
    }

    private static ForecastException Invalid(string field, string message) => new("arima-option-invalid", message, field);
}
