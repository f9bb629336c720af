using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Three plain sentences: who won and by how much, whether its intervals hold, whether the run can be trusted.</summary>
public sealed class VerdictElement : IReportElement
{
    public string Id => "verdict";

    public string Title => "Verdict";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Result.Predictions.Count == 0)
            return ReportSection.Nothing($"the run has no forecast; {context.Result.Failures.Count} failures are listed below");
        var standings = context.Models.Skip(1).Select(m => Standing.Of(context, m, context.Result.Series.Select(s => s.Id))).ToArray();
        var best = standings.Where(s => double.IsFinite(s.Skill)).OrderByDescending(s => s.Skill).FirstOrDefault();
        var chosen = best is { Skill: > 0 } ? best.Model : context.Baseline;
        var coverage = Coverage.Of(context, chosen.Name);
        return ReportSection.Of(Markup.Of($"""
            <div class="tiles">{Tiles(context, best, chosen.Name, coverage)}</div>
            <ol class="verdict">
            <li>{Winner(context, standings, best)}</li>
            <li>{Calibration(chosen.Name, coverage)}</li>
            <li>{Trust(context)}</li>
            </ol>
            """));
    }

    private static Markup Winner(ReportContext context, Standing[] standings, Standing? best)
    {
        var baseline = context.Baseline.Name;
        var score = context.Score.Name;
        var span = context.Result.Series.Count == 1 ? "one series" : $"{context.Result.Series.Count} series";
        if (standings.Length == 0) return Markup.Of($"<b>{baseline}</b> was the only model of the run, on {span}; there is nothing to compare it with.");
        if (best is null) return Markup.Of($"No model shares a scored fold with the baseline <b>{baseline}</b>, so they cannot be compared.");
        if (best.Skill <= 0)
            return Markup.Of($"No model beat the baseline <b>{baseline}</b>: the nearest, <b>{best.Model.Name}</b>, had a {score} {Numbers.Percent(Math.Abs(best.Skill))} higher over {span} ({Numbers.Count(best.Folds)} common folds){Evidence(best)}.");
        return Markup.Of($"<b>{best.Model.Name}</b> was the most accurate of {context.Models.Count} models: its {score} was {Numbers.Percent(best.Skill)} below that of the baseline <b>{baseline}</b> over {span} ({Numbers.Count(best.Folds)} common folds){Evidence(best)}.");
    }

    private static Markup Evidence(Standing s)
    {
        if (!s.HasInterval) return Markup.Of($"; the folds are too few for an interval");
        var range = $"{Numbers.SignedPercent(s.Low)} to {Numbers.SignedPercent(s.High)}";
        return s.IsClear
            ? Markup.Of($", and the 95 % interval of the gain, {range}, lies clear of zero")
            : Markup.Of($", but the 95 % interval of the gain, {range}, includes zero: no evidence of a difference");
    }

    private static Markup Calibration(string model, Coverage? c)
    {
        if (c is null) return Markup.Of($"The run has no central interval, so nothing can be said about the width of the forecasts of <b>{model}</b>.");
        var verdict = c.Word switch
        {
            "held" => "which is what chance allows",
            "too narrow" => "fewer than chance allows: its intervals are too narrow",
            _ => "more than chance allows: its intervals are too wide",
        };
        return Markup.Of($"Its central {Numbers.Level(c.Nominal)} interval held {Numbers.Percent(c.Observed)} of {Numbers.Count(c.Count)} outcomes ({Numbers.Percent(c.Low)} to {Numbers.Percent(c.High)} expected), {verdict}.");
    }

    private static Markup Trust(ReportContext context)
    {
        var result = context.Result;
        var leakage = result.Certificate.Verdict switch
        {
            "clean" => "The leakage certificate is <b>clean</b>: no fold could read past its cutoff and no weights had seen the data",
            "contaminated" => "The leakage certificate says <b>contaminated</b>: the scores may be better than the models deserve",
            _ => "The leakage certificate says <b>unknown</b>: nobody can say whether pre-trained weights had seen the data",
        };
        var failures = result.Failures.Count switch
        {
            0 => "; no forecast failed",
            1 => "; one forecast failed and is left out",
            var n => $"; {n} forecasts failed and are left out",
        };
        return Markup.Of($"{Markup.Trusted(leakage)}{failures}.");
    }

    private static Markup Tiles(ReportContext context, Standing? best, string chosen, Coverage? coverage)
    {
        var tiles = new List<Markup> { Tile("Best model", Markup.Text(chosen), $"by {context.Score.Name}, lower is better") };
        if (best is not null)
        {
            var range = best.HasInterval ? $"95 %: {Numbers.SignedPercent(best.Low)} to {Numbers.SignedPercent(best.High)}" : "too few folds for an interval";
            tiles.Add(Tile(best.Skill > 0 ? "Gain over the baseline" : "Best challenger's gain", Markup.Text(Numbers.SignedPercent(best.Skill)), range));
        }

        if (coverage is not null)
            tiles.Add(Tile($"{Numbers.Level(coverage.Nominal)} interval", Markup.Of($"{Numbers.Percent(coverage.Observed)} inside"), $"{coverage.Word}; {Numbers.Percent(coverage.Low)} to {Numbers.Percent(coverage.High)} expected"));
        tiles.Add(Tile("Leakage", Badge.For(context.Result.Certificate.Verdict), context.Result.Certificate.Violations.Count == 0 ? "no rule broken" : $"{context.Result.Certificate.Violations.Count} rules broken"));
        return Markup.Join(tiles, "");
    }

    private static Markup Tile(string name, Markup value, string hint) => Markup.Of($"<div><span>{name}</span><strong>{value}</strong><small>{hint}</small></div>");

    /// <summary>Coverage of the interval nearest to 90 % at the first step, with what chance allows.</summary>
    private sealed record Coverage(double Nominal, double Observed, int Count, double Low, double High)
    {
        public string Word => Observed < Low ? "too narrow" : Observed > High ? "too wide" : "held";

        public static Coverage? Of(ReportContext context, string model)
        {
            if (context.Intervals.Count == 0) return null;
            var interval = context.Intervals.MinBy(i => Math.Abs(i.Nominal - 0.9));
            var rows = context.Result.Series.SelectMany(s => context.Group(model, s.Id).AtStep(context.Steps[0]))
                .Where(r => !double.IsNaN(r.Actual + r.Quantiles[interval.Low] + r.Quantiles[interval.High])).ToArray();
            if (rows.Length == 0) return null;
            var inside = rows.Count(r => r.Actual >= r.Quantiles[interval.Low] && r.Actual <= r.Quantiles[interval.High]);
            var (low, high) = BinomialBand.Counts(rows.Length, interval.Nominal);
            return new(interval.Nominal, (double)inside / rows.Length, rows.Length, (double)low / rows.Length, (double)high / rows.Length);
        }
    }
}
