using Forecast.Core;

namespace Forecast.Backtest.Risk;

/// <summary>
/// What a model said about the lower tail of a return, day by day, beside the return that came. VaR and ES are positive losses
/// in the unit of the return: a day is an exceedance when <c>return &lt; -VaR</c>.
/// </summary>
public sealed class RiskSeries
{
    /// <summary>Beyond these sizes no return lies, and products of them would leave double precision.</summary>
    private const double Greatest = 1e30;
    private const double Least = 1e-30;

    private RiskSeries(string model, int[] rows, double[] returns, double[] valueAtRisk, double[]? shortfall, double[]? sigma, double[]? pit, int leftOut)
    {
        Model = model;
        Rows = rows;
        Returns = returns;
        ValueAtRisk = valueAtRisk;
        Shortfall = shortfall;
        Sigma = sigma;
        Pit = pit;
        LeftOut = leftOut;
        Hits = new bool[returns.Length];
        for (var t = 0; t < Hits.Length; t++) Hits[t] = returns[t] < -valueAtRisk[t];
        Exceedances = Hits.Count(h => h);
    }

    /// <summary>Name of the model; may be empty when there is one only.</summary>
    public string Model { get; }

    /// <summary>Days that are tested.</summary>
    public int Length => Returns.Length;

    /// <summary>Rows of the input (from 0) that are tested.</summary>
    public int[] Rows { get; }

    public double[] Returns { get; }

    public double[] ValueAtRisk { get; }

    /// <summary>Expected shortfall, or null when the model gave none.</summary>
    public double[]? Shortfall { get; }

    /// <summary>Forecast standard deviations, or null.</summary>
    public double[]? Sigma { get; }

    /// <summary>Probability integral transforms F(return), or null.</summary>
    public double[]? Pit { get; }

    /// <summary>Days without a return or a VaR, which no test can use.</summary>
    public int LeftOut { get; }

    /// <summary>Whether the loss was beyond the VaR.</summary>
    public bool[] Hits { get; }

    public int Exceedances { get; }

    /// <param name="model">Name.</param>
    /// <param name="returns">Returns, NaN where missing.</param>
    /// <param name="valueAtRisk">VaR, NaN where missing.</param>
    /// <param name="shortfall">Expected shortfall; used only when every tested day has one.</param>
    /// <param name="sigma">Standard deviations; used only when every tested day has one.</param>
    /// <param name="pit">F(return) in [0, 1]; used only when every tested day has one.</param>
    /// <exception cref="ForecastException">
    /// Lengths that differ, infinite values or sizes above 1e30, an ES that is not above 0 or below its VaR, a standard deviation that is not above 0,
    /// a PIT outside [0, 1], or no day at all: names model, column and row.
    /// </exception>
    public static RiskSeries Of(string model, ReadOnlySpan<double> returns, ReadOnlySpan<double> valueAtRisk, ReadOnlySpan<double> shortfall = default, ReadOnlySpan<double> sigma = default, ReadOnlySpan<double> pit = default)
    {
        SameLength(model, "var", returns.Length, valueAtRisk.Length);
        foreach (var (name, length) in new[] { ("es", shortfall.Length), ("sigma", sigma.Length), ("pit", pit.Length) })
        {
            if (length > 0) SameLength(model, name, returns.Length, length);
        }

        var kept = new List<int>(returns.Length);
        for (var t = 0; t < returns.Length; t++)
        {
            Finite(model, "return", t, returns[t]);
            Finite(model, "var", t, valueAtRisk[t]);
            if (!double.IsNaN(returns[t] + valueAtRisk[t])) kept.Add(t);
        }

        if (kept.Count == 0) throw new ForecastException("risk-empty", $"{Named(model)}no row has both a return and a VaR", "var");
        var days = kept.ToArray();
        var es = Complete(shortfall, days);
        var sd = Complete(sigma, days);
        var u = Complete(pit, days);
        for (var i = 0; i < days.Length; i++)
        {
            var t = days[i];
            if (es is not null) Shortfalls(model, t, es[i], valueAtRisk[t]);
            if (sd is not null && !(sd[i] is >= Least and <= Greatest)) throw new ForecastException("sigma-invalid", $"{Named(model)}row {t + 1}: sigma is {sd[i]:R}; it must be above 0", "sigma", index: t);
            if (u is not null && !(u[i] is >= 0 and <= 1)) throw new ForecastException("pit-invalid", $"{Named(model)}row {t + 1}: pit is {u[i]:R}; it must lie in [0, 1]", "pit", index: t);
        }

        return new RiskSeries(model, days, Pick(returns, days), Pick(valueAtRisk, days), es, sd, u, returns.Length - days.Length);
    }

    /// <exception cref="ForecastException"><c>alpha-invalid</c>.</exception>
    public static double CheckTail(double alpha) => alpha is > 0 and <= 0.5
        ? alpha
        : throw new ForecastException("alpha-invalid", $"alpha is {alpha:R}; a tail lies above 0 and is at most 0.5, as 0.01 for a VaR of 99 %", "alpha");

    /// <summary>Whether a return or a VaR is of a size that tests can work with.</summary>
    internal static bool IsUsable(double value) => Math.Abs(value) <= Greatest;

    /// <summary>Whether an expected shortfall can be tested beside its VaR.</summary>
    internal static bool IsUsable(double shortfall, double valueAtRisk) => shortfall is >= Least and <= Greatest && shortfall >= valueAtRisk - (1e-9 * Math.Abs(valueAtRisk));

    private static void Shortfalls(string model, int row, double es, double var)
    {
        if (!(es is >= Least and <= Greatest))
            throw new ForecastException("es-invalid", $"{Named(model)}row {row + 1}: ES is {es:R}; it is a positive loss, above 0", "es", index: row);
        if (es < var - (1e-9 * Math.Abs(var)))
            throw new ForecastException("es-below-var", $"{Named(model)}row {row + 1}: ES {es:R} is below the VaR {var:R}; both are positive losses at the same tail", "es", index: row);
    }

    private static void SameLength(string model, string column, int rows, int length)
    {
        if (length != rows) throw new ForecastException("risk-lengths", $"{Named(model)}'{column}' has {length} values for {rows} returns", column);
    }

    private static void Finite(string model, string column, int row, double value)
    {
        if (double.IsInfinity(value)) throw new ForecastException("value-infinite", $"{Named(model)}row {row + 1}: '{column}' is infinite; leave it empty if it is missing", column, index: row);
        if (Math.Abs(value) > Greatest) throw new ForecastException("value-too-large", $"{Named(model)}row {row + 1}: '{column}' is {value:R}, which no return or loss is", column, index: row);
    }

    private static double[]? Complete(ReadOnlySpan<double> values, int[] days)
    {
        if (values.Length == 0) return null;
        var picked = Pick(values, days);
        return Array.Exists(picked, double.IsNaN) ? null : picked;
    }

    private static double[] Pick(ReadOnlySpan<double> values, int[] days)
    {
        var picked = new double[days.Length];
        for (var i = 0; i < days.Length; i++) picked[i] = values[days[i]];
        return picked;
    }

    private static string Named(string model) => model.Length == 0 ? "" : $"model '{model}', ";
}
