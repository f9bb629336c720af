using Forecast.Core;

namespace Forecast.Models.Arima;

/// <summary>Named regressors: one column of values each.</summary>
/// <param name="Names">One name a column.</param>
/// <param name="Columns">The values, oldest first.</param>
public sealed record ArimaRegressors(IReadOnlyList<string> Names, IReadOnlyList<double[]> Columns)
{
    public static ArimaRegressors None { get; } = new([], []);
}

/// <summary>
/// The data of one fit: observations (NaN = missing), the regression columns that the options ask for (intercept, drift,
/// then the named regressors), and both differenced where nothing is missing between the first and the last observation.
/// </summary>
internal sealed class ArimaSample
{
    private ArimaSample(string series, ArimaOptions options, int period, double[] values, string[] names, double[][] columns)
    {
        Series = series;
        Options = options;
        Period = period;
        Values = values;
        RegressorNames = names;
        Columns = columns;
        FixedArma = FixedValues(ArimaFit.ArmaNames(options));
        FixedBeta = FixedValues(names);
        Delta = LagPolynomial.Differencing(options.Order.Differences, options.Seasonal.Differences, period);
        First = Array.FindIndex(values, v => !double.IsNaN(v));
        Last = Array.FindLastIndex(values, v => !double.IsNaN(v));
        Observed = values.Count(v => !double.IsNaN(v));
        HasGaps = Observed > 0 && Last - First + 1 > Observed;
    }

    /// <summary>Id of the series, for errors.</summary>
    public string Series { get; }

    public ArimaOptions Options { get; }

    /// <summary>m; 1 when the model has no season.</summary>
    public int Period { get; }

    /// <summary>The observations as given, NaN = missing.</summary>
    public double[] Values { get; }

    public string[] RegressorNames { get; }

    /// <summary>Regression columns in levels, as long as <see cref="Values"/>.</summary>
    public double[][] Columns { get; }

    /// <summary>ARMA coefficients that are not estimated, NaN for those that are.</summary>
    public double[] FixedArma { get; }

    /// <summary>Regression coefficients that are not estimated, NaN for those that are.</summary>
    public double[] FixedBeta { get; }

    /// <summary>Coefficients of the differencing polynomial 1 - sum delta_k B^k.</summary>
    public double[] Delta { get; }

    /// <summary>Row of the first observation.</summary>
    public int First { get; }

    /// <summary>Row of the last observation.</summary>
    public int Last { get; }

    /// <summary>Number of observations that are not missing.</summary>
    public int Observed { get; }

    /// <summary>True when something is missing between <see cref="First"/> and <see cref="Last"/>.</summary>
    public bool HasGaps { get; }

    /// <summary>n* = observations - d - D m.</summary>
    public int Effective => Observed - Delta.Length;

    /// <summary>p + q + P + Q.</summary>
    public int ArmaCount => Options.Order.Ar + Options.Order.Ma + Options.Seasonal.Ar + Options.Seasonal.Ma;

    /// <summary>Estimated parameters, sigma2 included.</summary>
    public int ParameterCount => ArmaCount + Columns.Length + 1 - Options.Fixed.Count;

    /// <summary>Checks the data and builds the regression columns.</summary>
    /// <param name="series">Id for errors.</param>
    /// <param name="values">Observations, NaN = missing.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="period">m.</param>
    /// <param name="regressors">Named columns as long as <paramref name="values"/>.</param>
    /// <param name="driftOffset">The drift regressor is driftOffset + 1, driftOffset + 2, ...</param>
    /// <exception cref="ForecastException">Infinite values, or a regressor of another length or with gaps.</exception>
    public static ArimaSample Create(string series, double[] values, ArimaOptions options, int period, ArimaRegressors regressors, long driftOffset = 0)
    {
        var infinite = Array.FindIndex(values, double.IsInfinity);
        if (infinite >= 0)
            throw new ForecastException("value-infinite", $"series '{series}' row {infinite}: infinite value; leave it empty if it is missing", "data", series, infinite);
        var (names, columns) = Regression(series, values.Length, options, regressors, driftOffset);
        string[] known = [.. ArimaFit.ArmaNames(options), .. names];
        if (options.Fixed.Keys.FirstOrDefault(f => !known.Contains(f, StringComparer.Ordinal)) is { } other)
            throw new ForecastException("arima-option-invalid", $"fixed: {options} has no coefficient '{other}'; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}", "fixed", series);
        return new ArimaSample(series, options, period, values, names, columns);
    }

    /// <summary>The regression columns for the steps 1..horizon after the last row.</summary>
    public double[][] FutureColumns(ArimaRegressors future, int horizon, long driftOffset)
    {
        var (_, columns) = Regression(Series, horizon, Options, future, driftOffset + Values.Length);
        return columns;
    }

