using Forecast.Core;
using Forecast.Models.Arima;
using Forecast.Models.UnitRoots;

namespace Forecast.Models.AutoArima;

/// <summary>
/// The automatic choice of Hyndman and Khandakar (2008): differences by unit-root tests, orders by an information criterion.
/// Exactly one of <see cref="Fit"/> and <see cref="Constant"/> is set.
/// </summary>
public sealed record AutoArimaChoice
{
    private const int LeastObservations = 3;

    /// <summary>The chosen model.</summary>
    public required ArimaOptions Options { get; init; }

    /// <summary>Its fit by exact likelihood.</summary>
    public ArimaFit? Fit { get; init; }

    /// <summary>What a series follows that differencing leaves constant.</summary>
    public ConstantSteps? Constant { get; init; }

    /// <summary>Models that were fitted on the way.</summary>
    public int Tried { get; init; }

    /// <summary>Chooses and fits.</summary>
    /// <param name="series">Id for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="options">What may be chosen.</param>
    /// <param name="period">m; 1 without a season.</param>
    /// <param name="regressors">Named regressors as long as <paramref name="values"/>, or null.</param>
    /// <param name="cancellation">Stops between models.</param>
    /// <exception cref="ForecastException">Fewer than three observations, infinite values, unusable regressors, or no admissible model.</exception>
    public static AutoArimaChoice Of(string series, double[] values, AutoArimaOptions options, int period, ArimaRegressors? regressors = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        var columns = regressors ?? ArimaRegressors.None;
        var observed = values.Count(v => !double.IsNaN(v));
        if (observed < LeastObservations)
            throw new ForecastException(observed == 0 ? "series-empty" : "series-too-short", $"series '{series}' has {observed} observations; auto-arima needs at least {LeastObservations}", "data", series);

        // Checks the data before any test sees them.
        _ = ArimaSample.Create(series, values, new ArimaOptions(), 1, columns);
        var m = period > 1 && observed > period ? period : 1;
        var (d, seasonalD, rest) = Differences(values, options, m, columns);
        if (columns.Names.Count == 0 && DifferencingOrder.IsConstant(rest, DifferencingOrder.Scale(values)))
            return Deterministic(options, d, seasonalD, m, rest);
        var mayHaveConstant = (d + seasonalD == 0 && options.AllowMean) || (d + seasonalD == 1 && options.AllowDrift);
        var criterion = observed <= LeastObservations ? InformationCriterion.Aic : options.Criterion;
        var scorer = new ArimaScorer(series, values, columns, c => c.Options(options, d, seasonalD, m), criterion, cancellation);
        var search = new ArimaSearch(options, scorer, observed, m, mayHaveConstant, cancellation);
        search.Run();
        return Best(series, values, columns, search, scorer, c => c.Options(options, d, seasonalD, m), cancellation);
    }

    /// <summary>The best model, fitted thoroughly; where that leads to the unit circle, at the optimum that the search found.</summary>
    private static AutoArimaChoice Best(string series, double[] values, ArimaRegressors regressors, ArimaSearch search, ArimaScorer scorer, Func<ArimaCandidate, ArimaOptions> model, CancellationToken cancellation)
    {
        if (search.Best is not { } best)
            throw new ForecastException("auto-arima-none", $"series '{series}': none of the {search.Tried} models tried could be fitted with roots away from the unit circle", "data", series);
        var chosen = model(best);
        var found = scorer.Coefficients(best);
        var fit = ArimaFit.EstimateFrom(series, values, chosen, regressors, found, cancellation);
        if (!ArimaScorer.IsAdmissible([.. fit.Coefficients.Take(fit.Sample.ArmaCount)], chosen))
            fit = ArimaFit.Profiled(series, values, chosen, found, regressors);
        return new AutoArimaChoice { Options = chosen, Fit = fit, Tried = search.Tried };
    }

    private static AutoArimaChoice Deterministic(AutoArimaOptions options, int d, int seasonalD, int period, double[] rest)
    {
        var constant = new ConstantSteps(d, seasonalD, period, rest.First(v => !double.IsNaN(v)));
        var chosen = new ArimaCandidate(0, 0, 0, 0, d + seasonalD < 2 && constant.Step != 0).Options(options, d, seasonalD, period);
        return new AutoArimaChoice { Options = chosen, Constant = constant };
    }

    /// <summary>d, D and the series differenced so often, less its least-squares regression on the regressors.</summary>
    private static (int Plain, int Seasonal, double[] Differenced) Differences(double[] values, AutoArimaOptions options, int period, ArimaRegressors regressors)
    {
        var x = WithoutRegression(values, regressors);
        double[][] columns = [.. regressors.Columns];
        var seasonal = period == 1 ? 0 : options.SeasonalDifferences ?? DifferencingOrder.Seasonal(x, period, options.SeasonalTest);

        // A difference that would remove a regressor is not taken.
        if (options.SeasonalDifferences is null && seasonal > 0 && Array.Exists(columns, c => Vanishes(c, 0, 1, period)))
            seasonal = 0;
        x = LagPolynomial.Difference(x, 0, seasonal, period);
        columns = [.. columns.Select(c => LagPolynomial.Difference(c, 0, seasonal, period))];
        var plain = options.Differences ?? DifferencingOrder.Plain(x, options.Test);
        while (options.Differences is null && plain > 0 && Array.Exists(columns, c => Vanishes(c, plain, 0, 1)))
            plain--;
        return (plain, seasonal, LagPolynomial.Difference(x, plain, 0, 1));
    }

    private static bool Vanishes(double[] column, int d, int seasonalD, int period) =>
        DifferencingOrder.IsConstant(LagPolynomial.Difference(column, d, seasonalD, period), DifferencingOrder.Scale(column));

    private static double[] WithoutRegression(double[] values, ArimaRegressors regressors)
    {
        if (regressors.Names.Count == 0)
            return values;
        int[] rows = [.. Enumerable.Range(0, values.Length).Where(t => !double.IsNaN(values[t]))];
        var ones = new double[rows.Length];
        Array.Fill(ones, 1);
        double[] y = [.. rows.Select(t => values[t])];
        if (LeastSquaresFit.Of(y, [ones, .. regressors.Columns.Select(c => rows.Select(t => c[t]).ToArray())]) is not { } fit)
            return values;
        var result = new double[values.Length];
        Array.Fill(result, double.NaN);
        for (var i = 0; i < rows.Length; i++)
            result[rows[i]] = fit.Residuals[i];
        return result;
    }
}
