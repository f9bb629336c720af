using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Baselines;

namespace Forecast.Models.Caviar;

/// <summary>One equation.</summary>
/// <param name="Step">Steps ahead.</param>
/// <param name="Level">Level of the quantile.</param>
/// <param name="Beta">Its numbers, for returns divided by their deviation.</param>
/// <param name="Start">First quantile, in the same unit.</param>
/// <param name="Shortfall">Mean of r / q over the rows fitted on whose return was below the quantile: ES = -q times this.</param>
/// <param name="Loss">Mean quantile loss, in the same unit.</param>
public sealed record CaviarQuantile(int Step, double Level, double[] Beta, double Start, double Shortfall, double Loss);

/// <summary>Estimates of one series.</summary>
/// <param name="Scale">Deviation that returns are divided by.</param>
/// <param name="Mean">Mean return.</param>
/// <param name="Quantiles">An equation a step and level.</param>
/// <param name="Observations">Returns fitted on.</param>
public sealed record CaviarParameters(double Scale, double Mean, IReadOnlyList<CaviarQuantile> Quantiles, int Observations);

/// <summary>Conditional autoregressive Value-at-Risk (Engle and Manganelli 2004) for each level of the task. See the folder's README.</summary>
/// <example><c>caviar</c>, <c>caviar{form: sav}</c>.</example>
public sealed class CaviarForecaster(CaviarOptions options, string name) : LocalForecaster<CaviarParameters>
{
    /// <summary>Returns whose quantile starts the recursion, as Engle and Manganelli take 300.</summary>
    private const int First = 300;
    private const int Fewest = 50;

    /// <summary>Of scaled returns: the unit of a series, which moves their last bits, then moves no step of the search.</summary>
    private const int Digits = 10;

    private readonly CaviarOptions _options = (options ?? throw new ArgumentNullException(nameof(options))).Validated();

    public override string Name => name;

    protected override CaviarParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        var r = Observed(history);
        if (r.Length < Fewest + task.Horizon)
            throw new ForecastException("series-too-short", $"series '{history.Id}' has {r.Length} observed values; '{name}' needs {Fewest + task.Horizon}", "data", history.Id);
        var mean = r.Average();
        var scale = Math.Sqrt(r.Sum(v => (v - mean) * (v - mean)) / r.Length);
        if (!(scale > 1e-13 * Math.Abs(mean))) throw new ForecastException("series-constant", $"series '{history.Id}': all observations are equal", "data", history.Id);
        var unit = Array.ConvertAll(r, v => Math.Round(v / scale, Digits));
        var early = new EmpiricalMarginal(unit.AsSpan(0, Math.Min(First, unit.Length)));
        List<CaviarQuantile> quantiles = [];
        for (var step = 1; step <= task.Horizon; step++)
        {
            foreach (var level in task.Levels) quantiles.Add(Fit(unit, early, step, level, context));
            context.Progress?.Report((double)step / task.Horizon);
        }

        return new CaviarParameters(scale, mean, quantiles, r.Length);
    }

    protected override PredictiveDistribution PredictSeries(CaviarParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var steps = parameters.Quantiles.Max(q => q.Step);
        if (horizon > steps) throw new ForecastException("horizon-too-long", $"model '{name}' was fitted for {steps} steps and cannot give {horizon}; fit it again", "horizon");
        var unit = Array.ConvertAll(Observed(history), v => v / parameters.Scale);
        var marginals = new IMarginal[horizon];
        var repairs = 0;
        for (var h = 1; h <= horizon; h++)
        {
            CaviarQuantile[] own = [.. parameters.Quantiles.Where(q => q.Step == h)];
            double[] levels = [.. own.Select(q => q.Level)], values = [.. own.Select(q => parameters.Scale * Last(q, unit))];
            double[] shortfalls = [.. own.Select((q, i) => q.Level < 0.5 && values[i] < 0 ? -values[i] * q.Shortfall : double.NaN)];

            // Each level has an equation of its own, so they may cross; sorting is the rearrangement of Chernozhukov, Fernandez-Val and Galichon (2010).
            double[] sorted = [.. values.Order()];
            if (!values.AsSpan().SequenceEqual(sorted)) repairs++;
            marginals[h - 1] = new CaviarMarginal(parameters.Mean, new QuantileMarginal(levels, sorted), levels, shortfalls);
        }

        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, repairs: repairs);
    }

    protected override FitSummary Summarize(CaviarParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Dictionary<string, double> estimates = new(StringComparer.Ordinal) { ["scale"] = parameters.Scale }, losses = new(StringComparer.Ordinal);
        foreach (var q in parameters.Quantiles)
        {
            var where = $"{q.Level.ToString(CultureInfo.InvariantCulture)}{(q.Step == 1 ? "" : $",{q.Step.ToString(CultureInfo.InvariantCulture)}")}";
            for (var i = 0; i < q.Beta.Length; i++) estimates[$"beta{(i + 1).ToString(CultureInfo.InvariantCulture)}@{where}"] = q.Beta[i];
            losses[$"loss@{where}"] = q.Loss * parameters.Scale;
        }

        return new FitSummary { Parameters = estimates, Criteria = losses, Notes = ["coefficients are those of returns divided by scale"], Observations = parameters.Observations };
    }

    private CaviarQuantile Fit(double[] unit, EmpiricalMarginal early, int step, double level, FitContext context)
    {
        var equation = new CaviarEquation(_options.Form, level, step);
        early.TryQuantile(level, out var start);
        var seed = Seeds.Derive(context.Seed, "caviar", level.ToString("R", CultureInfo.InvariantCulture), step.ToString(CultureInfo.InvariantCulture));
        var beta = CaviarSearch.Fit(equation, unit, start, _options.Starts, seed, context.Cancellation);
        var q = new double[unit.Length];
        equation.Run(unit, beta, start, q);
        double sum = 0;
        var count = 0;
        for (var t = step; t < q.Length; t++)
        {
            if (!(unit[t] < q[t]) || !(q[t] < 0)) continue;
            sum += unit[t] / q[t];
            count++;
        }

        return new CaviarQuantile(step, level, beta, start, count == 0 ? double.NaN : sum / count, equation.Loss(unit, beta, start));
    }

    private double Last(CaviarQuantile quantile, double[] unit)
    {
        var path = new double[unit.Length + quantile.Step];
        return new CaviarEquation(_options.Form, quantile.Level, quantile.Step).Run(unit, quantile.Beta, quantile.Start, path)
            ? path[^1]
            : throw new ForecastException("forecast-not-finite", $"'{name}': the quantile at level {quantile.Level} runs away on this history; fit it again", "levels");
    }

    /// <summary>Missing values are stepped over: the equation goes from one observation to the next.</summary>
    private static double[] Observed(SeriesView history) => [.. BaselineSeries.Checked(history).ToArray().Where(v => !double.IsNaN(v))];
}
