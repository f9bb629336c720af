using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Skill of each model over the baseline with its uncertainty, over all series and for each.</summary>
public sealed class SkillElement : IReportElement
{
    public string Id => "skill";

    public string Title => "Skill against the baseline";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var challengers = context.Models.Skip(1).ToArray();
        if (challengers.Length == 0) return ReportSection.Nothing("only one model was run, so there is nothing to compare it with");
        var ids = context.Result.Series.Select(s => s.Id).ToArray();
        var panels = new List<(string Name, Standing[] Standings)>();
        if (ids.Length > 1) panels.Add(($"All {ids.Length} series", [.. challengers.Select(m => Standing.Of(context, m, ids))]));
        panels.AddRange(context.Details.Select(s => (s.Id, challengers.Select(m => Standing.Of(context, m, [s.Id])).ToArray())));
        var ends = panels.SelectMany(p => p.Standings).SelectMany(s => new[] { s.Skill, s.Low, s.High }).Append(0).Where(double.IsFinite).ToArray();
        if (ends.Length == 1) return ReportSection.Nothing("no model shares a scored fold with the baseline");
        var scale = NiceAxis.Holding(ends, 5);
        var cards = panels.Select((p, i) => Card(context, i, p.Name, p.Standings, scale));
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">Skill is 1 − {context.Score.Name} / {context.Score.Name} of <b>{context.Baseline.Name}</b>: to the right of zero is better than the baseline. Bars are 95 % intervals of a block bootstrap over folds.</p>
            {ChartCard.Grid(cards, Math.Min(3, panels.Count))}
            {(context.DetailNote is { } note ? Markup.Of($"<p class=\"note\">{note}</p>") : Markup.Empty)}
            """));
    }

    private static ChartCard Card(ReportContext context, int index, string name, Standing[] standings, NiceAxis scale)
    {
        var known = standings.Where(s => double.IsFinite(s.Skill)).ToArray();
        var said = string.Join("; ", known.Select(s => $"{s.Model.Name} {Numbers.SignedPercent(s.Skill)}"));
        var layers = new List<ChartLayer> { new RuleLayer("x", 0) { Color = "ink" } };
        layers.AddRange(standings.Select((s, row) => (s, row)).Where(p => double.IsFinite(p.s.Skill))
            .Select(p => new WhiskersLayer(p.row, p.s.Skill, p.s.Low, p.s.High) { Label = "skill", Color = p.s.Model.Color }));
        var table = new Table($"Skill, {name}").Text("Model").Number("Skill", "higher is better").Number("95 % from").Number("to").Number("Folds");
        foreach (var s in standings)
        {
            table.Row(Markup.Text(s.Model.Name),
                Value(table, s.Skill, "no common fold"), Value(table, s.Low, "too few folds"), Value(table, s.High, "too few folds"), Table.Count(s.Folds));
        }

        return new ChartCard($"skill-{index}", name, $"Skill by {context.Score.Name}; n = {Numbers.Count(standings.Max(s => s.Folds))} folds", new ChartSpec
        {
            Description = $"Skill against {context.Baseline.Name}, {name}: {said}.",
            X = scale.As("number", $"Skill by {context.Score.Name}", "percent"),
            Y = new ChartAxis { Kind = "category", Labels = [.. standings.Select(s => s.Model.Name)] },
            Layers = layers,
        }, 60 + (34 * standings.Length))
        { Table = table.Render() };
    }

    private static Markup Value(Table table, double v, string reason) => double.IsNaN(v) ? table.Missing(reason) : Table.Number(v, Numbers.SignedPercent(v));
}
