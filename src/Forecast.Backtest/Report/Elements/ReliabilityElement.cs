using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Do quantiles mean what they say: stated level against the share of outcomes at or below it, with what chance allows.</summary>
public sealed class ReliabilityElement : IReportElement
{
    public string Id => "reliability";

    public string Title => "Coverage and reliability";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Result.Spec.Levels.Count == 0) return ReportSection.Nothing("the run has no quantile levels");
        var cards = context.Details.SelectMany((s, i) => context.ShownSteps.Select(h => Card(context, s, i, h))).OfType<ChartCard>().ToArray();
        if (cards.Length == 0) return ReportSection.Nothing("no forecast has both quantiles and an outcome");
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">A point on the diagonal is a quantile that held exactly; the grey band is where 95 of 100 calibrated models would lie. Steps are judged one at a time, since pooled steps depend on each other.</p>
            {ChartCard.Grid(cards, 3, [.. context.Models.Select(KeyEntry.For), new KeyEntry("95 % consistency band", KeyEntry.Fill("edge", 0.35))])}
            {CoverageTable(context)}
            """));
    }

    private static ChartCard? Card(ReportContext context, SeriesInfo series, int index, int h)
    {
        var curves = context.Models.Select(m => (Model: m, Points: Observed(context, context.Group(m.Name, series.Id).AtStep(h)))).Where(c => c.Points.Any(p => p.Count > 0)).ToArray();
        if (curves.Length == 0) return null;
        double[] levels = [.. context.Result.Spec.Levels];
        var n = curves.Max(c => c.Points.Max(p => p.Count));
        double[] grid = [0, .. Enumerable.Range(1, 49).Select(i => i / 50.0), 1];
        var band = Array.ConvertAll(grid, p => BinomialBand.Counts(n, p));
        var step = context.IsMultiStep ? $", step {h}" : "";
        var table = new Table($"{series.Id}{step}: share of outcomes at or below each quantile").Text("Level");
        table.Number("95 % band");
        foreach (var c in curves) table.Number(c.Model.Name);
        for (var k = 0; k < levels.Length; k++)
        {
            var level = k;
            var (low, high) = BinomialBand.Counts(n, levels[k]);
            table.Row(Markup.Text(Numbers.Level(levels[k])),
                curves.Select(c => c.Points[level].Count == 0 ? table.Missing($"{c.Model.Name} has no such level") : Table.Number(c.Points[level].Share, Numbers.Percent(c.Points[level].Share)))
                    .Prepend(Table.NumberCell(Markup.Text($"{Numbers.Percent((double)low / n)} to {Numbers.Percent((double)high / n)}"))));
        }

        var furthest = curves.SelectMany(c => c.Points.Select((p, k) => (c.Model, Level: levels[k], p.Share, p.Count))).Where(p => p.Count > 0).MaxBy(p => Math.Abs(p.Share - p.Level));
        return new ChartCard($"reliability-{index}-{h}", $"{series.Id}{step}", $"Share of outcomes at or below the quantile; n = {Numbers.Count(n)}", new ChartSpec
        {
            Description = $"{series.Id}{step}: stated level against observed share for {curves.Length} models. Furthest from the diagonal: {furthest.Model.Name}, {Numbers.Level(furthest.Level)} stated, {Numbers.Percent(furthest.Share)} observed.",
            X = new ChartAxis { Kind = "number", Name = "Stated level", Format = "percent", Min = 0, Max = 1, Interval = 0.25 },
            Y = new ChartAxis { Kind = "number", Name = "Observed share", Format = "percent", Min = 0, Max = 1, Interval = 0.25 },
            Xs = [levels, grid],
            Layers =
            [
                new BandLayer(1, Array.ConvertAll(band, b => (double)b.Low / n), Array.ConvertAll(band, b => (double)b.High / n), 0.3) { Color = "edge" },
                new DiagonalLayer { Color = "edge" },
                .. curves.Select(c => new LineLayer(0, [.. c.Points.Select(p => p.Count == 0 ? double.NaN : p.Share)]) { Label = c.Model.Name, Key = $"model-{c.Model.Position}", Color = c.Model.Color, Dash = c.Model.Dash, Width = 1.25, Symbol = c.Model.Symbol }),
            ],
        }, 330)
        { Table = table.Render() };
    }

    private static (double Share, int Count)[] Observed(ReportContext context, IReadOnlyList<PredictionRow> rows)
    {
        var result = new (double, int)[context.Result.Spec.Levels.Count];
        for (var k = 0; k < result.Length; k++)
        {
            var usable = rows.Where(r => !double.IsNaN(r.Actual + r.Quantiles[k])).ToArray();
            result[k] = usable.Length == 0 ? (double.NaN, 0) : (usable.Count(r => r.Actual <= r.Quantiles[k]) / (double)usable.Length, usable.Length);
        }

        return result;
    }

    private static Markup CoverageTable(ReportContext context)
    {
        if (context.Intervals.Count == 0) return Markup.Of($"<p class=\"note\">No two levels of the run make a central interval.</p>");
        var intervals = context.Intervals.Reverse().ToArray();
        var table = new Table("Central intervals").Text("Model").Number("n");
        foreach (var i in intervals) table.Number(Numbers.Level(i.Nominal), "of outcomes inside");
        foreach (var series in context.Details)
        {
            foreach (var h in context.ShownSteps)
            {
                table.Group(Markup.Text(context.IsMultiStep ? $"{series.Id}, step {h}" : series.Id));
                foreach (var m in context.Models)
                {
                    var rows = context.Group(m.Name, series.Id).AtStep(h).Where(r => !double.IsNaN(r.Actual)).ToArray();
                    var chip = Markup.Of($"<i class=\"chip\" style=\"background:var(--{m.Color})\"></i>{m.Name}");
                    table.Row(chip, intervals.Select(i => Inside(table, rows, i)).Prepend(Table.Count(rows.Length)));
                }
            }
        }

        return Markup.Of($"<h3>Central intervals</h3><p class=\"lead\">Under each share stands the 95 % band of a calibrated model; <i class=\"bad\">▼</i> too narrow, <i class=\"warn\">▲</i> too wide.</p>{table.Render()}");
    }

    private static Markup Inside(Table table, PredictionRow[] all, CentralInterval interval)
    {
        var rows = all.Where(r => !double.IsNaN(r.Quantiles[interval.Low] + r.Quantiles[interval.High])).ToArray();
        if (rows.Length == 0) return table.Missing("no forecast has this interval");
        var inside = rows.Count(r => r.Actual >= r.Quantiles[interval.Low] && r.Actual <= r.Quantiles[interval.High]);
        var (low, high) = BinomialBand.Counts(rows.Length, interval.Nominal);
        var sign = inside < low ? Markup.Of($" <i class=\"bad\" title=\"too narrow\">▼</i>") : inside > high ? Markup.Of($" <i class=\"warn\" title=\"too wide\">▲</i>") : Markup.Empty;
        var share = (double)inside / rows.Length;
        return Markup.Of($"<td class=\"n\" title=\"{Numbers.Full(share)}\">{Numbers.Percent(share)}{sign}<small>{Numbers.Percent((double)low / rows.Length)} to {Numbers.Percent((double)high / rows.Length)}</small></td>");
    }
}
