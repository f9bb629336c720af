using Forecast.Core.Distributions;

namespace Forecast.Backtest.Wrappers;

/// <summary>What a model said about one series at one inner cutoff, and what came true.</summary>
/// <param name="Rows">Rows of the series that were visible.</param>
/// <param name="Law">The law of the steps after them.</param>
/// <param name="Actual">Values of these steps; NaN where missing, or beyond the end of the history.</param>
internal sealed record InnerFold(int Rows, PredictiveDistribution Law, double[] Actual);
