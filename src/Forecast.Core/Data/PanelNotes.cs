using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Core.Data;

/// <summary>Notes about the steps that are to be forecast.</summary>
public static class PanelNotes
{
    /// <summary>The panel with words about the <paramref name="horizon"/> steps after each series' last row up to <paramref name="now"/>, known now.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="texts">What is known.</param>
    /// <param name="now">Where the forecast stands.</param>
    /// <param name="horizon">Steps that it is about.</param>
    public static Panel WithNotesAhead(this Panel panel, IReadOnlyCollection<string> texts, Instant now, int horizon)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count == 0 ? panel : new Panel([.. panel.Series.Select(s => Ahead(s, texts, now, horizon))]);
    }

    /// <summary>The panel with no note at all.</summary>
    public static Panel WithoutNotes(this Panel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        return panel.Series.All(s => s.Notes.Count == 0) ? panel : new Panel([.. panel.Series.Select(s => s.WithNotes([]))]);
    }

    /// <summary>Words about the time ahead must not be passed over in silence.</summary>
    /// <exception cref="ForecastException">There are notes about the time after the cutoff, and the model reads none.</exception>
    public static void RefuseUnreadNotes(this Panel panel, IForecaster forecaster, Instant cutoff)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(forecaster);
        if (!forecaster.ReadsNotes && panel.Series.Any(s => s.Notes.Any(n => n.To > cutoff)))
            throw new ForecastException("notes-unread", $"model '{forecaster.Name}' reads no words, so that a note cannot change its forecast; leave notes out, or take smetimes", "note");
    }

    private static TimeSeries Ahead(TimeSeries series, IReadOnlyCollection<string> texts, Instant now, int horizon)
    {
        var rows = series.RowsUntil(now);
        if (rows == 0) return series;
        var last = series.Times[rows - 1];
        var (from, to) = (series.Frequency.Add(last, 1, series.Calendar), series.Frequency.Add(last, horizon, series.Calendar));
        return series.WithNotes([.. series.Notes, .. texts.Select(t => new Note(last, from, to, t))]);
    }
}
