using System.Collections.Concurrent;
using Forecast.Backtest.Tests.Wrappers;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Backtest.Tests.Degenerate;

/// <summary>Means of the next days, and the quantiles at 0.1 and 0.9 where the model has them.</summary>
internal sealed record DegenerateAnswer(double[] Mean, double[]? Low, double[]? High)
{
    public const int Horizon = 5;

    private static readonly ConcurrentDictionary<string, DegenerateAnswer> UsualAnswers = new(StringComparer.Ordinal);

    /// <summary>Of the series with which nothing is wrong.</summary>
    public static DegenerateAnswer Usual(string model) => UsualAnswers.GetOrAdd(model, m => Of(m, DegenerateSeries.Usual));

    /// <exception cref="Core.ForecastException">What the model refuses.</exception>
    public static DegenerateAnswer Of(string model, double[] values)
    {
        var view = WrapperData.Panel(("s", values)).AsOf(Instant.MaxValue);
        var forecast = WrapperData.Model(model).Fit(view, new ForecastTask(Horizon, [0.1, 0.9]), WrapperData.Context).Predict(KnownFuture.None, Horizon, seed: 7);
        if (forecast.Failures.TryGetValue("s", out var failure)) throw failure;
        var law = forecast["s"];
        return new DegenerateAnswer([.. Enumerable.Range(1, Horizon).Select(h => law.Mean(h))], Quantiles(law, 0.1), Quantiles(law, 0.9));
    }

    private static double[]? Quantiles(PredictiveDistribution law, double level)
    {
        var values = new double[Horizon];
        for (var h = 1; h <= Horizon; h++)
        {
            if (!law.TryQuantile(h, level, out values[h - 1])) return null;
        }

        return values;
    }
}
