using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>One-step forecasts over time: the central intervals as they were stated each day, and what came true.</summary>
public sealed class RollingFanElement : IReportElement
{
    public string Id => "rolling";

    public string Title => "Forecasts over time";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsMultiStep) return ReportSection.Nothing("the run forecasts several steps ahead; its fans are shown by fold");
        if (context.Result.Predictions.Count == 0) return ReportSection.Nothing("the run has no forecast");
        var key = FanBuilder.Key(context)
            .Append(new KeyEntry("actual", KeyEntry.Line("ink", width: 1.5), "actual"))
            .Append(new KeyEntry("actual outside the widest interval", KeyEntry.Mark("ink", "diamond"), "outside")).ToList();
        if (context.Result.Predictions.Any(r => double.IsNaN(r.Actual))) key.Add(new KeyEntry("no value came", KeyEntry.Mark("warn", "tick")));
        var parts = context.Details.Select((s, i) => Series(context, s, i, key));
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">Each place on the time axis is a forecast of its own, made one row before. Intervals hold per step, not for a whole path. Panels of one series share their scale.</p>
            {Markup.Join(parts)}
            {(context.DetailNote is { } note ? Markup.Of($"<p class=\"note\">{note}</p>") : Markup.Empty)}
            """));
    }

    private static Markup Series(ReportContext context, SeriesInfo series, int index, IReadOnlyList<KeyEntry> key)
    {
        var panels = context.Models.Select(m => (Model: m, Group: context.Group(m.Name, series.Id))).Where(p => p.Group.Rows.Count > 0).ToArray();
        if (panels.Length == 0) return Markup.Of($"<h3>{series.Id}</h3><p class=\"note\">Every forecast of this series failed.</p>");
        var scale = NiceAxis.Holding(panels.SelectMany(p => p.Group.Rows).SelectMany(r => FanBuilder.Rings(context.Intervals).SelectMany(i => new[] { r.Quantiles[i.Low], r.Quantiles[i.High] }).Append(r.Actual).Append(context.Intervals.Count == 0 ? r.Mean : r.Actual)));
        var cards = panels.Select(p => Card(context, series, index, p.Model, p.Group, scale));
        return Markup.Of($"<h3>{series.Id}</h3>{ChartCard.Grid(cards, panels.Length == 1 ? 1 : 2, key)}");
    }

    private static ChartCard Card(ReportContext context, SeriesInfo series, int index, ModelStyle model, ForecastGroup group, NiceAxis scale)
    {
        var rings = FanBuilder.Rings(context.Intervals);
        bool Outside(PredictionRow r) => rings.Count > 0 && (r.Actual < r.Quantiles[rings[0].Low] || r.Actual > r.Quantiles[rings[0].High]);
        var rows = FoldRows.Of(context, series, group.Rows);
        rows = rings.Count == 0
            ? rows.Thinned(context.Options.MaxPoints, _ => false, r => r.Actual, r => r.Mean)
            : rows.Thinned(context.Options.MaxPoints, _ => false, r => r.Actual, r => r.Quantiles[rings[0].Low], r => r.Quantiles[rings[0].High]);
        var xs = rows.Places;
        var outside = rows.Curve(r => Outside(r) ? r.Actual : double.NaN);
        double[] missing = [.. group.Rows.Where(r => double.IsNaN(r.Actual)).Select(r => context.Place(r.ObservedAt, series))];
        var layers = new List<ChartLayer>();
        if (FanBuilder.Layer(context, rows.Rows, 0, model.Color) is { } fan) layers.Add(fan);
        if (rings.Count == 0 || context.LevelIndex(0.5) < 0) layers.Add(new LineLayer(0, rows.Curve(r => r.Mean)) { Label = "mean", Color = model.Color, Dash = "dotted" });
        layers.Add(new LineLayer(0, rows.Curve(r => r.Actual)) { Label = "actual", Key = "actual", Color = "ink", Width = xs.Length > 150 ? 1 : 1.5 });
        if (outside.Any(double.IsFinite)) layers.Add(new PointsLayer(0, outside, "diamond", 6) { Key = "outside", Color = "ink" });
        if (missing.Length > 0) layers.Add(new LaneLayer(1) { Color = "warn" });
        var scored = group.Rows.Count(r => !double.IsNaN(r.Actual));
        var hits = rings.Count == 0 ? "" : $" {group.Rows.Count(Outside)} of {scored} outcomes lie outside the {Numbers.Level(rings[0].Nominal)} interval.";
        var window = $"{context.When(group.Rows[0].ObservedAt, series)} to {context.When(group.Rows[^1].ObservedAt, series)}";
        return new ChartCard($"rolling-{index}-{model.Position}", model.Name, $"n = {Numbers.Count(group.Rows.Count)}, {window}", new ChartSpec
        {
            Description = $"{series.Id}, {model.Name}: forecasts one row ahead with the outcomes, {window}.{hits}",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", ReportContext.UnitOf(series)),
            Xs = missing.Length > 0 ? [xs, missing] : [xs],
            Layers = layers,
            Zoom = group.Rows.Count > 60 ? true : null,
        }, 230)
        { Chip = model.Color };
    }
}
