namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>
/// Adaptive conformal inference (Gibbs and Candes 2021) for one step ahead h: the level u_t at which the past errors are read moves with
/// what was covered, u_(t+1) = u_t + gamma (u - [error_t at most its bound at u_t]), so that over time a share u is covered even when the
/// errors change their law.
/// </summary>
/// <remarks>
/// Forecasts h steps ahead are told h rows later: at an origin only the errors of origins at least h rows before it count, both for
/// the level and for the ladder of the last <c>window</c> errors. A level pushed beyond the ladder has an infinite bound, which covers.
/// </remarks>
/// <param name="signed">Whether errors are signed.</param>
/// <param name="window">Errors that a bound is read from, at most.</param>
/// <param name="rate">gamma.</param>
internal sealed class AdaptiveLevels(bool signed, int window, double rate)
{
    private const int FewestErrors = 10;

    /// <summary>Levels after all the errors, one for each nominal level.</summary>
    /// <param name="errors">y - f by consecutive origins; NaN where missing.</param>
    /// <param name="h">Steps ahead, from 1.</param>
    /// <param name="nominal">Levels asked for.</param>
    public double[] Run(ReadOnlySpan<double> errors, int h, ReadOnlySpan<double> nominal)
    {
        var levels = nominal.ToArray();
        var bounds = new double[errors.Length][];

        // At origin t the error of origin t - h has just come true.
        for (var t = 0; t < errors.Length + h; t++)
        {
            if (t >= h && bounds[t - h] is { } stated && !double.IsNaN(errors[t - h])) Learn(levels, nominal, stated, signed ? errors[t - h] : Math.Abs(errors[t - h]));
            if (t >= errors.Length) continue;
            var told = Math.Max(0, t - h + 1);
            var ladder = ScoreLadder.Of(errors[Math.Max(0, told - window)..told], signed);
            if (ladder.Count >= FewestErrors) bounds[t] = Array.ConvertAll(levels, ladder.Bound);
        }

        return levels;
    }

    private void Learn(double[] levels, ReadOnlySpan<double> nominal, double[] stated, double error)
    {
        for (var i = 0; i < levels.Length; i++) levels[i] += rate * (nominal[i] - (error <= stated[i] ? 1 : 0));
    }
}
