using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Risk;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Does the tail hold: ranking, traffic lights, every test, and the returns with the VaR that was stated for them.</summary>
public sealed class RiskElement : IReportElement
{
    public string Id => "risk";

    public string Title => "Value-at-Risk and expected shortfall";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Result.Spec.Risk is not { Count: > 0 }) return ReportSection.Nothing("the run recorded no risk tails; start the back-test with --risk 0.01,0.025");
        var risks = context.Risk.Where(r => r.Models.Count > 0).ToArray();
        if (risks.Length == 0) return ReportSection.Nothing("no model gave a quantile at the run's risk tails");
        var step = context.IsMultiStep ? $" Step {context.Steps[0]} only." : "";
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">VaR is the loss that is exceeded with the stated probability, ES the mean loss beyond it, both positive and in the unit of the returns.{step}</p>
            {Ranking(context, risks)}
            {Lights(context, risks)}
            {Tests(context, risks)}
            {Markup.Join(context.Details.SelectMany((s, i) => risks.Where(r => string.Equals(r.Series, s.Id, StringComparison.Ordinal)).Select((r, k) => RiskCharts.Of(context, r, s, $"{i}-{k}"))))}
            {Notes(risks)}
            """));
    }

    private static string Heading(RunRisk risk) => $"{risk.Series}, VaR {Numbers.Level(1 - risk.Alpha)}";

    private static Markup Chip(ReportContext context, string model)
    {
        var style = context.Models.First(m => string.Equals(m.Name, model, StringComparison.Ordinal));
        return Markup.Of($"<i class=\"chip\" style=\"background:var(--{style.Color})\"></i>{model}");
    }

    private static Markup Ranking(ReportContext context, RunRisk[] risks)
    {
        var table = new Table("Ranking by tick loss").Text("Model").Number("Tick loss", "×10⁻⁴, lower is better").Number("Joint score", "lower is better").Number("MCS p", "out below 0.100")
            .Number("Against the best", "Diebold-Mariano p").Number("Exceedances", "95 % of right models");
        foreach (var risk in risks)
        {
            table.Group(Markup.Of($"{Heading(risk)} <small>n = {Numbers.Count(risk.Comparison?.Days ?? risk.Models[0].Days)} days</small>"));
            var order = risk.Comparison?.Ranking.Select(r => risk.Models.First(m => string.Equals(m.Model, r.Model, StringComparison.Ordinal))) ?? risk.Models;
            foreach (var tests in order) table.Row(Chip(context, tests.Model), RankCells(table, risk, tests));
        }

        var method = risks.Select(r => r.Comparison?.Method).OfType<string>().FirstOrDefault();
        var note = method is null ? Markup.Empty : Markup.Of($"<p class=\"note\">Models ranked on the days that all of them have. Model confidence set: {method}.</p>");
        return Markup.Of($"<h3>Ranking</h3>{table.Render()}{note}");
    }

    private static IEnumerable<Markup> RankCells(Table table, RunRisk risk, RiskTests tests)
    {
        const string alone = "it takes two models to compare";
        var ranked = risk.Comparison?.Ranking.First(r => string.Equals(r.Model, tests.Model, StringComparison.Ordinal));
        var tick = 1e4 * (ranked?.TickLoss ?? tests.TickLoss);
        var joint = ranked is null ? tests.Shortfall?.JointLoss : ranked.JointLoss;
        yield return Table.Number(tick, Numbers.Fixed(tick, 3), ranked?.Rank == 1);
        yield return joint is { } score ? Table.Number(score, Numbers.Fixed(score, 3)) : table.Missing("the model gives no expected shortfall");
        yield return ranked is null ? table.Missing(alone) : Table.NumberCell(ranked.InConfidenceSet
            ? Markup.Of($"<i class=\"good\" title=\"in the set\">✓</i> {Numbers.PValue(ranked.ConfidenceSetP)}")
            : Markup.Of($"<i class=\"bad\" title=\"out of the set\">▼</i> {Numbers.PValue(ranked.ConfidenceSetP)}"));
        yield return AgainstBest(table, risk, ranked, alone);
        var (low, high) = Statistics.BinomialBand.Counts(tests.Days, tests.Alpha);
        yield return Table.NumberCell(Markup.Of($"{Numbers.Count(tests.Exceedances)} of {Numbers.Count(tests.Days)}<small>{low} to {high}</small>"));
    }

    private static Markup AgainstBest(Table table, RunRisk risk, RankedModel? ranked, string alone)
    {
        if (ranked is null) return table.Missing(alone);
        if (ranked.Rank == 1) return table.Missing("it is the best");
        var best = risk.Comparison!.Ranking[0].Model;
        var pair = risk.Comparison.Pairs.First(p => (p.First, p.Second) == (ranked.Model, best) || (p.First, p.Second) == (best, ranked.Model));
        return pair.PValue is { } p ? Table.Number(p, Numbers.PValue(p)) : table.Missing(pair.Note ?? "");
    }

    /// <summary>Windows of 250 days, and the last days where they are fewer.</summary>
    private static Markup Lights(ReportContext context, RunRisk[] risks)
    {
        var parts = risks.Select(risk =>
        {
            var windows = risk.Models.Max(m => m.TrafficWindows.Count);
            var table = new Table($"Traffic lights, {Heading(risk)}").Text("Model");
            if (windows == 0) table.Text("All days");
            var newest = risk.Days.MaxBy(d => d.Tested.Length)!;
            for (var w = 0; w < windows; w++) table.Text(Window(context, risk, newest, w));
            var regulatory = risk.Models.Any(m => m.TrafficLight.Multiplier is not null);
            if (regulatory) table.Number("Multiplier", "1996").Number("Multiplier", "MAR32, 2023");
            foreach (var tests in risk.Models)
            {
                var lights = windows == 0 ? [tests.TrafficLight] : tests.TrafficWindows.Select(w => w.Light).ToArray();
                var cells = Enumerable.Repeat(Markup.Of($"<td>\u2013</td>"), Math.Max(1, windows) - lights.Length).Concat(lights.Select(l => Table.Cell(Light(l))));
                table.Row(Chip(context, tests.Model), regulatory ? cells.Append(Multiplier(table, tests.TrafficLight.Multiplier)).Append(Multiplier(table, tests.TrafficLight.CurrentMultiplier)) : cells);
            }

            return Markup.Of($"<h4>{Heading(risk)}</h4>{table.Render()}");
        });
        return Markup.Of($"<h3>Traffic light</h3><p class=\"lead\">Exceedances in windows of 250 days; by the Basel Committee's probabilities green is below 95 %, yellow below 99.99 %.</p>{Markup.Join(parts)}");
    }

    private static string Window(ReportContext context, RunRisk risk, RiskDays days, int window)
    {
        var series = context.Result.Series.First(s => string.Equals(s.Id, risk.Series, StringComparison.Ordinal));
        var tests = risk.Models.First(m => string.Equals(m.Model, days.Model, StringComparison.Ordinal)).TrafficWindows[window];
        return $"{context.When(days.Times[days.Tested.Rows[tests.From - 1]], series)} to {context.When(days.Times[days.Tested.Rows[tests.To - 1]], series)}";
    }

    private static Markup Light(TrafficLight light) => light.Zone switch
    {
        "green" => Markup.Of($"<span class=\"badge good\">● green {light.Exceptions}/{light.Days}</span>"),
        "yellow" => Markup.Of($"<span class=\"badge warn\">▲ yellow {light.Exceptions}/{light.Days}</span>"),
        _ => Markup.Of($"<span class=\"badge bad\">■ red {light.Exceptions}/{light.Days}</span>"),
    };

    private static Markup Multiplier(Table table, double? value) => value is { } v ? Table.Number(v, Numbers.Fixed(v, 2)) : table.Missing("the multiplier is defined for 1 % over 250 days");

    private static Markup Tests(ReportContext context, RunRisk[] risks)
    {
        var parts = risks.Select(risk =>
        {
            var rows = risk.Models.Select(RiskRow.Of).ToArray();
            var table = new Table($"Tests, {Heading(risk)}").Text("A small p speaks against");
            foreach (var tests in risk.Models) table.Number(tests.Model, "p");
            foreach (var name in rows.SelectMany(r => r).DistinctBy(r => r.Id))
                table.Row(Markup.Of($"{name.Name} <small>{name.Asks}</small>"), rows.Select(r => Cell(table, r.FirstOrDefault(x => string.Equals(x.Id, name.Id, StringComparison.Ordinal)))));
            var open = context.Details.Any(s => string.Equals(s.Id, risk.Series, StringComparison.Ordinal)) ? " open" : "";
            return Markup.Of($"<details{Markup.Trusted(open)}><summary>{Heading(risk)}</summary>{table.Render("compact")}</details>");
        });
        return Markup.Of($"""
            <h3>Tests</h3>
            <p class="lead"><i class="bad">▼</i> rejected at 5 %. p-values stand for themselves: of twenty tests of a right model one rejects. Small: the statistic.</p>
            {Markup.Join(parts)}
            """);
    }

    private static Markup Cell(Table table, RiskRow? row)
    {
        if (row is null) return table.Missing("the model gives no expected shortfall or no distribution");
        if (double.IsNaN(row.PValue)) return table.Missing(row.Note);
        var p = Numbers.PValue(row.PValue);
        var mark = row.Rejected ? Markup.Of($"<i class=\"bad\" title=\"rejected at 5 %\">▼</i> <b>{p}</b>") : Markup.Text(p);
        var degrees = row.Degrees > 0 ? $", {row.Degrees} df" : "";
        return Markup.Of($"<td class=\"n\" title=\"p = {Numbers.Full(row.PValue)}{degrees}\">{mark}<small>{Numbers.Significant(row.Statistic)}</small></td>");
    }

    private static Markup Notes(RunRisk[] risks)
    {
        var notes = risks.SelectMany(r => r.Notes.Select(n => Markup.Of($"<li>{Heading(r)}, {n.Model}: {n.Text}</li>"))).ToArray();
        return notes.Length == 0 ? Markup.Empty : Markup.Of($"<h3>What is missing</h3><ul>{Markup.Join(notes)}</ul>");
    }
}
