using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report;

/// <summary>One part of the report. A new part is a class with this interface and a place in <see cref="ReportElements.Default"/>.</summary>
public interface IReportElement
{
    /// <summary>Anchor: lower-case letters and dashes, unique in the report.</summary>
    string Id { get; }

    /// <summary>Heading and line of the contents list.</summary>
    string Title { get; }

    /// <summary>The part for this run; when there is nothing to show, a section that says why.</summary>
    ReportSection Render(ReportContext context);
}

/// <summary>What an element gives: a body, or one line that says why there is none.</summary>
public sealed record ReportSection
{
    private ReportSection(Markup body, string absence) => (Body, Absence) = (body, absence);

    public Markup Body { get; }

    /// <summary>Why there is no body; empty when there is one.</summary>
    public string Absence { get; }

    public static ReportSection Of(Markup body) => new(body, "");

    public static ReportSection Nothing(string reason) => new(Markup.Empty, reason);
}
