namespace Forecast.Core.Forecasting;

/// <summary>
/// A fitted network that can predict for several fits at once: those with the same <see cref="Weights"/> go through it in one pass, which
/// costs little more than a pass of one. What each gets is what it gets alone, up to the rounding of float32 matrix products, whose order
/// of summation depends on the size of the pass: 1e-5 of the series' largest deviation from its mean. Known futures and seeds play no part.
/// </summary>
public interface IJointPredictor : IFittedForecaster
{
    /// <summary>Two whose weights are the same object may go together.</summary>
    object Weights { get; }

    /// <summary>The predictions of each, in order; a series that fails has its error in its member's prediction.</summary>
    /// <param name="members">Fits with these weights, each conditioned on a history; this one is not among them unless named.</param>
    /// <param name="horizon">Steps.</param>
    /// <exception cref="ForecastException">The horizon is at fault, or a member has no history.</exception>
    IReadOnlyList<PanelPrediction> PredictTogether(IReadOnlyList<IJointPredictor> members, int horizon);
}
