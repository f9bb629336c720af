using Forecast.Core;
using Forecast.Core.Data;

namespace Forecast.Models.Stl;

/// <summary>How a history is split: periods and windows, and whether outliers are weighted down.</summary>
/// <param name="Periods">Observations a season, ascending; empty = the usual season of the series' frequency.</param>
/// <param name="SeasonalWindow">Window across seasons of every period; null = 11, 15, .. by period.</param>
/// <param name="IsPeriodic">Whether the seasonal figure is the same in all seasons.</param>
/// <param name="Robust">Whether outliers are weighted down.</param>
public sealed record Decomposer(IReadOnlyList<int> Periods, int? SeasonalWindow, bool IsPeriodic, bool Robust)
{
    /// <summary>Splits the seasons off. Rows that are missing stay missing; before the first and after the last observation nothing is known but the season.</summary>
    /// <exception cref="ForecastException">No usual season, or not more than two seasons observed.</exception>
    internal SeasonalSplit Split(SeriesView history)
    {
        var values = history.Target;
        int[] periods = Periods.Count > 0 ? [.. Periods] : [UsualPeriod(history)];
        var first = values.IndexOfAnyExcept(double.NaN);
        if (first < 0)
            throw new ForecastException("series-empty", $"series '{history.Id}' has no observation: all {values.Length} values are missing", "data", history.Id);
        var filled = SeasonalBridge.Fill(values, periods[^1]);
        var seasonals = periods.Length == 1
            ? [StlDecomposition.Of(filled, Settings(periods[0], 0), history.Id).Seasonal]
            : Several(filled, periods, history.Id);
        var adjusted = values.ToArray();
        foreach (var seasonal in seasonals)
        {
            for (var t = 0; t < seasonal.Length; t++)
                adjusted[first + t] -= seasonal[t];
        }

        return new SeasonalSplit(adjusted, periods, seasonals, first, values.Length - first);
    }

    private double[][] Several(double[] filled, int[] periods, string series)
    {
        if (2 * periods[^1] >= filled.Length)
            throw new ForecastException("series-too-short", $"series '{series}' has {filled.Length} observations; a decomposition with period {periods[^1]} needs more than {2 * periods[^1]}", "data", series);
        return [.. MstlDecomposition.Of(filled, periods.Length, i => Settings(periods[i], i), series: series).Seasonals];
    }

    private StlSettings Settings(int period, int index) => new()
    {
        Period = period,
        SeasonalWindow = IsPeriodic ? null : SeasonalWindow ?? MstlDecomposition.SeasonalWindow(index),
        Robust = Robust,
    };

    private static int UsualPeriod(SeriesView history) => history.Frequency.SeasonalPeriod is >= 2 and var period
        ? period
        : throw new ForecastException("stl-option-invalid", $"series '{history.Id}': frequency {history.Frequency} has no usual season; write the period, as in stl(drift)[12]", "period", history.Id);
}

/// <summary>A history less its seasons.</summary>
/// <param name="Adjusted">Values less all seasonal components; NaN where missing.</param>
/// <param name="Periods">Observations a season.</param>
/// <param name="Seasonals">One component a period, from the first to the last observation.</param>
/// <param name="First">Row of the first observation.</param>
/// <param name="Rows">Rows from the first observation to the end of the history.</param>
internal sealed record SeasonalSplit(double[] Adjusted, int[] Periods, double[][] Seasonals, int First, int Rows)
{
    /// <summary>The sum of the seasons in row <paramref name="row"/> of the history or, continuing each last figure, after it.</summary>
    public double Season(int row)
    {
        var t = row - First;
        if (t < 0)
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < Periods.Length; i++)
        {
            var n = Seasonals[i].Length;
            sum += Seasonals[i][t < n ? t : n - Periods[i] + ((t - n) % Periods[i])];
        }

        return sum;
    }
}
