using Forecast.Backtest.Metrics;
using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;

namespace Forecast.Backtest.Report;

/// <summary>One Diebold-Mariano comparison on one series, with its p-value read together with its family's.</summary>
/// <param name="First">Model whose losses come first.</param>
/// <param name="Second">Model that it is compared with.</param>
/// <param name="Test">The test; negative: the first has the smaller loss.</param>
/// <param name="Adjusted">p-value after Holm's adjustment; NaN where the test could not be made.</param>
public sealed record Comparison(ModelStyle First, ModelStyle Second, DieboldMarianoResult Test, double Adjusted);

/// <summary>Which differences between models are more than chance.</summary>
public static class Significance
{
    private const double Level = 0.05;

    /// <summary>Every later model against the baseline on one series; Holm's adjustment over those.</summary>
    public static IReadOnlyList<Comparison> AgainstBaseline(ReportContext context, string series)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Adjusted(context, series, [.. context.Models.Skip(1).Select(m => (m, context.Baseline))]);
    }

    /// <summary>Every pair of models on one series; Holm's adjustment over all of them.</summary>
    public static IReadOnlyList<Comparison> AllPairs(ReportContext context, string series)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Adjusted(context, series, [.. context.Models.SelectMany(a => context.Models.Where(b => b.Position < a.Position).Select(b => (a, b)))]);
    }

    /// <summary>
    /// Folds over which the losses of one fold are tied to the next: with horizon H, embargo g and step S, the errors of origins
    /// less than H + g rows apart share outcomes, which are 1 + floor((H + g - 1)/S) folds.
    /// </summary>
    public static int Overlap(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = context.Result.Spec.Plan;
        return 1 + ((plan.Horizon + plan.Gap - 1) / plan.EffectiveStep);
    }

    /// <summary>A triangle up for better than the baseline, down for worse, a dot for no evidence, and the p-value.</summary>
    public static Markup Mark(ReportContext context, ModelStyle model, string series)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        if (model.IsBaseline) return Markup.Empty;
        var found = context.BaselineComparisons(series).First(c => c.First.Position == model.Position);
        return Markup.Of($"<span class=\"p\">{Sign(found)}</span>");
    }

    /// <summary>The sign of a comparison with its p-value.</summary>
    public static Markup Sign(Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (double.IsNaN(comparison.Adjusted)) return Markup.Of($"<i title=\"{comparison.Test.Note}\">\u2013</i>");
        var p = comparison.Adjusted < 0.001 ? "p<0.001" : $"p={Numbers.PValue(comparison.Adjusted)}";
        if (comparison.Adjusted >= Level) return Markup.Of($"<i class=\"none\" title=\"no evidence of a difference\">•</i> {p}");
        return comparison.Test.MeanDifference < 0
            ? Markup.Of($"<i class=\"good\" title=\"better\">▲</i> {p}")
            : Markup.Of($"<i class=\"bad\" title=\"worse\">▼</i> {p}");
    }

    /// <summary>How to read the marks of the score table.</summary>
    public static Markup Legend(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Models.Count < 2
            ? Markup.Empty
            : Markup.Of($" Beside {context.Score.Name}: <i class=\"good\">▲</i> better and <i class=\"bad\">▼</i> worse than the baseline at 5 %, • no evidence of a difference (<a href=\"#significance\">Diebold-Mariano with Holm's adjustment</a>).");
    }

    private static Comparison[] Adjusted(ReportContext context, string series, (ModelStyle First, ModelStyle Second)[] pairs)
    {
        var tests = Array.ConvertAll(pairs, p => Test(PairedLosses.Of(context.Group(p.First.Name, series), context.Group(p.Second.Name, series), context.Score.Of), Overlap(context)));
        var adjusted = HolmCorrection.Adjust(Array.ConvertAll(tests, t => t.PValue));
        return [.. pairs.Select((p, i) => new Comparison(p.First, p.Second, tests[i], adjusted[i]))];
    }

    private static DieboldMarianoResult Test(PairedLosses losses, int overlap)
    {
        var differences = losses.First.Zip(losses.Second, (a, b) => a - b).ToArray();
        var test = DieboldMariano.OfDifferences(differences, overlap);
        // A rectangular long-run variance may come out negative; Bartlett's never does.
        return double.IsNaN(test.PValue) && overlap > 1 && differences.Length > overlap ? DieboldMariano.OfDifferences(differences, overlap, LongRunKernel.Bartlett) : test;
    }
}
