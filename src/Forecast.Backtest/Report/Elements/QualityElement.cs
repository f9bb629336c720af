using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;
using Forecast.Core.Time;

namespace Forecast.Backtest.Report.Elements;

/// <summary>What was missing, what failed and what was repaired.</summary>
public sealed class QualityElement : IReportElement
{
    private const int MostFailures = 100;

    public string Id => "quality";

    public string Title => "Gaps, failures and repairs";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ReportSection.Of(Markup.Of($"""
            <h3>Gaps in the data</h3>{Gaps(context)}
            <h3>Failures</h3>{Failures(context)}
            <h3>Repaired quantiles</h3>{Repairs(context)}
            <h3>Notes</h3>{Notes(context)}
            """));
    }

    private static Markup Gaps(ReportContext context)
    {
        if (context.Result.Series.Count == 0) return Markup.Of($"<p>The run has no series.</p>");
        var table = new Table("Gaps").Text("Series").Number("Rows").Number("Missing values", "in rows").Number("Absent dates", "by frequency and calendar").Text("Longest stretch without a value");
        foreach (var s in context.Result.Series.Take(context.Options.TableSeries))
        {
            var absent = AbsentDates(context, s);
            table.Row(Markup.Text(s.Id), Table.Count(s.Times.Count), Table.Count(s.Values.Count(double.IsNaN)),
                absent is { } n ? Table.Count(n) : table.Missing("the calendar is not known here"), Table.Cell(Longest(context, s)));
        }

        return Markup.Of($"{table.Render()}<p class=\"note\">Nothing was filled in: charts break at missing values and missing outcomes are not scored.</p>");
    }

    /// <summary>Dates that the frequency and the calendar expect between first and last row and that no row has.</summary>
    private static int? AbsentDates(ReportContext context, SeriesInfo s)
    {
        if (!TradingCalendar.Names.Contains(s.Calendar, StringComparer.OrdinalIgnoreCase)) return null;
        var frequency = context.FrequencyOf(s);
        var calendar = TradingCalendar.Get(s.Calendar);
        var absent = 0;
        for (var i = 1; i < s.Times.Count; i++)
        {
            for (var k = 1; frequency.Add(s.Times[i - 1], k, calendar) < s.Times[i]; k++) absent++;
        }

        return absent;
    }

    private static string Longest(ReportContext context, SeriesInfo s)
    {
        int best = 0, bestStart = 0, run = 0;
        for (var i = 0; i < s.Values.Count; i++)
        {
            run = double.IsNaN(s.Values[i]) ? run + 1 : 0;
            if (run > best) (best, bestStart) = (run, i - run + 1);
        }

        return best == 0 ? "none" : $"{best} rows from {context.When(s.Times[bestStart], s)}";
    }

    private static Markup Failures(ReportContext context)
    {
        var failures = context.Result.Failures;
        if (failures.Count == 0) return Markup.Of($"<p>None: every model gave every forecast that the plan asked for.</p>");
        var table = new Table($"{failures.Count} failures").Text("Model").Text("Series").Text("Cutoff").Text("What happened").Text("Code");
        foreach (var f in failures.Take(MostFailures))
        {
            var series = context.Result.Series.FirstOrDefault(s => string.Equals(s.Id, f.Series, StringComparison.Ordinal));
            table.Row(Markup.Text(f.Model), Table.Cell(f.Series), Table.Cell(series is null ? f.Cutoff.ToString() : context.When(f.Cutoff, series)), Table.Cell(f.Message), Table.Cell(Markup.Of($"<code>{f.Code}</code>")));
        }

        var more = failures.Count > MostFailures ? Markup.Of($"<p class=\"note\">{failures.Count - MostFailures} more failures are in the run's store.</p>") : Markup.Empty;
        return Markup.Of($"<p>The forecasts of these folds are left out; all others are kept.</p>{table.Render()}{more}");
    }

    private static Markup Notes(ReportContext context)
    {
        var notes = context.Result.Notes;
        if (notes.Count == 0) return Markup.Of($"<p>None: no model had anything to say about its own forecasts.</p>");
        var table = new Table("Notes of the models").Text("Model").Text("Series").Text("Note").Number("Forecasts");
        foreach (var n in notes.Take(MostFailures)) table.Row(Markup.Text(n.Model), Table.Cell(n.Series), Table.Cell(n.Text), Table.Count(n.Count));
        var more = notes.Count > MostFailures ? Markup.Of($"<p class=\"note\">{notes.Count - MostFailures} more notes are in the run's store.</p>") : Markup.Empty;
        return Markup.Of($"{table.Render()}{more}");
    }

    private static Markup Repairs(ReportContext context)
    {
        var repairs = context.Result.Repairs;
        if (repairs is null) return Markup.Of($"<p>Not counted by the engine that made this run.</p>");
        if (repairs.Count == 0) return Markup.Of($"<p>None: no model gave quantiles that crossed.</p>");
        var table = new Table("Forecasts whose quantiles crossed and were re-ordered").Text("Model").Text("Series").Number("Folds").Number("Steps");
        foreach (var g in repairs.GroupBy(r => (r.Model, r.Series)))
            table.Row(Markup.Text(g.Key.Model), Table.Cell(g.Key.Series), Table.Count(g.Select(r => r.Fold).Distinct().Count()), Table.Count(g.Sum(r => r.Steps)));
        return table.Render();
    }
}
