using System.Reflection;
using System.Text;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report;

/// <summary>Writes a run as one HTML file that opens without a network: styles, charts and data are inside it.</summary>
public static class ReportWriter
{
    /// <summary>Writes the report in UTF-8. The same result gives the same bytes.</summary>
    public static void Write(BacktestResult result, Stream output, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(Encoding.UTF8.GetBytes(Render(result, ReportElements.Default, options ?? new ReportOptions())));
    }

    /// <summary>Writes the report as text.</summary>
    public static void Write(BacktestResult result, TextWriter output, ReportOptions? options = null) => Write(new RunFindings(result), output, options);

    /// <summary>Writes the report as text; what is found for it can be asked for again afterwards.</summary>
    public static void Write(RunFindings findings, TextWriter output, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(Render(findings, ReportElements.Default, options ?? new ReportOptions()));
    }

    /// <summary>The parts of the report one by one, for pages that show some of them.</summary>
    public static IEnumerable<ReportPart> Parts(RunFindings findings, ReportOptions? options = null)
    {
        var context = new ReportContext(findings, options ?? new ReportOptions());
        foreach (var element in ReportElements.Default)
        {
            var section = element.Render(context);
            yield return new ReportPart(element.Id, element.Title, section.Absence, section.Body.ToString());
        }
    }

    /// <summary>The page made of the given elements. What is too large is drawn with fewer points and fewer series until it fits.</summary>
    /// <exception cref="InvalidOperationException">Even the least detail does not fit into <see cref="ReportOptions.MaxBytes"/>.</exception>
    public static string Render(BacktestResult result, IReadOnlyList<IReportElement> elements, ReportOptions options) => Render(new RunFindings(result), elements, options);

    private static string Render(RunFindings findings, IReadOnlyList<IReportElement> elements, ReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(elements);
        ArgumentNullException.ThrowIfNull(options);
        while (true)
        {
            var page = Page(new ReportContext(findings, options), elements);
            var size = Encoding.UTF8.GetByteCount(page);
            if (size <= options.MaxBytes) return page;
            if (options is { MaxPoints: <= 50, DetailSeries: 1, TableSeries: 1 })
                throw new InvalidOperationException($"the report needs {size} bytes at its least detail; {options.MaxBytes} are allowed");
            options = options with
            {
                MaxPoints = Math.Max(50, options.MaxPoints / 2),
                DetailSeries = Math.Max(1, options.DetailSeries * 2 / 3),
                TableSeries = Math.Max(1, options.TableSeries * 2 / 3),
            };
        }
    }

    private static string Page(ReportContext context, IReadOnlyList<IReportElement> elements)
    {
        var result = context.Result;
        var sections = elements.Select(e => (Element: e, Section: e.Render(context))).ToArray();
        var contents = Markup.Join(sections.Select(s => Markup.Of($"<li{Quiet(s.Section)}><a href=\"#{s.Element.Id}\">{s.Element.Title}</a></li>")));
        var body = Markup.Join(sections.Select(s => Section(s.Element, s.Section)));
        return Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <meta name="generator" content="Forecast {result.Lineage.Engine}">
            <title>Back-test of {Name(result.Spec.Data)}: {string.Join(", ", result.Spec.Models)}</title>
            <style>{Markup.Trusted(Asset("report.css"))}{PageFooter(result.Lineage.RunId)}</style>
            <noscript><style>.plot,.needs-script{Markup.Trusted("{display:none}")}</style></noscript>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            <header>
            <p class="kind">Back-test report</p>
            <h1>{Name(result.Spec.Data)}</h1>
            <p class="meta">Run <code>{result.Lineage.RunId}</code> · {$"{result.Lineage.CreatedAt.InUtc():uuuu-MM-dd HH:mm}"} UTC · Forecast {result.Lineage.Engine}</p>
            </header>
            <div class="page">
            <nav aria-label="Contents"><h2>Contents</h2><ol>{contents}</ol>
            <p class="hint needs-script">Tab into a chart and step with the arrow keys; + − 0 or Ctrl with the wheel zoom; an entry of a key hides its layer.</p></nav>
            <main id="main">
            <noscript><p class="notice">Charts need script. All tables are readable without it.</p></noscript>
            {body}
            </main>
            </div>
            <footer>Forecast {result.Lineage.Engine} · run {result.Lineage.RunId} · all times UTC</footer>
            <!--
            {Markup.Trusted(Asset("THIRD-PARTY.txt"))}-->
            <script>{Markup.Trusted(Asset("report-charts.js"))}</script>
            </body>
            </html>

            """).ToString();
    }

    /// <summary>Run id and page number at the foot of each printed page; only harmless characters may enter a style sheet.</summary>
    private static Markup PageFooter(string runId)
    {
        var id = new string([.. runId.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);
        return Markup.Trusted($"@page{{@bottom-left{{content:\"Forecast, run {id}\";font:8pt sans-serif;color:#55606f}}@bottom-right{{content:counter(page) \" / \" counter(pages);font:8pt sans-serif;color:#55606f}}}}");
    }

    /// <summary>Data named by a path are headed by their file; the whole path stands among the facts.</summary>
    private static string Name(string data) => data.Contains('/', StringComparison.Ordinal) && !data.Contains(' ', StringComparison.Ordinal) ? data[(data.LastIndexOf('/') + 1)..] : data;

    private static Markup Quiet(ReportSection section) => section.Absence.Length > 0 ? Markup.Of($" class=\"quiet\"") : Markup.Empty;

    private static Markup Section(IReportElement element, ReportSection section) => section.Absence.Length > 0
        ? Markup.Of($"<section id=\"{element.Id}\" class=\"absent\"><h2>{element.Title}</h2><p>Not shown: {section.Absence}</p></section>")
        : Markup.Of($"<section id=\"{element.Id}\"><h2>{element.Title}</h2>\n{section.Body}\n</section>");

    private static string Asset(string name)
    {
        var resource = $"Forecast.Backtest.Report.Assets.{name}";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the build left out the resource {resource}");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
