using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;
using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Charts of one series and tail: returns with VaR, ES and exceedances model by model, and how the exceedances added up.</summary>
internal static class RiskCharts
{
    private const int BandPoints = 100;

    public static Markup Of(ReportContext context, RunRisk risk, SeriesInfo series, string id)
    {
        var all = risk.Days.SelectMany(d => d.Tested.Returns.Concat(d.Tested.ValueAtRisk.Select(v => -v)).Concat((d.Tested.Shortfall ?? []).Select(v => -v)));
        var scale = NiceAxis.Holding(all.Append(0));
        var key = new List<KeyEntry>
        {
            new("return", KeyEntry.Line("edge", width: 1.5)),
            new($"minus VaR {Numbers.Level(1 - risk.Alpha)}", KeyEntry.Line("ink", width: 1.5), "var"),
            new("minus ES", KeyEntry.Line("ink", "dashed", 1.25), "es"),
            new("exceedance", KeyEntry.Mark("bad", "down"), "breach"),
            new("window of 250 days: green", KeyEntry.Fill("good", 0.8), "light"),
            new("yellow", KeyEntry.Fill("warn", 0.8), "light"),
            new("red", KeyEntry.Fill("bad", 0.8), "light"),
        };
        var cards = risk.Days.Zip(risk.Models, (d, t) => Card(context, series, id, d, t, scale));
        return Markup.Of($"""
            <h3>{series.Id}: returns and VaR {Numbers.Level(1 - risk.Alpha)}</h3>
            {ChartCard.Grid(cards, risk.Days.Count == 1 ? 1 : 2, key)}
            {Added(context, risk, series, id)}
            """);
    }

    private static ChartCard Card(ReportContext context, SeriesInfo series, string id, RiskDays days, RiskTests tests, NiceAxis scale)
    {
        var (tested, style) = (days.Tested, Style(context, days.Model));
        double[] value = [.. tested.Returns], loss = [.. tested.ValueAtRisk.Select(v => -v)];
        double[]? shortfall = tested.Shortfall is null ? null : [.. tested.Shortfall.Select(v => -v)];
        var marked = Enumerable.Range(0, tested.Length).Where(t => tested.Hits[t]);
        double[][] curves = shortfall is null ? [value, loss] : [value, loss, shortfall];
        int[] kept = [.. Thinning.Keep(curves, context.Options.MaxPoints).Union(marked).Order()];
        double Place(int t) => context.Place(days.Times[tested.Rows[t]], series);
        double[] Kept(double[] curve) => Array.ConvertAll(kept, t => curve[t]);
        var layers = new List<ChartLayer> { new NeedlesLayer(0, Kept(value)) { Label = "return", Color = "edge", Width = kept.Length > 300 ? 0.75 : 1.25 } };
        layers.AddRange(tests.TrafficWindows.Select(w => new SpanLayer(Place(w.From - 1), Place(w.To - 1)) { Key = "light", Color = Tone(w.Light.Zone), Text = $"{w.Light.Zone} {w.Light.Exceptions}" }));
        if (shortfall is not null) layers.Add(new LineLayer(0, Kept(shortfall)) { Label = "minus ES", Key = "es", Color = style.Color, Dash = "dashed", Width = 1.25, Step = true });
        layers.Add(new LineLayer(0, Kept(loss)) { Label = "minus VaR", Key = "var", Color = style.Color, Width = 1.5, Step = true });
        layers.Add(new PointsLayer(0, Array.ConvertAll(kept, t => tested.Hits[t] ? value[t] : double.NaN), "down", 7) { Key = "breach", Color = "bad" });
        var window = $"{context.When(days.Times[tested.Rows[0]], series)} to {context.When(days.Times[tested.Rows[^1]], series)}";
        var said = $"{tested.Exceedances} exceedances, {Numbers.Fixed(tested.Length * tests.Alpha, 1)} expected";
        return new ChartCard($"var-{id}-{style.Position}", days.Model, $"{said}; n = {Numbers.Count(tested.Length)}, {window}", new ChartSpec
        {
            Description = $"{series.Id}, {days.Model}: returns with minus VaR and minus ES, {window}; {said}.",
            X = context.TimeAxis(series) with { Name = null },
            Y = scale.As("number", ReportContext.UnitOf(series).Replace('_', ' ')),
            Xs = [Array.ConvertAll(kept, t => Place(t))],
            Layers = layers,
            Zoom = kept.Length > 60 ? true : null,
        }, 230)
        { Chip = style.Color };
    }

