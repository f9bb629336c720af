using Forecast.Backtest.Metrics;
using Forecast.Backtest.Report.Charts;
using Forecast.Backtest.Report.Html;
using Forecast.Backtest.Results;
using Forecast.Core.Distributions;

namespace Forecast.Backtest.Report.Elements;

/// <summary>What the errors of the first step still know: autocorrelation, clusters, fat tails.</summary>
public sealed class ResidualsElement : IReportElement
{
    private const int Fewest = 30;

    public string Id => "residuals";

    public string Title => "Residual diagnostics";

    public ReportSection Render(ReportContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Steps.Count == 0) return ReportSection.Nothing("the run has no forecast");
        var groups = context.Details.Select((s, i) => (Series: s, Index: i, Residuals: context.Models.Select(m => Residuals.Of(m, context.Group(m.Name, s.Id).AtStep(context.Steps[0]))).OfType<Residuals>().ToArray()))
            .Where(g => g.Residuals.Length > 0).ToArray();
        if (groups.Length == 0) return ReportSection.Nothing($"no model has {Fewest} forecasts with an outcome on one series");
        var overlap = context.IsMultiStep || context.Result.Spec.Plan.Gap > 0
            ? Markup.Of($" Forecasts of step {context.Steps[0]}.")
            : Markup.Empty;
        return ReportSection.Of(Markup.Of($"""
            <p class="lead">Residuals are the outcomes' PIT values turned normal, z = Φ⁻¹(PIT), where the model has a distribution, else its standardised errors. A good model leaves no autocorrelation in z (mean) nor in z² (variance), and z that are normal.{overlap}</p>
            {Tests(groups.SelectMany(g => g.Residuals.Select(r => (g.Series, r))))}
            {Markup.Join(groups.Select(g => Charts(g.Series, g.Index, g.Residuals)))}
            """));
    }

    private static Markup Tests(IEnumerable<(SeriesInfo Series, Residuals Residuals)> all)
    {
        var table = new Table("Tests of the residuals").Text("Model").Number("n").Number("Mean").Number("SD").Number("Skew").Number("Excess kurtosis").Number("Ljung-Box z", "p").Number("Ljung-Box z²", "p").Number("Jarque-Bera", "p");
        foreach (var g in all.GroupBy(a => a.Series.Id, StringComparer.Ordinal))
        {
            table.Group(Markup.Text(g.Key));
            foreach (var (_, r) in g)
            {
                var (mean, deviation, skew, kurtosis) = r.Moments();
                table.Row(Markup.Of($"<i class=\"chip\" style=\"background:var(--{r.Model.Color})\"></i>{r.Model.Name}{(r.FromPit ? "" : " (errors)")}"),
                    Table.Count(r.Values.Length), Table.Number(mean, Numbers.Fixed(mean, 2)), Table.Number(deviation, Numbers.Fixed(deviation, 2)),
                    Table.Number(skew, Numbers.Fixed(skew, 2)), Table.Number(kurtosis, Numbers.Fixed(kurtosis, 2)),
                    P(table, ResidualDiagnostics.LjungBox(r.Values, r.TestLags)), P(table, ResidualDiagnostics.LjungBox(r.Squares(), r.TestLags)), P(table, ResidualDiagnostics.JarqueBera(r.Values)));
            }
        }

        return Markup.Of($"{table.Render()}<p class=\"note\">Ljung-Box over min(10, n/5) lags. Bold p-values are below 5 %: the residuals still hold something.</p>");
    }

    private static Markup P(Table table, TestOutcome test) => double.IsNaN(test.PValue) ? table.Missing("the residuals do not vary") : Table.Number(test.PValue, Numbers.PValue(test.PValue), strong: test.PValue < 0.05);

    private static Markup Charts(SeriesInfo series, int index, Residuals[] residuals)
    {
        var cards = residuals.SelectMany(r => new[] { Card(series, $"acf-{index}-{r.Model.Position}", "z", r, r.Values), Card(series, $"acf2-{index}-{r.Model.Position}", "z²", r, r.Squares()) });
        return Markup.Of($"<h3>{series.Id}</h3>{ChartCard.Grid(cards, 4, [new KeyEntry("autocorrelation", KeyEntry.Line("ink")), new KeyEntry("95 % band of white noise", KeyEntry.Fill("edge", 0.35))])}");
    }

    private static ChartCard Card(SeriesInfo series, string id, string what, Residuals residuals, double[] values)
    {
        var lags = Math.Min(25, values.Length / 4);
        var acf = ResidualDiagnostics.Autocorrelations(values, lags);
        var band = 1.96 / Math.Sqrt(values.Length);
        double[] places = [.. Enumerable.Range(1, lags).Select(k => (double)k)];
        var outside = acf.Count(r => Math.Abs(r) > band);
        var reach = Math.Max(0.3, Math.Ceiling(acf.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max() * 10) / 10);
        return new ChartCard(id, $"{residuals.Model.Name}, {what}", $"n = {Numbers.Count(values.Length)}; {outside} of {lags} outside", new ChartSpec
        {
            Description = $"{series.Id}, {residuals.Model.Name}: autocorrelation of {what} at lags 1 to {lags}; {outside} lie outside the 95 % band of plus or minus {Numbers.Significant(band, 2)}.",
            X = new ChartAxis { Kind = "number", Name = "lag", Format = "integer", Min = 0, Max = lags + 1, Interval = 5 },
            Y = new NiceAxis(-reach, reach, reach).As("number", "ACF"),
            Xs = [places, [0, lags + 1]],
            Layers =
            [
                new BandLayer(1, [-band, -band], [band, band], 0.3) { Color = "edge" },
                new RuleLayer("y", 0) { Color = "edge" },
                new NeedlesLayer(0, acf) { Label = $"ACF of {what}", Color = residuals.Model.Color, Width = 2.5 },
            ],
        }, 150)
        { Chip = residuals.Model.Color };
    }

    /// <summary>Residuals of one model on one series.</summary>
    private sealed record Residuals(ModelStyle Model, double[] Values, bool FromPit)
    {
        public int TestLags => Math.Min(10, Values.Length / 5);

        public static Residuals? Of(ModelStyle model, IReadOnlyList<PredictionRow> rows)
        {
            var scored = rows.Where(r => !double.IsNaN(r.Actual)).ToArray();
            if (scored.Length < Fewest) return null;
            if (Array.TrueForAll(scored, r => double.IsFinite(r.Pit)))
            {
                // An outcome beyond a distribution of finite support has PIT 0 or 1; half a count keeps z finite.
                var edge = 0.5 / scored.Length;
                return new(model, Array.ConvertAll(scored, r => NormalDistribution.Quantile(Math.Clamp(r.Pit, Math.Min(edge, 1e-6), 1 - Math.Min(edge, 1e-6)))), true);
            }

            var errors = Array.ConvertAll(scored, r => r.Actual - r.Mean);
            var mean = errors.Average();
            var deviation = Math.Sqrt(errors.Average(e => (e - mean) * (e - mean)));
            return new(model, deviation > 0 ? Array.ConvertAll(errors, e => e / deviation) : errors, false);
        }

        public double[] Squares() => Array.ConvertAll(Values, v => v * v);

        public (double Mean, double Deviation, double Skew, double Kurtosis) Moments()
        {
            var mean = Values.Average();
            double Power(int k) => Values.Average(v => Math.Pow(v - mean, k));
            var deviation = Math.Sqrt(Power(2));
            return deviation > 0 ? (mean, deviation, Power(3) / Math.Pow(deviation, 3), (Power(4) / Math.Pow(deviation, 4)) - 3) : (mean, 0, 0, 0);
        }
    }
}
