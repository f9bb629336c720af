using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report.Charts;

/// <summary>A chart on the page: title, what is measured, picture, its data, and where it is small a table that says the same.</summary>
/// <param name="Id">Unique in the report; letters, digits and dashes.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Subtitle">Measure, unit, count, window.</param>
/// <param name="Spec">The chart.</param>
/// <param name="Height">Pixels.</param>
public sealed record ChartCard(string Id, string Title, string Subtitle, ChartSpec Spec, int Height)
{
    public IReadOnlyList<KeyEntry> Key { get; init; } = [];

    /// <summary>The same numbers as a table.</summary>
    public Markup Table { get; init; }

    /// <summary>A finding or a caution, under the chart.</summary>
    public Markup Note { get; init; }

    /// <summary>True when the card takes a whole row of its grid.</summary>
    public bool Wide { get; init; }

    /// <summary>Chip that carries the model's colour beside the title.</summary>
    public string? Chip { get; init; }

    public Markup Render()
    {
        var chip = Chip is null ? Markup.Empty : Markup.Of($"<i class=\"chip\" style=\"background:var(--{Chip})\"></i>");
        var key = Key.Count == 0 ? Markup.Empty : KeyEntry.List(Key);
        var note = Note.IsEmpty ? Markup.Empty : Markup.Of($"<p class=\"note\">{Note}</p>");
        var table = Table.IsEmpty ? Markup.Empty : Markup.Of($"<details class=\"data\"><summary>Data table</summary>{Table}</details>");
        return Markup.Of($"""
            <figure class="{(Wide ? "chart whole" : "chart")}" id="chart-{Id}">
            <figcaption><h4>{chip}{Title}</h4><p>{Subtitle}</p></figcaption>{key}
            <div class="plot" id="plot-{Id}" role="img" aria-label="{Spec.Description}" style="height:{Height}px"></div>
            <script type="application/json" data-chart="{Id}">{Markup.Trusted(ChartJson.Write(Spec))}</script>{note}{table}
            </figure>
            """);
    }

    /// <summary>Charts side by side under one key, which works on all of them.</summary>
    public static Markup Grid(IEnumerable<ChartCard> cards, int columns, IReadOnlyList<KeyEntry>? key = null)
    {
        var shared = key is null || key.Count == 0 ? Markup.Empty : KeyEntry.List(key);
        return Markup.Of($"<div class=\"charts\" data-key-scope>{shared}<div class=\"cols-{columns}\">{Markup.Join(cards.Select(c => c.Render()))}</div></div>");
    }
}
