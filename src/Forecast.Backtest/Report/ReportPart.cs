namespace Forecast.Backtest.Report;

/// <summary>A part of a report.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Absence">Why there is nothing to show; empty when there is.</param>
/// <param name="Html">Safe HTML: values of the data are escaped, charts stand as specifications in inert script elements.</param>
public sealed record ReportPart(string Id, string Title, string Absence, string Html);
