using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Strategies;

namespace Forecast.Backtest.Report.Elements;

/// <summary>What trading on the forecasts would have earned, after costs, beside buy and hold: measures, equity, drawdown, certificate.</summary>
public sealed class StrategyElement : IReportElement
{
    public string Id => "strategies";

    public string Title => "Strategies built on the forecasts";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Result.Spec.Strategy is not { } options) return ReportSection.Nothing("no strategy was asked for; start the back-test with --strategy long-only or long-short");
        var outcomes = context.Findings.Strategies;
        if (outcomes.Count == 0) return ReportSection.Nothing("the run has no forecast to trade on");
        var assets = outcomes.Select(o => o.Asset).Distinct(StringComparer.Ordinal).ToArray();
        var shown = Shown(context, assets);
        var charts = shown.Select((a, i) => Charts(context, [.. outcomes.Where(o => string.Equals(o.Asset, a, StringComparison.Ordinal))], a, i));
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">{Rules(options)} Equity starts at 1; {Numbers.Percent(options.Cost, 3)} of each traded amount is paid. What was earned once need not come again: compare with buy and hold, and see the turnover.</p>
            {MeasureTable(context, outcomes, assets)}
            {Markup.Join(charts)}
            {Certificate(outcomes)}
            """));
    }

    private static string Rules(StrategyOptions options)
    {
        var sides = options.Direction == StrategyDirection.LongOnly ? "Long after a forecast rise, else out." : "Long after a forecast rise, short after a forecast fall.";
        var threshold = options.Threshold > 0 ? $" Nothing is held within ±{Numbers.Percent(options.Threshold, 3)}." : "";
        var fill = options.Delay == 0 ? " Orders are filled at the close that they were decided on." : " Orders are filled at the close after their decision.";
        return sides + threshold + fill;
    }

    private static string[] Shown(ReportContext context, string[] assets)
    {
        var limit = context.Options.DetailSeries;
        return [.. assets.OrderByDescending(a => string.Equals(a, StrategyRunner.Portfolio, StringComparison.Ordinal)).Take(limit)];
    }

    private static Markup MeasureTable(ReportContext context, IReadOnlyList<StrategyOutcome> outcomes, string[] assets)
    {
        var table = new Table("Strategies after costs").Text("Strategy").Number("ARC", "a year").Number("ASD", "a year").Number("MD", "worst fall").Number("IR", "ARC / ASD")
            .Number("IR**", "IR, sign and MD").Number("Sharpe").Number("Sortino").Number("Turnover", "a year").Number("Costs", "sum").Number("Hits", "before costs");
        var flagged = outcomes.Any(o => !IsClean(o));
        if (flagged) table.Text("Certificate");
        foreach (var asset in assets.TakeLast(context.Options.TableSeries))
        {
            table.Group(Markup.Text(asset));
            foreach (var outcome in outcomes.Where(o => string.Equals(o.Asset, asset, StringComparison.Ordinal)))
            {
                var m = outcome.Measures;
                Markup[] cells =
                [
                    Percent(table, m.Arc), Percent(table, m.Asd), Percent(table, m.MaxDrawdown), Plain(table, m.Ir), Plain(table, m.IrStarStar), Plain(table, m.Sharpe), Plain(table, m.Sortino),
                    Plain(table, m.Turnover), Percent(table, m.Costs), Percent(table, m.HitRate),
                    .. flagged ? [Table.Cell(Verdict(outcome))] : Array.Empty<Markup>(),
                ];
                if (outcome.Kind == StrategyKind.BuyAndHold) table.PinnedRow(Markup.Text(outcome.Name), cells);
                else table.Row(Markup.Text(outcome.Name), cells);
            }
        }

        return table.Render();
    }

    private static bool IsClean(StrategyOutcome outcome) => outcome.Certificate.Violations.Count == 0;

    private static Markup Verdict(StrategyOutcome outcome) => IsClean(outcome)
        ? Markup.Of($"<i class=\"good\">✓</i> {outcome.Certificate.Verdict}")
        : Markup.Of($"<i class=\"bad\">▼</i> {outcome.Certificate.Verdict}");

    private static Markup Percent(Table table, double value) => double.IsFinite(value) ? Table.Number(value, Numbers.Percent(value)) : table.Missing(Undefined);

    private static Markup Plain(Table table, double value) => double.IsFinite(value) ? Table.Number(value, Numbers.Fixed(value, 2)) : table.Missing(Undefined);

    private const string Undefined = "its denominator is 0: nothing was held, or nothing was lost";

    private static Markup Charts(ReportContext context, StrategyOutcome[] outcomes, string asset, int index)
    {
        var series = context.Result.Series.FirstOrDefault(s => string.Equals(s.Id, asset, StringComparison.Ordinal)) ?? context.Result.Series[0];
        var styles = outcomes.Select((o, i) => Style(context, o, i)).ToArray();
        var key = outcomes.Zip(styles, (o, s) => new KeyEntry(o.Name, KeyEntry.Line(s.Color, s.Dash, s.Width), o.Name)).ToArray();
        double[][] equity = [.. outcomes.Select(o => o.Days.Select(d => d.Equity > 0 ? Math.Log(d.Equity) : double.NaN).ToArray())];
        double[][] fall = [.. outcomes.Select(o => StrategyMeasures.Drawdowns(o.Days).Select(d => -d).ToArray())];
        var days = outcomes[0].Days;
        var kept = Thinning.Keep([.. equity, .. fall], Math.Max(context.Options.MaxPoints / 2, (4 * outcomes.Length) + 2));
        var xs = Array.ConvertAll(kept, i => context.Place(days[i].Time, series));
        var window = $"{context.When(days[0].Time, series)} to {context.When(days[^1].Time, series)}";
        var best = outcomes.MaxBy(o => double.IsNaN(o.Measures.Arc) ? double.NegativeInfinity : o.Measures.Arc)!;
        var said = $"{asset}, {window}. Highest yearly return after costs: {best.Name}, {Numbers.SignedPercent(best.Measures.Arc)}; buy and hold {Numbers.SignedPercent(outcomes[0].Measures.Arc)}.";
        ChartCard[] cards =
        [
            Card($"equity-{index}", "Equity", $"log growth since the start, after costs; {window}", $"Equity of each strategy: {said}", equity, "number", "log growth", 260),
            Card($"drawdown-{index}", "Drawdown", "below the highest equity so far", $"Drawdown of each strategy: {said}", fall, "percent", "below the peak", 180),
        ];
        return Markup.Of($"<h3>{asset}</h3>{ChartCard.Grid(cards, 1, key)}");

        ChartCard Card(string id, string title, string subtitle, string description, double[][] curves, string format, string name, int height) => new(id, title, subtitle, new ChartSpec
        {
            Description = description,
            X = context.TimeAxis(series) with { Name = null },
            Y = NiceAxis.Holding(curves.SelectMany(c => c).Append(0)).As("number", name, format),
            Xs = [xs],
            Layers = [.. curves.Select((c, k) => new LineLayer(0, Array.ConvertAll(kept, i => c[i])) { Label = outcomes[k].Name, Key = outcomes[k].Name, Color = styles[k].Color, Dash = styles[k].Dash, Width = styles[k].Width })],
            Zoom = xs.Length > 60 ? true : null,
        }, height)
        { Wide = true };
    }

    /// <summary>Buy and hold in ink, models as everywhere in the report, the ensemble bold, rules dotted.</summary>
    private static (string Color, string? Dash, double Width) Style(ReportContext context, StrategyOutcome outcome, int position)
    {
        if (outcome.Kind == StrategyKind.BuyAndHold) return ("ink", "dashed", 1.5);
        if (outcome.Kind == StrategyKind.Ensemble) return ("ink", null, 2);
        var model = context.Models.FirstOrDefault(m => string.Equals(m.Name, outcome.Name, StringComparison.Ordinal));
        return model is not null ? (model.Color, model.Dash, 1.5) : ($"model-{((position - 1) % 6) + 1}", "dotted", 1.5);
    }

    private static Markup Certificate(IReadOnlyList<StrategyOutcome> outcomes)
    {
        var lines = outcomes.SelectMany(o => o.Certificate.Violations.Select(v => $"{o.Name} on {o.Asset}: {v}")).ToArray();
        var decisions = Numbers.Count(outcomes.Sum(o => (long)o.Certificate.Decisions));
        return lines.Length == 0
            ? Markup.Of($"<p class=\"note\">{decisions} decisions checked: none read anything published after it was made, and no result is beyond what chance and skill can explain.</p>")
            : Markup.Of($"<p class=\"notice\">{decisions} decisions checked. {Markup.Join(lines.Select(l => Markup.Of($"<br>{l}")), "")}</p>");
    }
}
