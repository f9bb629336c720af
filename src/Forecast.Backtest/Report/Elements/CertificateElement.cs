using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;
using NodaTime;

namespace Forecast.Backtest.Report.Elements;

/// <summary>The leakage certificate: what every fold could read, and what is known about pre-trained weights.</summary>
public sealed class CertificateElement : IReportElement
{
    private const int MostBlocks = 1000;

    public string Id => "certificate";

    public string Title => "Leakage certificate";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var certificate = context.Result.Certificate;
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">{Badge.For(certificate.Verdict)} over {Numbers.Count(certificate.Folds.Count)} folds of {context.Models.Count} models on data <code>{certificate.DataHash}</code>.</p>
            {Violations(certificate)}
            {Exposure(context)}
            {Folds(context)}
            """));
    }

    private static Markup Violations(LeakageCertificate certificate)
    {
        if (certificate.Violations.Count == 0)
            return Markup.Of($"<p>No rule was broken: no fit after its cutoff, no value published after the cutoff that read it, no target at or before its cutoff.</p>");
        var shown = certificate.Violations.Take(50).Select(v => Markup.Of($"<li>{v}</li>"));
        var more = certificate.Violations.Count > 50 ? Markup.Of($"<li>and {certificate.Violations.Count - 50} more</li>") : Markup.Empty;
        return Markup.Of($"<div class=\"alert\"><p><b>{certificate.Violations.Count} rules broken.</b> The scores of this run must not be trusted.</p><ul>{Markup.Join(shown)}{more}</ul></div>");
    }

    private static Markup Exposure(ReportContext context)
    {
        var table = new Table("Exposure of pre-trained weights").Text("Model").Text("Verdict").Text("Why");
        foreach (var m in context.Models)
        {
            var said = context.Result.Certificate.Exposure.GetValueOrDefault(m.Name);
            var colon = said?.IndexOf(':', StringComparison.Ordinal) ?? -1;
            var (verdict, why) = said is null ? ("unknown", "the run recorded nothing for this model") : colon < 0 ? (said, "") : (said[..colon], said[(colon + 1)..].Trim());
            table.Row(Markup.Of($"<i class=\"chip\" style=\"background:var(--{m.Color})\"></i>{m.Name}"), Table.Cell(Badge.For(verdict)), Table.Cell(why));
        }

        return table.Render();
    }

    /// <summary>A line for each run of folds that share one fit: thousands of daily lines would say the same.</summary>
    private static Markup Folds(ReportContext context)
    {
        var blocks = Blocks(context.Result.Certificate.Folds).ToArray();
        if (blocks.Length == 0) return Markup.Of($"<p class=\"note\">The certificate has no folds.</p>");
        var table = new Table("What each fold could read, folds of one fit in a line").Text("Folds").Text("Cutoffs").Text("Fitted at").Text("Fitted from").Text("Latest value read").Text("First forecast row");
        foreach (var group in blocks.Take(MostBlocks).GroupBy(b => (b[0].Model, b[0].Fold.Series)))
        {
            table.Group(Markup.Text($"{group.Key.Model} on {group.Key.Series}"));
            var series = context.Result.Series.FirstOrDefault(s => string.Equals(s.Id, group.Key.Series, StringComparison.Ordinal));
            string When(Instant at) => series is null ? at.ToString() : context.When(at, series);
            foreach (var block in group)
            {
                var (first, last) = (block[0].Fold, block[^1].Fold);
                table.Row(Markup.Text(block.Count == 1 ? $"{first.Fold}" : $"{first.Fold} to {last.Fold}"),
                    Table.Cell(Range(When(first.Cutoff), When(last.Cutoff))),
                    Table.Cell(When(first.FitCutoff)),
                    Table.Cell(When(first.FitFrom)),
                    Table.Cell(Range(When(first.LatestAvailableAt), When(last.LatestAvailableAt))),
                    Table.Cell(Range(When(first.FirstTarget), When(last.FirstTarget))));
            }
        }

        var left = blocks.Length > MostBlocks ? Markup.Of($"<p class=\"note\">{blocks.Length - MostBlocks} further lines are left out of the report; the run's store has them all.</p>") : Markup.Empty;
        return Markup.Of($"<details><summary>What each fold could read: {Numbers.Count(blocks.Length)} lines</summary>{table.Render("compact")}{left}</details>");
    }

    private static string Range(string from, string to) => string.Equals(from, to, StringComparison.Ordinal) ? from : $"{from} to {to}";

    private static IEnumerable<List<CertifiedFold>> Blocks(IReadOnlyList<CertifiedFold> folds)
    {
        List<CertifiedFold>? block = null;
        foreach (var fold in folds.GroupBy(f => (f.Model, f.Fold.Series)).SelectMany(g => g.OrderBy(f => f.Fold.Fold)))
        {
            var same = block is not null && string.Equals(block[0].Model, fold.Model, StringComparison.Ordinal) && string.Equals(block[0].Fold.Series, fold.Fold.Series, StringComparison.Ordinal)
                && block[0].Fold.FitCutoff == fold.Fold.FitCutoff && block[0].Fold.FitFrom == fold.Fold.FitFrom;
            if (!same)
            {
                if (block is not null) yield return block;
                block = [];
            }

            block!.Add(fold);
        }

        if (block is not null) yield return block;
    }
}
