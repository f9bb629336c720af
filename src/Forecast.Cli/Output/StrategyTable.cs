using Forecast.Backtest.Strategies;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>Strategies for people: a table an asset, a line a strategy.</summary>
internal static class StrategyTable
{
    public static void Print(IReadOnlyList<StrategyOutcome> outcomes)
    {
        foreach (var asset in outcomes.GroupBy(o => o.Asset, StringComparer.Ordinal))
        {
            var table = Terminal.Table([$"{asset.Key}, after costs", "ARC %", "ASD %", "MD %", "IR", "IR**", "Sharpe", "Sortino", "turnover", "certificate"]);
            foreach (var outcome in asset)
            {
                var m = outcome.Measures;
                table.AddRow([Markup.Escape(outcome.Name), Percent(m.Arc), Percent(m.Asd), Percent(m.MaxDrawdown), Plain(m.Ir), Plain(m.IrStarStar), Plain(m.Sharpe), Plain(m.Sortino), Plain(m.Turnover), outcome.Certificate.Verdict]);
            }

            Terminal.Out.Write(table);
        }

        foreach (var (outcome, line) in outcomes.SelectMany(o => o.Certificate.Violations.Select(v => (o, v))).Take(20))
            Terminal.Error.MarkupLineInterpolated($"[red]certificate:[/] {outcome.Name} on {outcome.Asset}: {line}");
    }

    private static string Percent(double value) => double.IsFinite(value) ? (100 * value).ToString("0.00") : "-";

    private static string Plain(double value) => double.IsFinite(value) ? value.ToString("0.00") : "-";
}
