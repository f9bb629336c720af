using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>The score of each fold over time, and how the gain over the baseline built up.</summary>
public sealed class FoldErrorElement : IReportElement
{
    /// <summary>More folds than this are too dense to tell models apart; means over blocks are drawn as well.</summary>
    private const int Dense = 80;

    public string Id => "fold-errors";

    public string Title => "Error per fold";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var parts = context.Details.Select((s, i) => (Series: s, Cards: Cards(context, s, i).ToArray())).Where(p => p.Cards.Length > 0).ToArray();
        if (parts.Length == 0) return ReportSection.Nothing("no fold has a score");
        var key = context.Models.Select(KeyEntry.For).ToArray();
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">{context.Score.Name} of every fold ({context.Score.FullName}, mean over its steps). The running sum shows when a model gained or lost against the baseline: a falling line gains.</p>
            {Markup.Join(parts.Select(p => Markup.Of($"<h3>{p.Series.Id}</h3>{ChartCard.Grid(p.Cards, p.Cards.Length == 3 ? 2 : p.Cards.Length, key)}")))}
            """));
    }

    private static IEnumerable<ChartCard> Cards(ReportContext context, SeriesInfo series, int index)
    {
        var lines = context.Models.Select(m => (Model: m, Losses: Losses(context, m, series))).Where(l => l.Losses.Any(p => double.IsFinite(p.Loss))).ToArray();
        if (lines.Length == 0) yield break;
        yield return Errors(context, series, index, lines);
        if (lines.Max(l => l.Losses.Length) > Dense) yield return BlockMeans(context, series, index, lines);
        var sums = context.Models.Skip(1).Select(m => (Model: m, Pairs: context.AgainstBaseline(m.Name, series.Id))).Where(p => p.Pairs.Count > 1).ToArray();
        if (sums.Length > 0) yield return RunningSum(context, series, index, sums);
    }

    private static ChartCard Errors(ReportContext context, SeriesInfo series, int index, (ModelStyle Model, (double X, double Loss)[] Losses)[] lines)
    {
        var scale = NiceAxis.Holding(lines.SelectMany(l => l.Losses.Select(p => p.Loss)).Append(0));
        var thinned = Array.ConvertAll(lines, l => (l.Model, Points: Thinning.Keep([Array.ConvertAll(l.Losses, p => p.Loss)], context.Options.MaxPoints).Select(i => l.Losses[i]).ToArray()));
        var dense = thinned.Max(l => l.Points.Length) > Dense;
        var worst = lines.SelectMany(l => l.Losses.Select(p => (l.Model, p.X, p.Loss))).Where(p => double.IsFinite(p.Loss)).MaxBy(p => p.Loss);
        return new ChartCard($"folds-{index}", $"{context.Score.Name} per fold", $"{ReportContext.UnitOf(series)}; n = {Numbers.Count(lines.Max(l => l.Losses.Count(p => double.IsFinite(p.Loss))))} folds; lower is better", new ChartSpec
        {
            Description = $"{series.Id}: {context.Score.Name} of each fold for {lines.Length} models; the largest is {Numbers.Significant(worst.Loss)} by {worst.Model.Name}.",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", $"{context.Score.Name}, {ReportContext.UnitOf(series)}"),
            Xs = [.. thinned.Select(l => Array.ConvertAll(l.Points, p => p.X))],
            Layers =
            [
                .. thinned.Select((l, i) => new LineLayer(i, Array.ConvertAll(l.Points, p => p.Loss))
                {
                    Label = l.Model.Name, Key = $"model-{l.Model.Position}", Color = l.Model.Color, Dash = dense ? null : l.Model.Dash, Width = dense ? 1 : 1.5, Symbol = dense ? null : l.Model.Symbol,
                }),
            ],
            Zoom = dense ? true : null,
        }, 240)
        { Wide = dense };
    }

    /// <summary>Means over blocks of folds that follow each other: a count, stated, and no smoothing. A block that lacks a fold has none.</summary>
    private static ChartCard BlockMeans(ReportContext context, SeriesInfo series, int index, (ModelStyle Model, (double X, double Loss)[] Losses)[] lines)
    {
        var size = Math.Max(2, lines.Max(l => l.Losses.Length) / 40);
        var blocks = Array.ConvertAll(lines, l => (l.Model, Points: l.Losses.Chunk(size).Where(c => c.Length == size).Select(c => (c[0].X, Mean: c.Average(p => p.Loss))).ToArray()));
        var scale = NiceAxis.Holding(blocks.SelectMany(b => b.Points.Select(p => p.Mean)).Append(0));
        return new ChartCard($"blocks-{index}", $"Mean {context.Score.Name} of each {size} folds", $"{ReportContext.UnitOf(series)}; drawn from the first fold of each block; lower is better", new ChartSpec
        {
            Description = $"{series.Id}: mean {context.Score.Name} over blocks of {size} folds that follow each other, for {lines.Length} models.",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", $"{context.Score.Name}, {ReportContext.UnitOf(series)}"),
            Xs = [.. blocks.Select(b => Array.ConvertAll(b.Points, p => p.X))],
            Layers = [.. blocks.Select((b, i) => new LineLayer(i, Array.ConvertAll(b.Points, p => p.Mean)) { Label = b.Model.Name, Key = $"model-{b.Model.Position}", Color = b.Model.Color, Dash = b.Model.Dash, Width = 1.5, Step = true })],
        }, 240);
    }

    private static ChartCard RunningSum(ReportContext context, SeriesInfo series, int index, (ModelStyle Model, PairedLosses Pairs)[] sums)
    {
        var places = Places(context, series);
        double[] xs = [.. places.Values];
        var curves = Array.ConvertAll(sums, s => (s.Model, X: xs, Y: Cumulated(s.Pairs, places.Keys)));
        var thinned = Array.ConvertAll(curves, c => (c.Model, Keep: Thinning.Keep([c.Y], context.Options.MaxPoints), c.X, c.Y));
        var scale = NiceAxis.Holding(curves.SelectMany(c => c.Y).Append(0));
        var ends = string.Join("; ", curves.Select(c => $"{c.Model.Name} {Numbers.Significant(c.Y.Last(double.IsFinite))}"));
        return new ChartCard($"gain-{index}", "Running sum of the difference", $"{context.Score.Name} minus that of {context.Baseline.Name}, summed over folds; n = {Numbers.Count(sums.Max(s => s.Pairs.Count))}", new ChartSpec
        {
            Description = $"{series.Id}: running sum of {context.Score.Name} minus that of {context.Baseline.Name}; below zero is better. At the end: {ends}.",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", $"sum, {ReportContext.UnitOf(series)}"),
            Xs = [.. thinned.Select(c => c.Keep.Select(i => c.X[i]).ToArray())],
            Layers =
            [
                new RuleLayer("y", 0) { Color = "muted", Dash = "dashed", Width = 1.5 },
                .. thinned.Select((c, i) => new LineLayer(i, [.. c.Keep.Select(k => c.Y[k])]) { Label = c.Model.Name, Key = $"model-{c.Model.Position}", Color = c.Model.Color, Dash = c.Model.Dash, Width = 1.75 }),
            ],
            Zoom = sums.Max(s => s.Pairs.Count) > 60 ? true : null,
        }, 240);
    }

    /// <summary>Mean loss of each fold of the run; NaN where this model has none, so that its line breaks there.</summary>
    private static (double X, double Loss)[] Losses(ReportContext context, ModelStyle model, SeriesInfo series)
    {
        var own = context.Group(model.Name, series.Id).Folds.ToDictionary(f => f[0].Fold, f => f.Select(context.Score.Of).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average());
        return [.. Places(context, series).Select(p => (p.Value, own.GetValueOrDefault(p.Key, double.NaN)))];
    }

    /// <summary>Places on the x axis of all folds of the run, in time.</summary>
    private static SortedDictionary<int, double> Places(ReportContext context, SeriesInfo series) => new(context.Models
        .SelectMany(m => context.Group(m.Name, series.Id).Folds)
        .GroupBy(f => f[0].Fold).ToDictionary(g => g.Key, g => context.Place(g.First()[0].ObservedAt, series)));

    /// <summary>Running sum over the common folds; NaN at the others.</summary>
    private static double[] Cumulated(PairedLosses pairs, IEnumerable<int> folds)
    {
        var differences = pairs.Folds.Select((f, i) => (f, Difference: pairs.First[i] - pairs.Second[i])).ToDictionary(p => p.f, p => p.Difference);
        double sum = 0;
        return [.. folds.Select(f => differences.TryGetValue(f, out var d) ? sum += d : double.NaN)];
    }
}
