using Forecast.Core.Distributions;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>The forecasts of several members as one: marginals by <see cref="CombinedMarginal"/>, joint futures by <see cref="CombinedPaths"/>.</summary>
internal static class CombinedLaw
{
    /// <param name="members">Forecasts of the members, over the same steps.</param>
    /// <param name="shares">Their weights, above 0 and of sum 1; for a median how often each lends its paths.</param>
    /// <param name="isMedian">Whether quantiles are the median of the members' and not their weighted mean.</param>
    /// <param name="seed">Seed of the paths.</param>
    public static PredictiveDistribution Of(PredictiveDistribution[] members, double[] shares, bool isMedian, ulong seed)
    {
        if (members.Length == 1) return members[0];
        var marginals = new IMarginal[members[0].Horizon];
        for (var h = 1; h <= marginals.Length; h++) marginals[h - 1] = CombinedMarginal.Of([.. members.Select(m => m.Marginal(h))], isMedian ? null : shares);
        return new PredictiveDistribution(members[0].Timestamps, marginals, CombinedPaths.Simulator(members, shares, marginals, seed), members.Sum(m => m.Repairs));
    }
}
