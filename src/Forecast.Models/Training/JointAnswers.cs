using Forecast.Core;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Training;

/// <summary>What a pass for several fits gives, sorted back to each of them.</summary>
internal sealed class JointAnswers
{
    private readonly Dictionary<string, PredictiveDistribution>[] _distributions;
    private readonly Dictionary<string, ForecastException>[] _failures;

    public JointAnswers(int members)
    {
        _distributions = [.. Enumerable.Range(0, members).Select(_ => new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal))];
        _failures = [.. Enumerable.Range(0, members).Select(_ => new Dictionary<string, ForecastException>(StringComparer.Ordinal))];
    }

    /// <summary>In the order of the members.</summary>
    public IReadOnlyList<PanelPrediction> Predictions => [.. _distributions.Zip(_failures, (d, f) => new PanelPrediction(d, f))];

    public void Add(int member, string series, PredictiveDistribution distribution) => _distributions[member][series] = distribution;

    public void Fail(int member, string series, ForecastException failure) => _failures[member][series] = failure;
}
