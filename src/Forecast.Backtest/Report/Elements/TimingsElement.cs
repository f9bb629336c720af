using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>What each model cost.</summary>
public sealed class TimingsElement : IReportElement
{
    public string Id => "timings";

    public string Title => "Timings";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var timings = context.Models.Select(m => (Model: m, Timing: context.Result.Timings.FirstOrDefault(t => string.Equals(t.Model, m.Name, StringComparison.Ordinal)))).Where(t => t.Timing is not null).ToArray();
        if (timings.Length == 0) return ReportSection.Nothing("the run recorded no timings");
        var longest = timings.Max(t => t.Timing!.FitSeconds + t.Timing.PredictSeconds);
        var table = new Table("Seconds of work, summed over workers").Text("Model").Number("Fits").Number("Fitting", "s").Number("A fit", "ms").Number("Forecasts").Number("Forecasting", "s").Number("A forecast", "ms").Text("Share");
        foreach (var (model, t) in timings)
        {
            table.Row(Markup.Of($"<i class=\"chip\" style=\"background:var(--{model.Color})\"></i>{model.Name}"),
                Table.Count(t!.Fits), Seconds(t.FitSeconds), Each(table, t.FitSeconds, t.Fits), Table.Count(t.Predictions), Seconds(t.PredictSeconds), Each(table, t.PredictSeconds, t.Predictions), Bar(t, longest));
        }

        return ReportSection.Of(Markup.Of($"""
            <ul class="key"><li><i class="swatch test"></i>fitting</li><li><i class="swatch train"></i>conditioning and forecasting</li></ul>
            {table.Render()}
            """));
    }

    private static Markup Seconds(double s) => Table.Number(s, Numbers.Fixed(s, s < 10 ? 2 : 1));

    private static Markup Each(Table table, double seconds, int count) => count == 0 ? table.Missing("nothing was done") : Table.Number(1000 * seconds / count, Numbers.Significant(1000 * seconds / count));

    private static Markup Bar(ModelTiming t, double longest)
    {
        static string Width(double share) => Numbers.Full(Math.Round(100 * share, 2));
        return longest <= 0
            ? Markup.Of($"<td>\u2013</td>")
            : Markup.Of($"<td class=\"wide\"><div class=\"bar\" aria-hidden=\"true\"><i class=\"test\" style=\"width:{Width(t.FitSeconds / longest)}%\"></i><i class=\"train\" style=\"width:{Width(t.PredictSeconds / longest)}%\"></i></div></td>");
    }
}
