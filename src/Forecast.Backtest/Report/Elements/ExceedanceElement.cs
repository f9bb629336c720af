using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Outcomes below the 1 % and the 5 % quantile over time: how many, and whether they cluster.</summary>
public sealed class ExceedanceElement : IReportElement
{
    private static readonly double[] Tails = [0.05, 0.01];

    public string Id => "exceedances";

    public string Title => "Exceedances of the lower quantiles";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Result.Spec.Risk is not null) return ReportSection.Nothing("they stand, with their tests, under Value-at-Risk and expected shortfall");
        var tails = Tails.Where(t => context.LevelIndex(t) >= 0).ToArray();
        if (tails.Length == 0) return ReportSection.Nothing("the run has neither the level 0.01 nor 0.05; add them to its levels to see exceedances");
        var blocks = context.Details.Select((s, i) => Series(context, s, i, tails)).Where(b => !b.IsEmpty).ToArray();
        if (blocks.Length == 0) return ReportSection.Nothing("no forecast has both a lower quantile and an outcome");
        var step = context.IsMultiStep ? $" Forecasts of step {context.Steps[0]} only." : "";
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">An outcome below its 5 % quantile should come once in 20 times, below its 1 % quantile once in 100, and not in clusters.{step}</p>
            {CountTable(context, tails)}
            {Markup.Join(blocks)}
            """));
    }

    private static Markup Series(ReportContext context, SeriesInfo series, int index, double[] tails)
    {
        var panels = context.Models.Select(m => (Model: m, Rows: Scored(context, m, series, tails))).Where(p => p.Rows.Length > 0).ToArray();
        if (panels.Length == 0) return Markup.Empty;
        var values = panels.SelectMany(p => p.Rows).SelectMany(r => tails.Select(t => r.Quantiles[context.LevelIndex(t)]).Append(r.Actual)).ToArray();
        var needles = values.Any(v => v < 0) && panels[0].Rows.Any(r => r.Actual > 0);
        var scale = NiceAxis.Holding(needles ? values.Append(0) : values);
        var key = new List<KeyEntry> { new("outcome", KeyEntry.Line("edge", width: 1.5)) };
        foreach (var t in tails)
        {
            key.Add(new($"{Numbers.Level(t)} quantile", KeyEntry.Line("ink", Dash(t), Width(t)), $"q{t}"));
            key.Add(new($"outcome below {Numbers.Level(t)}", KeyEntry.Mark(Tone(t), Symbol(t)), $"b{t}"));
        }

        var cards = panels.Select(p => Card(context, series, index, p.Model, p.Rows, tails, scale, needles));
        return Markup.Of($"<h3>{series.Id}</h3>{ChartCard.Grid(cards, panels.Length == 1 ? 1 : 2, key)}");
    }

    private static ChartCard Card(ReportContext context, SeriesInfo series, int index, ModelStyle model, PredictionRow[] all, double[] tails, NiceAxis scale, bool needles)
    {
        Func<PredictionRow, double>[] curves = [r => r.Actual, .. tails.Select(t => context.LevelIndex(t)).Select(k => (Func<PredictionRow, double>)(r => r.Quantiles[k]))];
        var rows = FoldRows.Of(context, series, all).Thinned(context.Options.MaxPoints, r => r.Actual < r.Quantiles[context.LevelIndex(tails[0])], curves);
        var xs = rows.Places;
        var actual = rows.Curve(r => r.Actual);
        var layers = new List<ChartLayer>
        {
            needles ? new NeedlesLayer(0, actual) { Label = "outcome", Color = "edge", Width = xs.Length > 300 ? 0.75 : 1.25 } : new LineLayer(0, actual) { Label = "outcome", Color = "edge", Width = 1 },
        };
        var counted = new List<string>();
        for (var k = 0; k < tails.Length; k++)
        {
            var t = tails[k];
            var place = context.LevelIndex(t);
            var deeper = k + 1 < tails.Length ? context.LevelIndex(tails[k + 1]) : -1;
            layers.Add(new LineLayer(0, rows.Curve(r => r.Quantiles[place])) { Label = $"{Numbers.Level(t)} quantile", Key = $"q{t}", Color = model.Color, Dash = Dash(t), Width = Width(t) });
            layers.Add(new PointsLayer(0, rows.Curve(r => r.Actual < r.Quantiles[place] && !(deeper >= 0 && r.Actual < r.Quantiles[deeper]) ? r.Actual : double.NaN), Symbol(t), 7) { Key = $"b{t}", Color = Tone(t) });
            counted.Add($"{Numbers.Level(t)}: {all.Count(r => r.Actual < r.Quantiles[place])} of {Numbers.Significant(all.Length * t)} expected");
        }

        return new ChartCard($"tail-{index}-{model.Position}", model.Name, $"{string.Join("; ", counted)}; n = {Numbers.Count(all.Length)}", new ChartSpec
        {
            Description = $"{series.Id}, {model.Name}: outcomes with lower quantiles over time. Below {string.Join("; below ", counted)}.",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", ReportContext.UnitOf(series)),
            Xs = [xs],
            Layers = layers,
            Zoom = xs.Length > 60 ? true : null,
        }, 230)
        { Chip = model.Color };
    }

    private static Markup CountTable(ReportContext context, double[] tails)
    {
        var table = new Table("Exceedances").Text("Model").Number("n");
        foreach (var t in tails) table.Number($"Below {Numbers.Level(t)}").Number("Expected").Number("95 % band").Text("Verdict");
        foreach (var series in context.Result.Series.Take(context.Options.TableSeries))
        {
            table.Group(Markup.Text(series.Id));
            foreach (var m in context.Models)
            {
                var rows = Scored(context, m, series, tails);
                var chip = Markup.Of($"<i class=\"chip\" style=\"background:var(--{m.Color})\"></i>{m.Name}");
                table.Row(chip, tails.SelectMany(t => Cells(table, rows, t, context.LevelIndex(t))).Prepend(Table.Count(rows.Length)));
            }
        }

        return table.Render();
    }

    private static IEnumerable<Markup> Cells(Table table, PredictionRow[] rows, double tail, int place)
    {
        if (rows.Length == 0)
        {
            var none = table.Missing("no forecast has this quantile and an outcome");
            return [none, none, none, Table.Cell("\u2013")];
        }

        var observed = rows.Count(r => r.Actual < r.Quantiles[place]);
        var (low, high) = BinomialBand.Counts(rows.Length, tail);
        var verdict = observed < low ? Markup.Of($"<i class=\"warn\">▲</i> too cautious") : observed > high ? Markup.Of($"<i class=\"bad\">▼</i> too many") : Markup.Of($"<i class=\"good\">✓</i> as chance allows");
        return [Table.Count(observed), Table.Number(rows.Length * tail, Numbers.Fixed(rows.Length * tail, 1)), Table.NumberCell(Markup.Text($"{low} to {high}")), Table.Cell(verdict)];
    }

    private static PredictionRow[] Scored(ReportContext context, ModelStyle model, SeriesInfo series, double[] tails) => context.Steps.Count == 0
        ? []
        : [.. context.Group(model.Name, series.Id).AtStep(context.Steps[0]).Where(r => !double.IsNaN(r.Actual) && tails.All(t => !double.IsNaN(r.Quantiles[context.LevelIndex(t)])))];

    private static string? Dash(double tail) => tail < 0.05 ? null : "dashed";

    private static double Width(double tail) => tail < 0.05 ? 1.5 : 1.25;

    private static string Symbol(double tail) => tail < 0.05 ? "down" : "ring";

    private static string Tone(double tail) => tail < 0.05 ? "bad" : "warn";
}
