using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report.Charts;

/// <summary>An entry of a chart's key: a swatch drawn as the mark is drawn, and what it means.</summary>
/// <param name="Text">Meaning.</param>
/// <param name="Swatch">The mark.</param>
/// <param name="Key">Layers that the entry shows and hides, if it can.</param>
public sealed record KeyEntry(string Text, Markup Swatch, string? Key = null)
{
    public static Markup Line(string color, string? dash = null, double width = 2)
    {
        var pattern = dash switch { "dashed" => "6 4", "dotted" => "2 3", _ => "none" };
        return Markup.Of($"<svg width=\"26\" height=\"12\" aria-hidden=\"true\"><line x1=\"1\" y1=\"6\" x2=\"25\" y2=\"6\" stroke=\"var(--{color})\" stroke-width=\"{Numbers.Full(width)}\" stroke-dasharray=\"{pattern}\"/></svg>");
    }

    public static Markup Fill(string color, double opacity, bool edged = false)
    {
        var stroke = edged ? Markup.Of($" stroke=\"var(--{color})\"") : Markup.Empty;
        return Markup.Of($"<svg width=\"20\" height=\"12\" aria-hidden=\"true\"><rect x=\"1\" y=\"1\" width=\"18\" height=\"10\" fill=\"var(--{color})\" fill-opacity=\"{Numbers.Full(opacity)}\"{stroke}/></svg>");
    }

    public static Markup Mark(string color, string symbol)
    {
        var shape = symbol switch
        {
            "diamond" => Markup.Of($"<path d=\"M7 1L13 6L7 11L1 6Z\" fill=\"none\" stroke=\"var(--{color})\" stroke-width=\"1.5\"/>"),
            "ring" => Markup.Of($"<circle cx=\"7\" cy=\"6\" r=\"3.5\" fill=\"none\" stroke=\"var(--{color})\" stroke-width=\"1.5\"/>"),
            "down" => Markup.Of($"<path d=\"M2 2L12 2L7 11Z\" fill=\"var(--{color})\"/>"),
            "tick" => Markup.Of($"<path d=\"M7 2L7 12\" stroke=\"var(--{color})\" stroke-width=\"2\"/>"),
            _ => Markup.Of($"<circle cx=\"7\" cy=\"6\" r=\"3\" fill=\"var(--{color})\"/>"),
        };
        return Markup.Of($"<svg width=\"14\" height=\"12\" aria-hidden=\"true\">{shape}</svg>");
    }

    public static KeyEntry For(ModelStyle model) => new(
        model.IsBaseline ? $"{model.Name} (baseline)" : model.Name, Line(model.Color, model.Dash), $"model-{model.Position}");

    public Markup Render() => Key is null
        ? Markup.Of($"<li>{Swatch}{Text}</li>")
        : Markup.Of($"<li data-key=\"{Key}\">{Swatch}{Text}</li>");

    public static Markup List(IEnumerable<KeyEntry> entries) => Markup.Of($"<ul class=\"key\">{Markup.Join(entries.Select(e => e.Render()), "")}</ul>");
}
