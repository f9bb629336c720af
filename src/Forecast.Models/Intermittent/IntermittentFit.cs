using Forecast.Core;

namespace Forecast.Models.Intermittent;

/// <summary>A model of intermittent demand at given or estimated smoothing parameters.</summary>
public sealed class IntermittentFit
{
    private IntermittentFit(IntermittentVariant variant, double alpha, double beta, ReadOnlySpan<double> y)
    {
        (Alpha, Beta) = (alpha, beta);
        var state = new IntermittentState(variant, alpha, beta);
        double[] fitted = new double[y.Length], residuals = new double[y.Length];
        var demands = new List<double>();
        var (squares, count) = (0.0, 0);
        for (var t = 0; t < y.Length; t++)
        {
            fitted[t] = t == 0 ? double.NaN : state.Rate;
            residuals[t] = y[t] - fitted[t];
            if (state.Size > 0 && !double.IsNaN(y[t]))
            {
                squares += residuals[t] * residuals[t];
                count++;
            }

            if (y[t] > 0) demands.Add(y[t]);
            if (!double.IsNaN(y[t])) Observations++;
            state.Move(y[t]);
        }

        (Size, Interval, Probability, Rate) = (state.Size, state.Interval, state.Probability, state.Rate);
        (Fitted, Residuals, Demands) = (fitted, residuals, demands);
        MeanSquare = count > 0 ? squares / count : 0;
    }

    public double Alpha { get; }

    public double Beta { get; }

    /// <summary>Smoothed size of a demand; 0 where there was none.</summary>
    public double Size { get; }

    /// <summary>Smoothed rows from one demand to the next; infinite where there was none.</summary>
    public double Interval { get; }

    /// <summary>Probability of a demand in a later row.</summary>
    public double Probability { get; }

    /// <summary>Point forecast of every later row.</summary>
    public double Rate { get; }

    /// <summary>Forecast of each row from the rows before it; NaN for the first, 0 until the first demand.</summary>
    public IReadOnlyList<double> Fitted { get; }

    public IReadOnlyList<double> Residuals { get; }

    /// <summary>Sizes of the demands seen.</summary>
    public IReadOnlyList<double> Demands { get; }

    /// <summary>Mean squared one-step error over the rows after the first demand.</summary>
    public double MeanSquare { get; }

    public int Observations { get; }

    /// <summary>Fits, or takes the parameters that are given.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Demands, oldest first, NaN = missing.</param>
    /// <param name="options">The model.</param>
    /// <exception cref="ForecastException">Nothing observed, a value that is negative or infinite.</exception>
    public static IntermittentFit Of(string series, ReadOnlySpan<double> values, IntermittentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(series, values);
        var alpha = options.Alpha ?? IntermittentOptions.DefaultSmoothing;
        var beta = options.Beta ?? alpha;
        if (options.Optimise) (alpha, beta) = IntermittentSearch.Least(options, values, alpha, beta);
        return new IntermittentFit(options.Variant, alpha, beta, values);
    }

    private static void Check(string series, ReadOnlySpan<double> values)
    {
        var observed = false;
        for (var t = 0; t < values.Length; t++)
        {
            if (double.IsNaN(values[t])) continue;
            if (double.IsInfinity(values[t]))
                throw new ForecastException("value-infinite", $"series '{series}' row {t}: infinite value; leave it empty if it is missing", "data", series, t);
            if (values[t] < 0)
                throw new ForecastException("value-negative", $"series '{series}' row {t}: {values[t]} is no demand; models of intermittent demand need values of 0 and above", "data", series, t);
            observed = true;
        }

        if (!observed)
            throw new ForecastException("series-empty", $"series '{series}' has no observation: all {values.Length} values are missing", "data", series);
    }
}
