using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Models.Intermittent;

/// <summary>Estimates of <see cref="IntermittentForecaster"/>.</summary>
/// <param name="Alpha">Smoothing of sizes.</param>
/// <param name="Beta">Smoothing of intervals or probability.</param>
/// <param name="MeanSquare">Mean squared one-step error.</param>
/// <param name="Observations">Rows of the training window that were observed.</param>
public sealed record IntermittentParameters(double Alpha, double Beta, double MeanSquare, int Observations);

/// <summary>
/// Croston's method and its relatives behind the seam of Core. Conditioning keeps the smoothing parameters; size, interval and the
/// sizes that futures are drawn from follow from the history that is given.
/// </summary>
public sealed class IntermittentForecaster : LocalForecaster<IntermittentParameters>
{
    private readonly IntermittentOptions _options;

    /// <exception cref="ForecastException">Options that cannot be used.</exception>
    public IntermittentForecaster(IntermittentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Name = _options.ToString();
    }

    public override string Name { get; }

    protected override IntermittentParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        var fit = IntermittentFit.Of(history.Id, history.Target, _options);
        return new IntermittentParameters(fit.Alpha, fit.Beta, fit.MeanSquare, fit.Observations);
    }

    protected override PredictiveDistribution PredictSeries(IntermittentParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var times = history.FutureTimes(horizon);
        var fit = Filter(parameters, history);
        var sizes = new double[fit.Demands.Count];
        var mean = fit.Demands.Count == 0 ? 0 : fit.Demands.Average();
        for (var i = 0; i < sizes.Length; i++) sizes[i] = fit.Demands[i] / mean * fit.Size;
        var law = new CompoundBernoulliMarginal(sizes, fit.Probability);
        var marginals = new IMarginal[horizon];
        Array.Fill(marginals, law);
        var ownSeed = Seeds.Derive(seed, "intermittent", history.Id);
        return new PredictiveDistribution(times, marginals, count => Draw(sizes, fit.Probability, count, horizon, ownSeed));
    }

    protected override FitSummary Summarize(IntermittentParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(history);
        var fit = Filter(parameters, history);
        var named = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["alpha"] = parameters.Alpha,
            ["beta"] = parameters.Beta,
            ["size"] = fit.Size,
            ["probability"] = fit.Probability,
        };
        if (double.IsFinite(fit.Interval)) named["interval"] = fit.Interval;
        return new FitSummary
        {
            Parameters = named,
            Criteria = new Dictionary<string, double>(StringComparer.Ordinal) { ["mse"] = parameters.MeanSquare },
            Paths = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["residuals"] = [.. fit.Residuals], ["fitted"] = [.. fit.Fitted] },
            Notes = [fit.Demands.Count == 0 ? "no demand was seen, so none is forecast" : $"{fit.Demands.Count} demands were seen"],
            Observations = parameters.Observations,
        };
    }

    private IntermittentFit Filter(IntermittentParameters parameters, SeriesView history) =>
        IntermittentFit.Of(history.Id, history.Target, _options with { Alpha = parameters.Alpha, Beta = parameters.Beta, Optimise = false });

    /// <summary>Independent steps: whether there is a demand, and which of the sizes.</summary>
    private static SamplePaths Draw(double[] sizes, double probability, int count, int horizon, ulong seed)
    {
        var random = new RandomSource(seed);
        var values = new double[count * horizon];
        for (var i = 0; i < values.Length; i++)
        {
            // Both draws always, so that the first paths of a larger count are those of a smaller one.
            var happens = random.NextDouble() < probability;
            var which = random.NextInt(Math.Max(1, sizes.Length));
            if (happens) values[i] = sizes[which];
        }

        return new SamplePaths(count, horizon, 1, values);
    }
}
