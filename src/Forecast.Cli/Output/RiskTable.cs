using System.Globalization;
using Forecast.Backtest.Risk;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>Risk tests for people.</summary>
internal static class RiskTable
{
    /// <summary>Every test of each model, and the models side by side.</summary>
    public static void Print(IReadOnlyList<RiskTests> models, RiskComparison? comparison)
    {
        foreach (var tests in models)
        {
            var name = tests.Model.Length > 0 ? $"{tests.Model}: " : "";
            var light = tests.TrafficLight;
            Terminal.Out.WriteLine($"{name}{tests.Exceedances} exceedance{(tests.Exceedances == 1 ? "" : "s")} in {tests.Days} days at {tests.Alpha:R}, {tests.Days * tests.Alpha:0.##} expected; traffic light {light.Zone}, {light.Exceptions} in the last {light.Days}{(tests.LeftOut > 0 ? $"; {tests.LeftOut} rows without a number left out" : "")}");
            var table = Terminal.Table("test", "statistic", "df", "p", "at 5 %", "note");
            foreach (var row in RiskRow.Of(tests))
                table.AddRow(Markup.Escape(row.Name), Terminal.Number(row.Statistic), row.Degrees > 0 ? $"{row.Degrees}" : "-", P(row.PValue), double.IsNaN(row.PValue) ? "-" : row.Rejected ? "rejected" : "kept", Markup.Escape(row.Note));
            Terminal.Out.Write(table);
            Terminal.Out.WriteLine($"mean tick loss {Terminal.Number(tests.TickLoss)}{(tests.Shortfall is { } es ? $", mean joint score of VaR and ES {Terminal.Number(es.JointLoss)}" : "")}");
            Terminal.Out.WriteLine();
        }

        if (comparison is not null) Ranking(comparison, models);
    }

    /// <summary>One series and tail of a back-test: a line a model.</summary>
    public static void Print(RunRisk risk)
    {
        Terminal.Out.WriteLine($"VaR at {risk.Alpha:R} of {risk.Series}:");
        if (risk.Comparison is not null) Ranking(risk.Comparison, risk.Models);
        else foreach (var tests in risk.Models) Print([tests], null);
        foreach (var note in risk.Notes) Terminal.Out.WriteLine($"{note.Model}: {note.Text}");
    }

    private static void Ranking(RiskComparison comparison, IReadOnlyList<RiskTests> models)
    {
        var table = Terminal.Table("by mean tick loss", "tick loss", "joint score", "MCS p", "in the set", "exceedances", "expected", "Kupiec p", "indep. p", "cc p", "light");
        foreach (var ranked in comparison.Ranking)
        {
            var tests = models.First(t => string.Equals(t.Model, ranked.Model, StringComparison.Ordinal));
            table.AddRow(
                Markup.Escape(ranked.Model), Terminal.Number(ranked.TickLoss), ranked.JointLoss is { } joint ? Terminal.Number(joint) : "-", P(ranked.ConfidenceSetP), ranked.InConfidenceSet ? "yes" : "no",
                $"{tests.Exceedances} of {tests.Days}", $"{tests.Days * tests.Alpha:0.#}", P(tests.KupiecPof.PValue), P(tests.Independence.PValue), P(tests.ConditionalCoverage.PSum), tests.TrafficLight.Zone);
        }

        Terminal.Out.Write(table);
        Terminal.Out.WriteLine($"{comparison.Days} common days; model confidence set: {comparison.Method}");
    }

    private static string P(double p) => double.IsNaN(p) ? "-" : p < 0.001 ? "<0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);
}
