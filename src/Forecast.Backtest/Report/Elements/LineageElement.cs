using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Where the numbers came from and how to make them again.</summary>
public sealed class LineageElement : IReportElement
{
    public string Id => "lineage";

    public string Title => "Lineage";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var l = context.Result.Lineage;
        var rows = new (string Name, string Value)[]
        {
            ("Run", l.RunId),
            ("Made", $"{l.CreatedAt.InUtc():uuuu-MM-dd HH:mm:ss} UTC"),
            ("Engine", l.Engine),
            ("Seed", l.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Device", l.Device),
            ("Threads", l.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Data hash", context.Result.Certificate.DataHash),
            ("Predictions hash", context.Result.PredictionsHash),
        };
        var command = l.Command.Length == 0
            ? Markup.Of($"<p class=\"note\">The run recorded no command line.</p>")
            : Markup.Of($"<p>This command makes the run again:</p><pre><code>{l.Command}</code></pre>");
        return ReportSection.Of(Markup.Of($"""
            <dl class="facts">{Markup.Join(rows.Select(r => Markup.Of($"<div><dt>{r.Name}</dt><dd><code>{r.Value}</code></dd></div>")))}</dl>
            {command}
            <p class="note">With engine build, threads and device class as here, the same run gives the same predictions hash, bit for bit.</p>
            """));
    }
}
