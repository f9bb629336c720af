using Forecast.Models.Arima;

namespace Forecast.Models.AutoArima;

/// <summary>A point of the search: orders and whether there is a constant (mean or drift); d and D are fixed by then.</summary>
internal readonly record struct ArimaCandidate(int P, int Q, int SeasonalP, int SeasonalQ, bool Constant)
{
    /// <summary>p + q + P + Q.</summary>
    public int Total => P + Q + SeasonalP + SeasonalQ;

    /// <summary>
    /// The neighbours in the order in which Hyndman and Khandakar (2008, section 3.2) try them: seasonal orders first, one at a time,
    /// both down, crosswise, both up, and last the other choice of the constant.
    /// </summary>
    public IEnumerable<ArimaCandidate> Neighbours()
    {
        foreach (var (p, q) in Steps)
            yield return this with { SeasonalP = SeasonalP + p, SeasonalQ = SeasonalQ + q };
        foreach (var (p, q) in Steps)
            yield return this with { P = P + p, Q = Q + q };
        yield return this with { Constant = !Constant };
    }

    /// <summary>The model as the fit takes it.</summary>
    public ArimaOptions Options(AutoArimaOptions options, int d, int seasonalD, int period) => new()
    {
        Order = new ArimaOrder(P, d, Q),
        Seasonal = new ArimaOrder(SeasonalP, seasonalD, SeasonalQ),
        Period = period,
        IncludeMean = Constant && d + seasonalD == 0,
        IncludeDrift = Constant && d + seasonalD == 1,
        Regressors = options.Regressors,
        Variance = options.Variance,
    };

    private static readonly (int P, int Q)[] Steps = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];
}
