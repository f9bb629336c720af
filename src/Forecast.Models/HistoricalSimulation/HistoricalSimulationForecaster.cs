using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Numerics;

namespace Forecast.Models.HistoricalSimulation;

/// <summary>Nothing is estimated.</summary>
/// <param name="Observations">n, the window.</param>
public sealed record HistoricalSimulationParameters(int Observations);

/// <summary>The last n returns as the law of the next ones: plain, age-weighted or scaled by volatility. See the folder's README.</summary>
/// <example><c>historical-simulation(251)</c>, <c>historical-simulation(500){weights: age}</c>, <c>historical-simulation(500){filter: volatility}</c>.</example>
public sealed class HistoricalSimulationForecaster(HistoricalSimulationOptions options) : LocalForecaster<HistoricalSimulationParameters>
{
    private readonly HistoricalSimulationOptions _options = (options ?? throw new ArgumentNullException(nameof(options))).Validated();

    public override string Name => _options.ModelString;

    protected override HistoricalSimulationParameters FitSeries(SeriesView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ReturnWindow.Last(history, _options.Window, Name);
        return new HistoricalSimulationParameters(_options.Window);
    }

    protected override PredictiveDistribution PredictSeries(HistoricalSimulationParameters parameters, SeriesView history, SeriesFuture future, int horizon, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(history);
        var window = ReturnWindow.Last(history, _options.Window, Name);
        var own = Seeds.Derive(seed, "historical-simulation", history.Id);
        var weights = Weights();
        var scaled = _options.Filtered ? new ScaledReturns(window, _options.Decay) : null;
        var first = Law(scaled?.Next() ?? window, weights);
        var marginals = new IMarginal[horizon];
        marginals[0] = first;
        SamplePaths Simulate(int count) => Draw(count, horizon, window, scaled, weights, own);
        if (scaled is null)
        {
            Array.Fill(marginals, first);  // days are drawn one by one from the same law
        }
        else
        {
            var shared = new Lazy<SamplePaths>(() => Simulate(_options.Paths));
            for (var k = 1; k < horizon; k++)
            {
                var step = k + 1;
                marginals[k] = new DrawnMarginal(() => shared.Value.Step(step));
            }
        }

        return new PredictiveDistribution(history.FutureTimes(horizon), marginals, Simulate);
    }

    protected override FitSummary Summarize(HistoricalSimulationParameters parameters, SeriesView history)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new FitSummary { Notes = ["nothing is estimated: the law is that of the latest returns"], Observations = parameters.Observations };
    }

    private double[]? Weights()
    {
        if (_options.Weights == ReturnWeights.Plain) return null;
        var weights = new double[_options.Window];
        for (var i = 0; i < weights.Length; i++) weights[i] = Math.Pow(_options.Lambda, weights.Length - 1 - i);
        return weights;
    }

    private static IMarginal Law(double[] draws, double[]? weights) => weights is null ? new EmpiricalMarginal(draws) : new WeightedMarginal(draws, weights);

    /// <summary>Days drawn with replacement; in the filtered form each at the volatility that the path has reached.</summary>
    private static SamplePaths Draw(int count, int horizon, double[] window, ScaledReturns? scaled, double[]? weights, ulong seed)
    {
        var random = new RandomSource(seed);
        var pick = weights is null ? null : Cumulated(weights);
        var values = new double[checked(count * horizon)];
        for (var path = 0; path < count; path++)
        {
            var variance = scaled?.NextVariance ?? 0;
            for (var h = 0; h < horizon; h++)
            {
                var day = pick is null ? random.NextInt(window.Length) : Find(pick, random.NextDouble());
                var value = scaled is null ? window[day] : scaled.Standard(day) * Math.Sqrt(variance);
                if (scaled is not null) variance = scaled.Update(variance, value);
                values[(path * horizon) + h] = value;
            }
        }

        return new SamplePaths(count, horizon, 1, values);
    }

    private static double[] Cumulated(double[] weights)
    {
        var sums = new double[weights.Length];
        var total = weights.Sum();
        for (var i = 0; i < sums.Length; i++) sums[i] = (i == 0 ? 0 : sums[i - 1]) + (weights[i] / total);
        return sums;
    }

    private static int Find(double[] sums, double u)
    {
        var found = Array.BinarySearch(sums, u);
        return Math.Min(found >= 0 ? found : ~found, sums.Length - 1);
    }
}
