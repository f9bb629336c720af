using Forecast.Backtest.Metrics;
using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Every score of the run, a row a model, with signed differences against the baseline.</summary>
public sealed class MetricsElement : IReportElement
{
    private const string All = "all";
    private static readonly string[] Main = [MetricNames.Mae, MetricNames.Rmse, MetricNames.Mase, MetricNames.Rmsse, MetricNames.Smape, MetricNames.Wql, MetricNames.Crps];
    private static readonly string[] NotErrors = [MetricNames.MeanError];

    public string Id => "metrics";

    public string Title => "Scores";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var present = context.Result.Metrics.Select(m => m.Name).Distinct(StringComparer.Ordinal).ToArray();
        if (present.Length == 0) return ReportSection.Nothing("the run has no scores");
        var main = Main.Where(n => present.Contains(n, StringComparer.Ordinal)).ToArray();
        var rest = present.Except(Main, StringComparer.Ordinal).ToArray();
        var levels = rest.Where(n => n.StartsWith("pinball", StringComparison.Ordinal)).ToArray();
        var coverage = rest.Where(n => n.StartsWith("coverage@", StringComparison.Ordinal) || n.StartsWith("width@", StringComparison.Ordinal)).ToArray();
        var intervals = rest.Where(n => n.StartsWith("winkler@", StringComparison.Ordinal) || n.StartsWith("MSIS@", StringComparison.Ordinal)).ToArray();
        var others = rest.Except(levels, StringComparer.Ordinal).Except(coverage, StringComparer.Ordinal).Except(intervals, StringComparer.Ordinal)
            .Where(n => !n.StartsWith("below@", StringComparison.Ordinal) && !n.StartsWith("WQL@", StringComparison.Ordinal)).ToArray();
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">Errors: lower is better. Under each value stands the difference from the baseline <b>{context.Baseline.Name}</b> in percent; bold is the lowest of its group.{Significance.Legend(context)}</p>
            {Build(context, "Scores", main.Length > 0 ? main : others, marks: true)}
            {Folded(context, "Quantile loss by level", levels)}
            {Folded(context, "Coverage and width of central intervals", coverage)}
            {Folded(context, "Interval scores", intervals)}
            {(main.Length > 0 ? Folded(context, "Further scores", others) : Markup.Empty)}
            """));
    }

    private static Markup Folded(ReportContext context, string title, string[] names) => names.Length == 0
        ? Markup.Empty
        : Markup.Of($"<details data-print><summary>{title}</summary>{Build(context, title, names, marks: false)}</details>");

    private static Markup Build(ReportContext context, string caption, string[] names, bool marks)
    {
        var table = new Table(caption).Text("Model").Number("n");
        foreach (var name in names) table.Number(name, Hint(name));
        var series = context.Result.Series.Take(context.Options.TableSeries).ToArray();
        if (context.Result.Series.Count > 1) AddGroup(context, table, All, Markup.Of($"All {context.Result.Series.Count} series"), names, marks: false);
        foreach (var s in series)
        {
            var unit = string.IsNullOrEmpty(s.Unit) ? Markup.Empty : Markup.Of($" <small>{s.Unit}</small>");
            AddGroup(context, table, s.Id, Markup.Of($"{s.Id}{unit}"), names, marks);
        }

        return table.Render("scores");
    }

    private static void AddGroup(ReportContext context, Table table, string series, Markup name, string[] names, bool marks)
    {
        table.Group(name);
        var values = names.ToDictionary(n => n, n => context.Models.Select(m => context.Metric(m.Name, series, n)?.Value ?? double.NaN).ToArray(), StringComparer.Ordinal);
        foreach (var model in context.Models)
        {
            var chip = Markup.Of($"<i class=\"chip\" style=\"background:var(--{model.Color})\"></i>{model.Name}");
            var count = names.Select(n => context.Metric(model.Name, series, n)?.Count ?? 0).DefaultIfEmpty(0).Max();
            var cells = names.Select(n => Cell(context, table, model, series, n, values[n], marks)).Prepend(Table.Count(count));
            if (model.IsBaseline) table.PinnedRow(chip, cells);
            else table.Row(chip, cells);
        }
    }

    private static Markup Cell(ReportContext context, Table table, ModelStyle model, string series, string name, double[] column, bool marks)
    {
        var metric = context.Metric(model.Name, series, name);
        if (metric is null) return table.Missing($"{model.Name} was not scored here");
        if (double.IsNaN(metric.Value)) return table.Missing(metric.Note);
        if (string.Equals(series, All, StringComparison.Ordinal) && HasUnit(name) && Units(context.Result) > 1)
            return table.Missing("an average over series of different units means nothing");
        if (name.StartsWith("coverage@", StringComparison.Ordinal)) return CoverageCell(metric);
        var baseline = column[0];
        var comparable = !NotErrors.Contains(name, StringComparer.Ordinal) && !name.StartsWith("width@", StringComparison.Ordinal);
        var best = comparable && column.Length > 1 && metric.Value <= column.Where(v => !double.IsNaN(v)).Min();
        var text = Numbers.Fixed(metric.Value, Numbers.DecimalsFor(column));
        var value = best ? Markup.Of($"<b>{text}</b>") : Markup.Text(text);
        var delta = model.IsBaseline || !comparable || double.IsNaN(baseline) || baseline == 0
            ? Markup.Empty
            : Markup.Text(Numbers.SignedPercent((metric.Value / baseline) - 1));
        var mark = marks && string.Equals(name, context.Score.Name, StringComparison.Ordinal) ? Significance.Mark(context, model, series) : Markup.Empty;
        return Markup.Of($"<td class=\"n\" title=\"{Numbers.Full(metric.Value)}\">{value}{(delta.IsEmpty ? delta : Markup.Of($"<small>{delta}{mark}</small>"))}</td>");
    }

    private static Markup CoverageCell(MetricValue metric)
    {
        var nominal = double.Parse(metric.Name.AsSpan("coverage@".Length), System.Globalization.CultureInfo.InvariantCulture);
        var points = (metric.Value - nominal) * 100;
        var sign = points > 0 ? "+" : "";
        return Markup.Of($"<td class=\"n\" title=\"{Numbers.Full(metric.Value)}\">{Numbers.Percent(metric.Value)}<small>{sign}{Numbers.Fixed(points, 1)} pp</small></td>");
    }

    private static string Hint(string name) => name switch
    {
        _ when name.StartsWith("coverage@", StringComparison.Ordinal) => "near its level",
        MetricNames.Smape or MetricNames.Mape => "%",
        _ when HasUnit(name) => "unit of the series",
        _ => "",
    };

    private static bool HasUnit(string name) => name is MetricNames.Mae or MetricNames.Rmse or MetricNames.Mse or MetricNames.MeanError or MetricNames.Crps or MetricNames.QuantileCrps
        || name.StartsWith("pinball", StringComparison.Ordinal) || name.StartsWith("winkler@", StringComparison.Ordinal) || name.StartsWith("width@", StringComparison.Ordinal);

    private static int Units(BacktestResult result) => result.Series.Select(s => s.Unit ?? "").Distinct(StringComparer.Ordinal).Count();
}
