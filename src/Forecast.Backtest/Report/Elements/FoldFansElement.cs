using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Fans of the best, the median and the worst fold of each model, by score: what good and bad days look like.</summary>
public sealed class FoldFansElement : IReportElement
{
    public string Id => "fans";

    public string Title => "Best, median and worst folds";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.IsMultiStep) return ReportSection.Nothing("the run forecasts one step ahead; its intervals are shown over time");
        var key = FanBuilder.Key(context)
            .Append(new KeyEntry("history and actual", KeyEntry.Line("ink", width: 1.5)))
            .Append(new KeyEntry("actual outside the widest interval", KeyEntry.Mark("ink", "diamond")))
            .Append(new KeyEntry("cutoff", KeyEntry.Line("muted", "dashed", 1)))
            .Append(new KeyEntry("rows fitted on", KeyEntry.Fill("muted", 0.8))).ToList();
        if (context.Result.Spec.Plan.Gap > 0) key.Add(new KeyEntry("embargo", KeyEntry.Fill("warn", 0.1, edged: true)));
        if (context.Details.Any(s => s.Values.Any(double.IsNaN)) || context.Result.Predictions.Any(r => double.IsNaN(r.Actual))) key.Add(new KeyEntry("no value", KeyEntry.Mark("warn", "tick")));
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">Folds are ranked by their {context.Score.FullName}, averaged over the steps. Intervals hold per step, not for a whole path. Panels of one series share their scale.</p>
            {Markup.Join(context.Details.Select((s, i) => Series(context, s, i, key)))}
            {(context.DetailNote is { } note ? Markup.Of($"<p class=\"note\">{note}</p>") : Markup.Empty)}
            """));
    }

    private static Markup Series(ReportContext context, SeriesInfo series, int index, IReadOnlyList<KeyEntry> key)
    {
        var chosen = context.Models.SelectMany(m => Chosen(context, context.Group(m.Name, series.Id)).Select(c => (Model: m, c.Rank, c.Fold, c.Loss))).ToArray();
        if (chosen.Length == 0) return Markup.Of($"<h3>{series.Id}</h3><p class=\"note\">No fold of this series has a score.</p>");
        var scale = NiceAxis.Holding(chosen.SelectMany(c => Extent(context, series, c.Fold)));
        var cards = chosen.Select(c => Card(context, series, $"fan-{index}-{c.Model.Position}-{c.Rank}", c.Model, c.Rank, c.Fold, c.Loss, scale));
        return Markup.Of($"<h3>{series.Id}</h3>{ChartCard.Grid(cards, 3, key)}");
    }

    private static IEnumerable<(string Rank, IReadOnlyList<PredictionRow> Fold, double Loss)> Chosen(ReportContext context, ForecastGroup group)
    {
        var full = group.Folds.Count == 0 ? 0 : group.Folds.Max(f => f.Count(r => !double.IsNaN(r.Actual)));
        var ranked = group.Folds
            .Where(f => f.Count(r => !double.IsNaN(r.Actual)) == full)
            .Select(f => (Fold: f, Loss: f.Select(context.Score.Of).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()))
            .Where(f => double.IsFinite(f.Loss)).OrderBy(f => f.Loss).ThenBy(f => f.Fold[0].Fold).ToArray();
        if (ranked.Length == 0) yield break;
        yield return ("best", ranked[0].Fold, ranked[0].Loss);
        if (ranked.Length > 2) yield return ("median", ranked[(ranked.Length - 1) / 2].Fold, ranked[(ranked.Length - 1) / 2].Loss);
        if (ranked.Length > 1) yield return ("worst", ranked[^1].Fold, ranked[^1].Loss);
    }

    private static ChartCard Card(ReportContext context, SeriesInfo series, string id, ModelStyle model, string rank, IReadOnlyList<PredictionRow> fold, double loss, NiceAxis scale)
    {
        var history = History(context, series, fold);
        double[] past = [.. history.Select(i => context.Place(series.Times[i], series))];
        double[] ahead = [.. fold.Select(r => context.Place(r.ObservedAt, series))];
        var rings = FanBuilder.Rings(context.Intervals);
        bool Outside(PredictionRow r) => rings.Count > 0 && (r.Actual < r.Quantiles[rings[0].Low] || r.Actual > r.Quantiles[rings[0].High]);
        var cutoff = fold[0].Cutoff;
        var fitFrom = context.Result.Certificate.Folds.FirstOrDefault(c => string.Equals(c.Model, model.Name, StringComparison.Ordinal) && c.Fold.Fold == fold[0].Fold && string.Equals(c.Fold.Series, series.Id, StringComparison.Ordinal))?.Fold;
        var layers = new List<ChartLayer>();
        if (FanBuilder.Layer(context, [.. fold], 1, model.Color) is { } fan) layers.Add(fan);
        else layers.Add(new LineLayer(1, [.. fold.Select(r => r.Mean)]) { Label = "mean", Color = model.Color, Width = 2 });
        layers.Add(new LineLayer(0, [.. history.Select(i => series.Values[i])]) { Label = "actual", Color = "ink" });
        layers.Add(new LineLayer(1, [.. fold.Select(r => r.Actual)]) { Label = "actual", Color = "ink", Width = 1 });
        layers.Add(new PointsLayer(1, [.. fold.Select(r => Outside(r) ? double.NaN : r.Actual)], "circle", 4) { Color = "ink" });
        layers.Add(new PointsLayer(1, [.. fold.Select(r => Outside(r) ? r.Actual : double.NaN)], "diamond", 7) { Color = "ink" });
        layers.Add(new RuleLayer("x", context.Place(cutoff, series)) { Color = "muted", Dash = "dashed", Text = $"cutoff {context.When(cutoff, series)}" });
        if (fitFrom is not null && past.Length > 0)
            layers.Add(new SpanLayer(Math.Max(past[0], context.Place(fitFrom.FitFrom, series)), context.Place(fitFrom.FitCutoff, series)) { Color = "muted" });
        if (context.Result.Spec.Plan.Gap > 0) layers.Add(new SpanLayer(context.Place(cutoff, series), ahead[0]) { Color = "warn", Hatched = true });
        var gaps = history.Where(i => double.IsNaN(series.Values[i])).Select(i => context.Place(series.Times[i], series)).Concat(fold.Where(r => double.IsNaN(r.Actual)).Select(r => context.Place(r.ObservedAt, series))).ToArray();
        if (gaps.Length > 0) layers.Add(new LaneLayer(2) { Color = "warn" });
        var when = context.When(cutoff, series);
        return new ChartCard(id, $"{model.Name}, {rank}", $"fold {fold[0].Fold}, cutoff {when}, {context.Score.Name} {Numbers.Significant(loss)}", new ChartSpec
        {
            Description = $"{series.Id}, {model.Name}: the {rank} fold (number {fold[0].Fold}, cutoff {when}) with {context.Score.Name} {Numbers.Significant(loss)}; {fold.Count(Outside)} of {fold.Count} outcomes outside the widest interval shown.",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", ReportContext.UnitOf(series)),
            Xs = gaps.Length > 0 ? [past, ahead, gaps] : [past, ahead],
            Layers = layers,
        }, 220)
        { Chip = model.Color };
    }

    /// <summary>Rows up to the cutoff: three horizons, and at least 24 rows.</summary>
    private static int[] History(ReportContext context, SeriesInfo series, IReadOnlyList<PredictionRow> fold)
    {
        var end = 0;
        while (end < series.Times.Count && series.Times[end] <= fold[0].Cutoff) end++;
        var wanted = Math.Max(24, 3 * context.Result.Spec.Plan.Horizon);
        var start = Math.Max(0, end - wanted);
        return [.. Enumerable.Range(start, end - start)];
    }

    private static IEnumerable<double> Extent(ReportContext context, SeriesInfo series, IReadOnlyList<PredictionRow> fold)
    {
        var rings = FanBuilder.Rings(context.Intervals);
        return fold.SelectMany(r => rings.SelectMany(i => new[] { r.Quantiles[i.Low], r.Quantiles[i.High] }).Append(r.Actual).Append(r.Mean))
            .Concat(History(context, series, fold).Select(i => series.Values[i]));
    }
}
