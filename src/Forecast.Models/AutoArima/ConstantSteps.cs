using Forecast.Models.Arima;

namespace Forecast.Models.AutoArima;

/// <summary>
/// The law of a series that differencing leaves constant, (1 - B)^d (1 - B^m)^D y_t = c: it goes on for ever without error. No
/// likelihood exists for it.
/// </summary>
/// <param name="Differences">d.</param>
/// <param name="SeasonalDifferences">D.</param>
/// <param name="Period">m.</param>
/// <param name="Step">c.</param>
public sealed record ConstantSteps(int Differences, int SeasonalDifferences, int Period, double Step)
{
    /// <summary>The values after the last row; rows that are missing are filled by the same recursion.</summary>
    /// <returns>Null when the history has no d + D m observations in a row to start from.</returns>
    public double[]? Continue(ReadOnlySpan<double> history, int horizon)
    {
        var delta = LagPolynomial.Differencing(Differences, SeasonalDifferences, Period);
        var values = new double[history.Length + horizon];
        var run = 0;
        for (var t = 0; t < values.Length; t++)
        {
            var isObserved = t < history.Length && !double.IsNaN(history[t]);
            if (isObserved || run < delta.Length)
            {
                values[t] = isObserved ? history[t] : double.NaN;
                run = isObserved ? run + 1 : 0;
                continue;
            }

            values[t] = Step;
            for (var k = 0; k < delta.Length; k++)
                values[t] += delta[k] * values[t - k - 1];
            run++;
        }

        var ahead = values[history.Length..];
        return Array.Exists(ahead, double.IsNaN) ? null : ahead;
    }
}