    /// <summary>The error for data whose gaps leave part of the diffuse start open, such as a month never observed.</summary>
    public static ForecastException Undetermined(ArimaSample sample) => new(
        "series-too-short",
        $"series '{sample.Series}': too much is missing for {sample.Options}; some season has no observation to start from",
        "data",
        sample.Series);

    /// <summary>Refuses a sample that cannot place the state at given coefficients: fewer than d + D m observations, or none.</summary>
    /// <exception cref="ForecastException">As said.</exception>
    public void RequireStart()
    {
        if (Observed == 0)
            throw new ForecastException("series-empty", $"series '{Series}' has no observation: all {Values.Length} values are missing", "data", Series);
        if (Effective < 0)
            throw new ForecastException("series-too-short", $"series '{Series}' has {Observed} observations; {Options} needs {Delta.Length} to start from", "data", Series);
    }

    /// <summary>Refuses a sample with fewer effective observations than the model needs.</summary>
    /// <exception cref="ForecastException">n* is not above the number of parameters.</exception>
    public void RequireEnough()
    {
        if (Observed == 0)
            RequireStart();
        if (Effective <= ParameterCount)
        {
            throw new ForecastException(
                "series-too-short",
                $"series '{Series}' has {Observed} observations; {Options} has {ParameterCount} parameters and loses {Delta.Length} observations to differencing, so it needs at least {ParameterCount + Delta.Length + 1}",
                "data",
                Series);
        }
    }

    /// <summary>Observations, less fixed regression effects, and the free regression columns between first and last observation.</summary>
    /// <param name="differenced">Whether to difference every column.</param>
    /// <param name="withPulses">
    /// Whether to bridge gaps by straight lines and put one column for each of them, 1 in its row, between series and regressors.
    /// </param>
    public double[][] Window(bool differenced, bool withPulses)
    {
        var length = Last - First + 1;
        var y = Values.AsSpan(First, length).ToArray();
        for (var j = 0; j < FixedBeta.Length; j++)
        {
            for (var t = 0; t < length && !double.IsNaN(FixedBeta[j]); t++)
                y[t] -= FixedBeta[j] * Columns[j][First + t];
        }

        var columns = new List<double[]> { y };
        if (withPulses)
        {
            for (var t = 0; t < length; t++)
            {
                if (!double.IsNaN(y[t]))
                    continue;
                var pulse = new double[length];
                pulse[t] = 1;
                columns.Add(pulse);
            }

            Bridge(y);
        }

        columns.AddRange(Columns.Where((_, j) => double.IsNaN(FixedBeta[j])).Select(c => c.AsSpan(First, length).ToArray()));
        return differenced
            ? [.. columns.Select(c => LagPolynomial.Difference(c, Options.Order.Differences, Options.Seasonal.Differences, Period))]
            : [.. columns];
    }

    /// <summary>Replaces missing values between observed ones by straight lines.</summary>
    public static void Bridge(double[] y)
    {
        var last = 0;
        for (var t = 1; t < y.Length; t++)
        {
            if (double.IsNaN(y[t]))
                continue;
            for (var s = last + 1; s < t; s++)
                y[s] = y[last] + ((y[t] - y[last]) * (s - last) / (t - last));
            last = t;
        }
    }

    /// <summary>y - X beta over all rows.</summary>
    public double[] WithoutRegression(ReadOnlySpan<double> beta)
    {
        var result = (double[])Values.Clone();
        for (var j = 0; j < beta.Length; j++)
        {
            for (var t = 0; t < result.Length; t++)
                result[t] -= beta[j] * Columns[j][t];
        }

        return result;
    }

    private double[] FixedValues(string[] names) => [.. names.Select(n => Options.Fixed.TryGetValue(n, out var value) ? value : double.NaN)];

    private static (string[] Names, double[][] Columns) Regression(string series, int length, ArimaOptions options, ArimaRegressors regressors, long driftOffset)
    {
        var names = new List<string>();
        var columns = new List<double[]>();
        if (options.HasMean)
        {
            names.Add("intercept");
            var ones = new double[length];
            Array.Fill(ones, 1);
            columns.Add(ones);
        }

        if (options.IncludeDrift)
        {
            names.Add("drift");
            var trend = new double[length];
            for (var t = 0; t < length; t++)
                trend[t] = driftOffset + t + 1;
            columns.Add(trend);
        }

        for (var j = 0; j < regressors.Names.Count; j++)
        {
            var (name, column) = (regressors.Names[j], regressors.Columns[j]);
            if (column.Length != length)
                throw new ForecastException("regressor-length", $"series '{series}': regressor '{name}' has {column.Length} values for {length} rows", name, series);
            var bad = Array.FindIndex(column, v => !double.IsFinite(v));
            if (bad >= 0)
                throw new ForecastException("regressor-missing", $"series '{series}': regressor '{name}' is missing or infinite in row {bad}; regressors need a value in every row", name, series, bad);
            names.Add(name);
            columns.Add(column);
        }

        return ([.. names], [.. columns]);
    }
}
