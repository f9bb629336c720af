namespace Forecast.Models.Ets;

/// <summary>
/// Two things that a form may say at its optimum and the data deny, whatever its likelihood. Both concern forecasts many steps ahead, which a
/// likelihood of one-step errors does not see. docs/decisions/0004 tells what they change.
/// </summary>
internal static class EtsContradiction
{
    /// <summary>Two-sided 5 % point of the normal law.</summary>
    private const double Rejection = 1.959964;

    /// <summary>What speaks against a fit; null when nothing does.</summary>
    /// <param name="fit">The optimum of a form.</param>
    /// <param name="isPositive">Whether every observation is above zero.</param>
    /// <param name="horizon">Steps that will be forecast.</param>
    public static string? Of(EtsFit fit, bool isPositive, int horizon)
    {
        if (UndoesItsTrend(fit)) return "its errors undo its trend";
        return isPositive && !StaysAboveZero(fit, horizon) ? "its forecast of a positive series falls to zero" : null;
    }

    /// <summary>
    /// Whether an undamped trend is taken back by the innovations: with z = sum r / sqrt(sum r^2), standard normal for a model that holds,
    /// |z| above 1.96 with the sign against the trend's. Such a slope is no trend but a correction of every next step, and would
    /// run away over many.
    /// </summary>
    private static bool UndoesItsTrend(EtsFit fit)
    {
        if (!fit.Form.HasTrend || fit.Form.Damped) return false;
        double sum = 0, squares = 0;
        foreach (var r in fit.Residuals)
        {
            if (double.IsNaN(r)) continue;
            sum += r;
            squares += r * r;
        }

        var slope = fit.Form.Trend == EtsPart.Multiplicative ? Math.Log(fit.FinalStates[1]) : fit.FinalStates[1];
        return sum * slope < 0 && Math.Abs(sum) > Rejection * Math.Sqrt(squares);
    }

    private static bool StaysAboveZero(EtsFit fit, int horizon)
    {
        var filter = new EtsFilter(fit.Form, fit.Origin.Point, (double[])fit.Origin.Season.Clone());
        for (var h = 0; h < horizon; h++)
        {
            if (!(filter.Mean() > 0)) return false;
            filter.Skip();
        }

        return true;
    }
}
