namespace Forecast.Backtest.Drift;

/// <summary>
/// One-sided cumulative sum of a model's errors in use against its errors in the back-test (Page, Biometrika 41, 1954):
/// <c>S_t = max(0, S_(t-1) + (e_t - m) / s - k)</c>, m and s the mean and standard deviation of the back-test's errors; the alarm is raised at
/// the first t with <c>S_t > h</c>. With k = 1/2 and h = 5 a rise of one standard deviation is found after about ten errors, and independent
/// normal errors give a false alarm about every nine hundred (Montgomery, Introduction to Statistical Quality Control, 2012, table 9.3).
/// </summary>
/// <param name="Mean">m.</param>
/// <param name="Deviation">s.</param>
/// <param name="RollingMean">Mean of the errors in use.</param>
/// <param name="Path">S_t for each of them.</param>
/// <param name="AlarmAt">Place of the first error at which the alarm is raised, from 0; null = none.</param>
public sealed record ErrorCusum(double Mean, double Deviation, double RollingMean, IReadOnlyList<double> Path, int? AlarmAt)
{
    public const double UsualSlack = 0.5;

    public const double UsualLimit = 5;

    /// <summary>Null when the back-test has fewer than two errors, or errors that do not vary, or nothing is in use.</summary>
    /// <param name="backtest">Errors of the back-test, at least 0.</param>
    /// <param name="rolling">Errors in use, in time.</param>
    /// <param name="slack">k.</param>
    /// <param name="limit">h.</param>
    public static ErrorCusum? Of(ReadOnlySpan<double> backtest, ReadOnlySpan<double> rolling, double slack = UsualSlack, double limit = UsualLimit)
    {
        if (backtest.Length < 2 || rolling.Length == 0) return null;
        var (mean, variance) = Moments.Of(backtest);
        if (!(variance > 0)) return null;
        var deviation = Math.Sqrt(variance);
        var path = new double[rolling.Length];
        int? alarm = null;
        for (var t = 0; t < rolling.Length; t++)
        {
            path[t] = Math.Max(0, (t == 0 ? 0 : path[t - 1]) + ((rolling[t] - mean) / deviation) - slack);
            if (path[t] > limit) alarm ??= t;
        }

        return new ErrorCusum(mean, deviation, Moments.Of(rolling).Mean, path, alarm);
    }
}
