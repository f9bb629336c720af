using Forecast.Backtest.Metrics;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>A fit of one series as <c>forecast fit</c> tells it: every number that R's summaries print, for people and for programs.</summary>
/// <param name="Series">Series id.</param>
/// <param name="Summary">What the model says of its fit.</param>
/// <param name="Errors">Training errors; null where the model has no fitted values in the data's unit.</param>
internal sealed record FitReport(string Series, FitSummary Summary, TrainingErrors? Errors)
{
    private const string Hessian = "hessian";

    public object ForPrograms()
    {
        var described = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = Series,
            ["parameters"] = Summary.Parameters,
            ["stdErrors"] = Summary.StdErrors,
            ["zValues"] = Summary.StdErrors.ToDictionary(k => k.Key, k => k.Value.ToDictionary(e => e.Key, e => Z(e.Key, e.Value), StringComparer.Ordinal), StringComparer.Ordinal),
            ["pValues"] = Summary.StdErrors.ToDictionary(k => k.Key, k => k.Value.ToDictionary(e => e.Key, e => P(Z(e.Key, e.Value)), StringComparer.Ordinal), StringComparer.Ordinal),
            ["observations"] = Summary.Observations,
            ["converged"] = Summary.Converged,
            ["notes"] = Summary.Notes,
            ["trainingErrors"] = Errors,
            ["residualTests"] = StandardisedResidualTests.Of(Summary),
        };
        foreach (var (name, value) in Summary.Criteria) described[name] = value;
        foreach (var (name, path) in Summary.Paths) described[name] = path;
        return described;
    }

    public void Print(string model)
    {
        Terminal.Out.WriteLine($"{model} on {Series}: {Summary.Observations} observations");
        if (Summary.Parameters.Count > 0) PrintParameters();
        if (Summary.Criteria.Count > 0) Terminal.Out.WriteLine(string.Join("   ", Summary.Criteria.Select(c => $"{c.Key} {Terminal.Number(c.Value)}")));
        if (Errors is { } e)
        {
            Terminal.Out.WriteLine($"training errors: ME {Terminal.Number(e.Me)}   RMSE {Terminal.Number(e.Rmse)}   MAE {Terminal.Number(e.Mae)}   MPE {Terminal.Number(e.Mpe)}   "
                + $"MAPE {Terminal.Number(e.Mape)}   MASE {Terminal.Number(e.Mase)}   ACF1 {Terminal.Number(e.Acf1)}");
        }

        PrintTests();
        if (!Summary.Converged) Terminal.Out.WriteLine("NOT CONVERGED");
        foreach (var note in Summary.Notes) Terminal.Out.WriteLine($"note: {note}");
        Terminal.Out.WriteLine();
    }

    private void PrintParameters()
    {
        var kinds = Summary.StdErrors.Keys.ToArray();
        var tested = kinds.Contains(Hessian, StringComparer.Ordinal);
        var table = Terminal.Table(["parameter", "estimate", .. kinds.Select(k => $"s.e. ({k})"), .. tested ? (string[])["z", "Pr(>|z|)"] : []]);
        foreach (var (name, value) in Summary.Parameters)
        {
            var z = tested && Summary.StdErrors[Hessian].TryGetValue(name, out var error) ? Z(name, error) : double.NaN;
            table.AddRow([
                Markup.Escape(name), Terminal.Number(value),
                .. kinds.Select(k => Summary.StdErrors[k].TryGetValue(name, out var se) ? Terminal.Number(se) : "-"),
                .. tested ? (string[])[Terminal.Number(z), Terminal.Number(P(z))] : []]);
        }

        Terminal.Out.Write(table);
    }

    private void PrintTests()
    {
        var tests = StandardisedResidualTests.Of(Summary);
        if (tests.Count == 0) return;
        var table = Terminal.Table(["standardised residuals", "statistic", "p"]);
        foreach (var (name, test) in tests) table.AddRow(Markup.Escape(name), Terminal.Number(test.Statistic), Terminal.Number(test.PValue));
        Terminal.Out.Write(table);
    }

    private double Z(string parameter, double error) => Summary.Parameters[parameter] / error;

    /// <summary>2 Phi(-|z|), in the tail that keeps its digits.</summary>
    private static double P(double z) => double.IsNaN(z) ? double.NaN : 2 * NormalDistribution.Cdf(-Math.Abs(z));
}