    /// <summary>Exceedances added up, against what chance allows a right model.</summary>
    private static Markup Added(ReportContext context, RunRisk risk, SeriesInfo series, string id)
    {
        var longest = risk.Days.MaxBy(d => d.Tested.Length)!;
        double Place(RiskDays d, int t) => context.Place(d.Times[d.Tested.Rows[t]], series);
        var n = longest.Tested.Length;
        int[] at = [.. Enumerable.Range(0, Math.Min(n, BandPoints)).Select(i => (int)((long)(i + 1) * n / Math.Min(n, BandPoints)) - 1)];
        var bands = Array.ConvertAll(at, t => BinomialBand.Counts(t + 1, risk.Alpha));
        var xs = new List<double[]> { Array.ConvertAll(at, t => Place(longest, t)) };
        var layers = new List<ChartLayer>
        {
            new BandLayer(0, Array.ConvertAll(bands, b => (double)b.Low), Array.ConvertAll(bands, b => (double)b.High), 0.15) { Label = "95 % band", Color = "edge" },
            new LineLayer(0, Array.ConvertAll(at, t => (t + 1) * risk.Alpha)) { Label = "expected", Color = "edge", Dash = "dotted", Width = 1.5 },
        };
        foreach (var days in risk.Days)
        {
            var style = Style(context, days.Model);
            var (places, counts) = Steps(days, t => Place(days, t));
            xs.Add(places);
            layers.Add(new LineLayer(xs.Count - 1, counts) { Label = days.Model, Key = $"model-{style.Position}", Color = style.Color, Dash = style.Dash, Width = 1.75, Step = true });
        }

        var highest = Math.Max(bands[^1].High, risk.Days.Max(d => d.Tested.Exceedances));
        var said = string.Join("; ", risk.Models.Select(m => $"{m.Model} {m.Exceedances}"));
        KeyEntry[] key =
        [
            .. risk.Days.Select(d => KeyEntry.For(Style(context, d.Model))),
            new("expected", KeyEntry.Line("edge", "dotted", 1.5)),
            new("95 % of right models", KeyEntry.Fill("edge", 0.3)),
        ];
        return ChartCard.Grid(
            [
                new ChartCard($"added-{id}", $"Exceedances so far, VaR {Numbers.Level(1 - risk.Alpha)}", $"count; {Numbers.Fixed(n * risk.Alpha, 1)} expected by the end", new ChartSpec
                {
                    Description = $"{series.Id}: exceedances added up over time. By the end: {said}; 95 % of right models have {bands[^1].Low} to {bands[^1].High}.",
                    X = context.TimeAxis(series) with { Name = null },
                    Y = NiceAxis.Holding([0, highest]).As("number", "exceedances", "integer"),
                    Xs = xs,
                    Layers = layers,
                }, 230),
            ], 1, key);
    }

    /// <summary>The first day, each exceedance and the last day: between them the count stands still.</summary>
    private static (double[] Places, double[] Counts) Steps(RiskDays days, Func<int, double> place)
    {
        var (places, counts) = (new List<double>(), new List<double>());
        var count = 0;
        for (var t = 0; t < days.Tested.Length; t++)
        {
            if (days.Tested.Hits[t]) count++;
            if (!days.Tested.Hits[t] && t > 0 && t < days.Tested.Length - 1) continue;
            places.Add(place(t));
            counts.Add(count);
        }

        return ([.. places], [.. counts]);
    }

    private static ModelStyle Style(ReportContext context, string model) => context.Models.First(m => string.Equals(m.Name, model, StringComparison.Ordinal));

    private static string Tone(string zone) => zone switch { "green" => "good", "yellow" => "warn", _ => "bad" };
}
