using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>How the error grows with the step ahead.</summary>
public sealed class HorizonErrorElement : IReportElement
{
    public string Id => "horizon-errors";

    public string Title => "Error by horizon";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.IsMultiStep) return ReportSection.Nothing("the run forecasts one step ahead only");
        var cards = context.Details.Select((s, i) => Card(context, s, i)).OfType<ChartCard>().ToArray();
        return cards.Length == 0
            ? ReportSection.Nothing("no step has a score")
            : ReportSection.Of(Markup.Of($"""
                <p class="lead">Mean {context.Score.FullName} of the forecasts of each step, over the folds that every model has.</p>
                {ChartCard.Grid(cards, cards.Length == 1 ? 1 : 2, [.. context.Models.Select(KeyEntry.For)])}
                """));
    }

    private static ChartCard? Card(ReportContext context, SeriesInfo series, int index)
    {
        var common = context.Models.Select(m => context.Group(m.Name, series.Id).Rows.Where(r => double.IsFinite(context.Score.Of(r))).Select(r => (r.Fold, r.H)).ToHashSet())
            .Where(s => s.Count > 0).Aggregate((HashSet<(int, int)>?)null, (all, own) => { if (all is null) return own; all.IntersectWith(own); return all; });
        if (common is null || common.Count == 0) return null;
        double[] steps = [.. context.Steps.Where(h => common.Any(c => c.Item2 == h)).Select(h => (double)h)];
        var lines = context.Models.Select(m => (Model: m, Means: Means(context, context.Group(m.Name, series.Id), common, steps))).Where(l => l.Means.Any(double.IsFinite)).ToArray();
        var scale = NiceAxis.Holding(lines.SelectMany(l => l.Means).Append(0));
        return new ChartCard($"horizon-{index}", series.Id, $"Mean {context.Score.Name}, {ReportContext.UnitOf(series)}; n = {Numbers.Count(common.Select(c => c.Item1).Distinct().Count())} folds; lower is better", new ChartSpec
        {
            Description = $"{series.Id}: mean {context.Score.Name} by step ahead. " + string.Join("; ", lines.Select(l => $"{l.Model.Name} {Numbers.Significant(l.Means[0])} at step {steps[0]:0}, {Numbers.Significant(l.Means[^1])} at step {steps[^1]:0}")) + ".",
            X = new ChartAxis { Kind = "number", Name = "step ahead", Format = "integer", Min = Math.Max(0, steps[0] - 1), Max = steps[^1] },
            Y = scale.As("number", $"{context.Score.Name}, {ReportContext.UnitOf(series)}"),
            Xs = [steps],
            Layers = [.. lines.Select(l => new LineLayer(0, l.Means) { Label = l.Model.Name, Key = $"model-{l.Model.Position}", Color = l.Model.Color, Dash = l.Model.Dash, Width = 2, Symbol = steps.Length <= 48 ? l.Model.Symbol : null })],
        }, 260)
        { Table = DataTable(context, steps, lines) };
    }

    private static Markup DataTable(ReportContext context, double[] steps, (ModelStyle Model, double[] Means)[] lines)
    {
        if (steps.Length > 60) return Markup.Empty;
        var table = new Table($"Mean {context.Score.Name} by step").Text("Step");
        foreach (var l in lines) table.Number(l.Model.Name);
        var decimals = Numbers.DecimalsFor(lines.SelectMany(l => l.Means));
        for (var k = 0; k < steps.Length; k++)
        {
            var row = k;
            table.Row(Markup.Text(Numbers.Count((long)steps[k])), lines.Select(l => double.IsNaN(l.Means[row]) ? table.Missing("no scored forecast") : Table.Number(l.Means[row], Numbers.Fixed(l.Means[row], decimals))));
        }

        return table.Render();
    }

    private static double[] Means(ReportContext context, ForecastGroup group, HashSet<(int Fold, int H)> common, double[] steps)
    {
        var byStep = group.Rows.Where(r => common.Contains((r.Fold, r.H))).ToLookup(r => r.H);
        return Array.ConvertAll(steps, h => byStep[(int)h].Select(context.Score.Of).DefaultIfEmpty(double.NaN).Average());
    }
}
