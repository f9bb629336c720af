using System.Globalization;

namespace Forecast.Hosting.Retraining;

/// <summary>Asks a promotion rule's questions of a contest.</summary>
internal static class RuleBook
{
    /// <summary>Two-sided 99 % of the normal law: a share further off its level than this many standard errors is no chance.</summary>
    private const double Chance = 2.576;

    public static IReadOnlyList<RuleCheck> Ask(PromotionRule rule, ContestFindings contest)
    {
        var checks = new List<RuleCheck> { Metric(rule, contest) };
        if (rule.Miscalibration is { } most) checks.Add(Calibration(most, contest));
        if (rule.Risk.Count > 0) checks.Add(Risk(rule, contest));
        return checks;
    }

    private static RuleCheck Metric(PromotionRule rule, ContestFindings contest)
    {
        if (contest.Candidate is not { } candidate) return new RuleCheck("metric", false, $"the candidate gave no {rule.Metric} on the newest folds");
        if (contest.ChampionParameters == "none") return new RuleCheck("metric", true, Text($"{rule.Metric} is {candidate:G6}, and there is no champion"));
        if (contest.ChampionParameters == "same") return new RuleCheck("metric", true, Text($"the champion is the same model and has read some of the newest folds: the candidate is that model on newer data ({rule.Metric} {candidate:G6})"));
        if (contest.Champion is not { } champion) return new RuleCheck("metric", true, Text($"{rule.Metric} is {candidate:G6}, and the champion cannot forecast these data"));
        var most = (1 - rule.MinImprovement) * champion;
        return new RuleCheck("metric", candidate <= most, Text($"{rule.Metric} is {candidate:G6} against the champion's {champion:G6}; at most {most:G6} was asked"));
    }

    private static RuleCheck Calibration(double most, ContestFindings contest)
    {
        if (contest.Calibration.Count == 0) return new RuleCheck("calibration", false, "the candidate gave no quantiles to judge");
        var worst = contest.Calibration.MaxBy(c => Math.Abs(c.Share - c.Level) - Allowed(c))!;
        var passed = Math.Abs(worst.Share - worst.Level) <= Allowed(worst);
        return new RuleCheck("calibration", passed, Text($"{worst.Share:P1} of {worst.Count} values lie below the {worst.Level} quantile; {Allowed(worst):G3} off was allowed"));

        double Allowed(LevelShare c) => Math.Max(most, Chance * Math.Sqrt(c.Level * (1 - c.Level) / c.Count));
    }

    private static RuleCheck Risk(PromotionRule rule, ContestFindings contest)
    {
        if (contest.Risk.Count == 0) return new RuleCheck("risk", false, "the candidate gave no VaR to test");
        var failed = contest.Risk.FirstOrDefault(t => t.KupiecPValue < rule.PValue || t.ChristoffersenPValue < rule.PValue);
        return failed is null
            ? new RuleCheck("risk", true, Text($"{contest.Risk.Count} VaR series pass Kupiec's and Christoffersen's tests at {rule.PValue}"))
            : new RuleCheck("risk", false, Text($"series '{failed.Series}', tail {failed.Alpha}: {failed.Exceedances} exceedances in {failed.Days} rows (p {failed.KupiecPValue:G3} by Kupiec, {failed.ChristoffersenPValue:G3} by Christoffersen)"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
