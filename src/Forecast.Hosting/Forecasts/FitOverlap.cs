using Forecast.Core.Data;

namespace Forecast.Hosting.Forecasts;

/// <summary>
/// Whether a fit on older rows may stand on newer ones. It may when the newer data go on from the fit's data: every row that both
/// have is the same, bit for bit, and no row of the fit lies behind the end of the newer data, since the fit would then know what
/// comes after.
/// </summary>
internal static class FitOverlap
{
    /// <summary>Rows that came after the fit, at most over the series; null when the fit does not suit.</summary>
    /// <param name="fit">Data of the fit.</param>
    /// <param name="now">Data of the request, with the same series.</param>
    public static int? NewRows(Panel fit, Panel now)
    {
        if (fit.Series.Count != now.Series.Count || fit.Frequency != now.Frequency) return null;
        var most = 0;
        for (var i = 0; i < fit.Series.Count; i++)
        {
            if (NewRows(fit.Series[i], now.Series[i]) is not { } rows) return null;
            most = Math.Max(most, rows);
        }

        return most;
    }

    private static int? NewRows(TimeSeries fit, TimeSeries now)
    {
        if (!string.Equals(fit.Id, now.Id, StringComparison.Ordinal) || fit.Calendar != now.Calendar || fit.Columns.Count != now.Columns.Count || now.Length == 0) return null;
        var skip = fit.Times.BinarySearch(now.Times[0]);
        if (skip < 0) return null;
        var common = fit.Length - skip;

        // A window that has moved on by more than half is no longer the data that the parameters were made for.
        if (common > now.Length || 2 * common < fit.Length) return null;
        if (!fit.Times[skip..].SequenceEqual(now.Times[..common])) return null;
        for (var c = 0; c < fit.Columns.Count; c++)
        {
            if (!Same(fit.Columns[c], now.Columns[c], skip, common)) return null;
        }

        return now.Length - common;
    }

    private static bool Same(Column fit, Column now, int skip, int common)
    {
        if (fit.Role != now.Role || !string.Equals(fit.Name, now.Name, StringComparison.Ordinal) || fit.HasOwnAvailability || now.HasOwnAvailability) return false;
        var single = fit.Role == ColumnRole.Static;
        var a = single ? fit.Values : fit.Values[skip..];
        var b = single ? now.Values : now.Values[..common];
        for (var t = 0; t < a.Length; t++)
        {
            if (!a[t].Equals(b[t])) return false;  // Equals, not ==: missing equals missing
        }

        return true;
    }
}
