using NodaTime;

namespace Forecast.Core.Data;

/// <summary>A panel as it stood at a cutoff. Made by <see cref="Panel.AsOf"/>; nothing in it leads past the cutoff.</summary>
public sealed class PanelView
{
    internal PanelView(Instant cutoff, IReadOnlyList<SeriesView> series)
    {
        Cutoff = cutoff;
        Series = series;
    }

    public Instant Cutoff { get; }

    public IReadOnlyList<SeriesView> Series { get; }

    /// <summary>The latest publication that any visible value has: what the leakage certificate states for a fold.</summary>
    public Instant LatestAvailableAt => Series.Max(s => s.LatestAvailableAt);

    /// <exception cref="ForecastException">No such series in the view.</exception>
    public SeriesView this[string id] => Series.FirstOrDefault(s => string.Equals(s.Id, id, StringComparison.Ordinal))
        ?? throw new ForecastException("series-unknown", $"there is no series '{id}' in the history", "series", id);

    /// <summary>The view of some of these series.</summary>
    public PanelView Only(IReadOnlyCollection<string> ids) => new(Cutoff, [.. Series.Where(s => ids.Contains(s.Id))]);

    /// <summary>
    /// The rows up to an earlier instant, as <see cref="SeriesView.Head"/> shows them; series without any are left out. This is how a model
    /// that wraps models walks forward inside its own history.
    /// </summary>
    /// <param name="instant">Inclusive; not after the cutoff.</param>
    public PanelView Until(Instant instant)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instant, Cutoff);
        return new PanelView(instant, [.. Series.Select(s => (Series: s, Rows: s.RowsUntil(instant))).Where(s => s.Rows > 0).Select(s => s.Series.Head(s.Rows))]);
    }

    /// <summary>The same view with each series replaced, as transforms need it.</summary>
    public PanelView Select(Func<SeriesView, SeriesView> map) => new(Cutoff, [.. Series.Select(map)]);
}
