using Forecast.Backtest.Results;

namespace Forecast.Backtest.Report;

/// <summary>The losses of a model by series and step.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Loss">Mean loss: a row a series, a column a step; NaN where nothing was scored.</param>
/// <param name="Ratio">ln(mean loss / mean loss of the baseline) over the folds that both have; below 0 the model is better.</param>
public sealed record ModelHeat(string Model, double[][] Loss, double[][] Ratio);

/// <summary>Where models do well and where they do not: series by step ahead.</summary>
/// <param name="Score">The loss.</param>
/// <param name="Steps">Steps ahead, the columns.</param>
/// <param name="Series">Series, the rows.</param>
/// <param name="Models">The models in the order of the run; the first is the baseline.</param>
public sealed record HorizonHeat(string Score, IReadOnlyList<int> Steps, IReadOnlyList<string> Series, IReadOnlyList<ModelHeat> Models)
{
    public static HorizonHeat Of(BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var context = new ReportContext(new RunFindings(result), new ReportOptions());
        string[] series = [.. result.Series.Select(s => s.Id)];
        return new HorizonHeat(context.Score.Name, context.Steps, series, [.. context.Models.Select(m => Heat(context, m.Name, series))]);
    }

    private static ModelHeat Heat(ReportContext context, string model, string[] series)
    {
        var loss = new double[series.Length][];
        var ratio = new double[series.Length][];
        for (var i = 0; i < series.Length; i++)
        {
            var own = context.Group(model, series[i]).Rows.Select(r => (r.Fold, r.H, Loss: context.Score.Of(r))).Where(r => double.IsFinite(r.Loss)).ToArray();
            var other = context.Group(context.Baseline.Name, series[i]).Rows.ToDictionary(r => (r.Fold, r.H), context.Score.Of);
            loss[i] = [.. context.Steps.Select(h => own.Where(r => r.H == h).Select(r => r.Loss).DefaultIfEmpty(double.NaN).Average())];
            ratio[i] = [.. context.Steps.Select(h => LogRatio(own.Where(r => r.H == h).Select(r => (r.Loss, other.GetValueOrDefault((r.Fold, r.H), double.NaN)))))];
        }

        return new ModelHeat(model, loss, ratio);
    }

    private static double LogRatio(IEnumerable<(double Own, double Other)> pairs)
    {
        var (own, other) = (0.0, 0.0);
        foreach (var pair in pairs.Where(p => double.IsFinite(p.Other))) (own, other) = (own + pair.Own, other + pair.Other);
        return own > 0 && other > 0 ? Math.Log(own / other) : double.NaN;
    }
}
