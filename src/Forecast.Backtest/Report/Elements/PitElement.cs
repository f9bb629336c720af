using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Report.Statistics;
using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report.Elements;

/// <summary>Histogram of the probability integral transform: flat when the whole distribution is right.</summary>
public sealed class PitElement : IReportElement
{
    private const int Bins = 10;

    public string Id => "pit";

    public string Title => "PIT histograms";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var groups = context.Details.SelectMany((s, i) => context.ShownSteps.Select(h => (Series: s, Index: i, Step: h, Cards: Cards(context, s, i, h)))).Where(g => g.Cards.Length > 0).ToArray();
        if (groups.Length == 0) return ReportSection.Nothing("no model of the run gives a whole distribution");
        var key = new KeyEntry[]
        {
            new("expected if calibrated", KeyEntry.Line("ink", "dashed", 1.5)),
            new("95 % band for each bar", KeyEntry.Fill("edge", 0.35)),
        };
        var blocks = groups.Select(g => Markup.Of($"<h3>{g.Series.Id}{(context.IsMultiStep ? $", step {g.Step}" : "")}</h3>{ChartCard.Grid(g.Cards, Math.Clamp(g.Cards.Length, 2, 4), key)}"));
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">Where in its own forecast distribution each outcome fell. A flat histogram is calibrated, a hump is too wide, a bowl too narrow, a slope is biased.</p>
            {Markup.Join(blocks)}
            """));
    }

    private static ChartCard[] Cards(ReportContext context, SeriesInfo series, int index, int h)
    {
        var panels = context.Models.Select(m => (Model: m, Counts: Counts(context.Group(m.Name, series.Id).AtStep(h)))).Where(p => p.Counts.Sum() > 0).ToArray();
        if (panels.Length == 0) return [];
        var scale = NiceAxis.Holding(panels.SelectMany(p => p.Counts).Select(c => (double)c).Append(0), 3);
        return Array.ConvertAll(panels, p => Card($"pit-{index}-{h}-{p.Model.Position}", series, p.Model, h, p.Counts, scale));
    }

    private static ChartCard Card(string id, SeriesInfo series, ModelStyle model, int h, int[] counts, NiceAxis scale)
    {
        var n = counts.Sum();
        var (low, high) = BinomialBand.Counts(n, 1.0 / Bins);
        double[] from = [.. Enumerable.Range(0, Bins).Select(b => b / (double)Bins)];
        double[] to = [.. Enumerable.Range(1, Bins).Select(b => b / (double)Bins)];
        var outside = counts.Count(c => c < low || c > high);
        var table = new Table($"{series.Id}, {model.Name}: outcomes by PIT").Text("PIT").Number("Outcomes").Text("Within the band");
        for (var b = 0; b < Bins; b++)
            table.Row(Markup.Text($"{from[b]:0.0} to {to[b]:0.0}"), Table.Count(counts[b]), Table.Cell(counts[b] >= low && counts[b] <= high ? "yes" : "no"));
        return new ChartCard(id, model.Name, $"n = {Numbers.Count(n)}; {outside} of {Bins} bars outside the band", new ChartSpec
        {
            Description = $"{series.Id}, {model.Name}, step {h}: {n} outcomes in {Bins} PIT classes; {outside} lie outside the 95 % band of {low} to {high}.",
            X = new ChartAxis { Kind = "number", Name = "PIT", Min = 0, Max = 1, Interval = 0.2 },
            Y = (scale with { Min = 0 }).As("number", "outcomes", "integer"),
            Xs = [[0, 1]],
            Layers =
            [
                new BarsLayer(from, to, Array.ConvertAll(counts, c => (double)c)) { Label = "outcomes", Color = model.Color },
                new BandLayer(0, [low, low], [high, high], 0.3) { Color = "edge" },
                new RuleLayer("y", (double)n / Bins) { Color = "ink", Dash = "dashed", Width = 1.5 },
            ],
        }, 190)
        { Chip = model.Color, Table = table.Render() };
    }

    private static int[] Counts(IReadOnlyList<PredictionRow> rows)
    {
        var counts = new int[Bins];
        foreach (var row in rows)
        {
            if (double.IsFinite(row.Pit) && !double.IsNaN(row.Actual)) counts[Math.Clamp((int)(row.Pit * Bins), 0, Bins - 1)]++;
        }

        return counts;
    }
}
