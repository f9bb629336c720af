using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Pairwise tests of equal accuracy, read together.</summary>
public sealed class SignificanceElement : IReportElement
{
    public string Id => "significance";

    public string Title => "Significance";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Models.Count < 2) return ReportSection.Nothing("only one model was run, so there is nothing to test");
        var table = new Table($"Row against column, by {context.Score.Name}").Text("Model");
        foreach (var m in context.Models.SkipLast(1)) table.Number($"against {m.Name}");
        var any = false;
        foreach (var series in context.Result.Series.Take(context.Options.TableSeries))
        {
            var tests = Significance.AllPairs(context, series.Id);
            any |= tests.Any(t => !double.IsNaN(t.Adjusted));
            table.Group(Markup.Of($"{series.Id} <small>n = {Numbers.Count(tests.Max(t => t.Test.Count))} folds</small>"));
            foreach (var row in context.Models.Skip(1))
                table.Row(Markup.Of($"<i class=\"chip\" style=\"background:var(--{row.Color})\"></i>{row.Name}"),
                    context.Models.SkipLast(1).Select(c => c.Position >= row.Position ? Markup.Of($"<td></td>") : Cell(table, tests.First(t => t.First.Position == row.Position && t.Second.Position == c.Position))));
        }

        if (!any) return ReportSection.Nothing("the folds are too few, or the models too alike, for a test");
        var overlap = Significance.Overlap(context);
        return ReportSection.Of(Markup.Of($"""
            <p class="lead"><i class="good">▲</i> the row's model is better, <i class="bad">▼</i> worse, • no evidence of a difference at 5 %. Small: the statistic; negative means that the row's model has the smaller loss.</p>
            {table.Render()}
            <p class="note">Diebold-Mariano test of equal {context.Score.FullName} per fold, with the small-sample correction of Harvey, Leybourne and Newbold, {(overlap == 1 ? "folds taken as not overlapping" : $"losses of neighbouring folds allowed to depend over {overlap - 1} folds")}; p-values two-sided, adjusted by Holm's method within each series. “No evidence” does not mean “equal”.</p>
            """));
    }

    private static Markup Cell(Table table, Comparison c) => double.IsNaN(c.Adjusted)
        ? table.Missing(c.Test.Note)
        : Markup.Of($"<td class=\"n\" title=\"unadjusted p = {Numbers.Full(c.Test.PValue)}\">{Significance.Sign(c)}<small>{Numbers.Significant(c.Test.Corrected)}</small></td>");
}
