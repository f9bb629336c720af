using Forecast.Backtest.Report.Elements;

namespace Forecast.Backtest.Report;

/// <summary>The parts of a report in reading order: verdict first, evidence after, origin last.</summary>
public static class ReportElements
{
    public static IReadOnlyList<IReportElement> Default { get; } =
    [
        new VerdictElement(),
        new DataElement(),
        new MetricsElement(),
        new SkillElement(),
        new RollingFanElement(),
        new FoldFansElement(),
        new FoldErrorElement(),
        new HorizonErrorElement(),
        new ReliabilityElement(),
        new PitElement(),
        new RiskElement(),
        new ExceedanceElement(),
        new StrategyElement(),
        new SignificanceElement(),
        new CertificateElement(),
        new QualityElement(),
        new ResidualsElement(),
        new TimingsElement(),
        new LineageElement(),
        new GlossaryElement(),
    ];
}
