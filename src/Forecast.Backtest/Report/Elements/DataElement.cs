using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>What was run on which data, and how the walk went through time.</summary>
public sealed class DataElement : IReportElement
{
    public string Id => "data";

    public string Title => "Data and plan";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var result = context.Result;
        if (result.Series.Count == 0) return ReportSection.Nothing("the run has no series");
        return ReportSection.Of(Markup.Of($"""
            <dl class="facts">
            <div><dt>Data</dt><dd>{result.Spec.Data}</dd></div>
            <div><dt>Data hash</dt><dd><code>{result.Certificate.DataHash}</code></dd></div>
            <div><dt>Time zone</dt><dd>UTC</dd></div>
            <div class="whole"><dt>Models</dt><dd>{Models(context)}</dd></div>
            </dl>
            {SeriesTable(context)}
            <h3>Plan</h3>
            <dl class="facts">{Plan(context)}</dl>
            {Timelines(context)}
            """));
    }

    private static Markup Models(ReportContext context) => Markup.Join(context.Models.Select(m => Markup.Of(
        $"<span class=\"model\"><i class=\"chip\" style=\"background:var(--{m.Color})\"></i>{m.Name}{(m.IsBaseline ? " (baseline)" : "")}</span>")), " ");

    private static Markup SeriesTable(ReportContext context)
    {
        var table = new Table("Series").Text("Series").Text("Unit").Text("Frequency").Text("Calendar").Number("Rows").Number("Missing").Text("First").Text("Last").Number("Forecasts", "per model");
        foreach (var s in context.Result.Series.Take(context.Options.TableSeries))
        {
            table.Row(Markup.Text(s.Id),
                Table.Cell(string.IsNullOrEmpty(s.Unit) ? "not stated" : s.Unit), Table.Cell(s.Frequency), Table.Cell(s.Calendar),
                Table.Count(s.Times.Count), Table.Count(s.Values.Count(double.IsNaN)),
                Table.Cell(s.Times.Count == 0 ? "\u2013" : context.When(s.Times[0], s)), Table.Cell(s.Times.Count == 0 ? "\u2013" : context.When(s.Times[^1], s)),
                Table.Count(context.Models.Max(m => context.Group(m.Name, s.Id).Rows.Count)));
        }

        return Markup.Of($"{table.Render()}{More(context)}");
    }

    private static Markup More(ReportContext context)
    {
        var left = context.Result.Series.Count - context.Options.TableSeries;
        return left > 0 ? Markup.Of($"<p class=\"note\">{left} more series are in the run and in the scores over all.</p>") : Markup.Empty;
    }

    private static Markup Plan(ReportContext context)
    {
        var plan = context.Result.Spec.Plan;
        var rows = new (string Name, string Value)[]
        {
            ("Horizon", plan.Horizon == 1 ? "1 row ahead" : $"{plan.Horizon} rows ahead"),
            ("Step", plan.EffectiveStep == 1 ? "a fold at every row" : $"a fold every {plan.EffectiveStep} rows"),
            ("Window", plan.RollingRows is { } rolling ? $"rolling, the last {Numbers.Count(rolling)} rows" : "expanding, all rows so far"),
            ("Refit", plan.RefitEvery switch { null => "fitted once, then conditioned only", 1 => "at every fold", var k => $"every {k} folds, conditioned in between" }),
            ("Embargo", plan.Gap == 0 ? "none" : $"{plan.Gap} rows between history and forecast"),
            ("Folds", FoldCount(context.Result)),
            ("Levels", context.Result.Spec.Levels.Count == 0 ? "none: point forecasts only" : string.Join(", ", context.Result.Spec.Levels.Select(Numbers.Level))),
        };
        return Markup.Join(rows.Select(r => Markup.Of($"<div><dt>{r.Name}</dt><dd>{r.Value}</dd></div>")));
    }

    private static string FoldCount(BacktestResult result)
    {
        var counts = result.Predictions.GroupBy(r => r.Series).Select(g => g.Select(r => r.Fold).Distinct().Count()).ToArray();
        return counts.Length == 0 ? "none" : counts.Min() == counts.Max() ? $"{Numbers.Count(counts[0])} per series" : $"{Numbers.Count(counts.Min())} to {Numbers.Count(counts.Max())} per series";
    }

    /// <summary>For each series a bar of its span: only read, then walked through.</summary>
    private static Markup Timelines(ReportContext context)
    {
        var bars = context.Details.Select(s => Timeline(context, s)).Where(b => !b.IsEmpty).ToArray();
        return bars.Length == 0 ? Markup.Empty : Markup.Of($"""
            <div class="spans"><ul class="key"><li><i class="swatch train"></i>only read</li><li><i class="swatch test"></i>forecast, fold by fold</li>{(context.Details.Any(s => HasRest(context, s)) ? Markup.Of($"<li><i class=\"swatch rest\"></i>not used</li>") : Markup.Empty)}</ul>
            {Markup.Join(bars)}</div>
            """);
    }

    private static bool HasRest(ReportContext context, SeriesInfo s) =>
        s.Times.Count > 0 && context.Models.SelectMany(m => context.Group(m.Name, s.Id).Rows).All(r => r.ObservedAt < s.Times[^1]);

    private static Markup Timeline(ReportContext context, SeriesInfo s)
    {
        var rows = context.Models.Select(m => context.Group(m.Name, s.Id).Rows).MaxBy(r => r.Count);
        if (rows is null || rows.Count == 0 || s.Times.Count < 2) return Markup.Empty;
        var start = context.Place(s.Times[0], s);
        var length = context.Place(s.Times[^1], s) - start;
        var first = rows.Min(r => r.ObservedAt);
        var last = rows.Max(r => r.ObservedAt);
        var train = 100 * (context.Place(first, s) - start) / length;
        var test = Math.Max(0.4, (100 * (context.Place(last, s) - start) / length) - train);
        return Markup.Of($"""
            <div class="span"><span>{s.Id}</span><div class="bar" role="img" aria-label="{s.Id}: read from {context.When(s.Times[0], s)}, forecast from {context.When(first, s)} to {context.When(last, s)}"><i class="train" style="width:{Width(train)}%"></i><i class="test" style="width:{Width(test)}%"></i></div><span>{context.When(first, s)} to {context.When(last, s)}</span></div>
            """);
    }

    private static string Width(double percent) => Numbers.Full(Math.Round(Math.Clamp(percent, 0, 100), 2));
}
