using System.CommandLine;
using Forecast.Backtest.Risk;
using Forecast.Cli.Output;
using Forecast.Hosting.Scoring;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast risk-test FILE --alpha 0.01</c>: every VaR and ES test of series that came from anywhere.</summary>
internal static class RiskTestCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "CSV: return (or loss), var, and if wanted es, sigma, pit; or var_MODEL, es_MODEL, ... for several models" };
        var alpha = new Option<double>("--alpha") { Description = "Tail of the VaR: 0.01 is a VaR of 99 %", DefaultValueFactory = _ => 0.01 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of simulated and bootstrapped p-values", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "The results as JSON: of one model its tests, of several 'models' and 'comparison'" };
        var command = new Command("risk-test", "Test Value-at-Risk and expected shortfall against the returns that came") { file, alpha, seed, json };
        command.SetAction((parsed, cancellation) =>
        {
            var tail = RiskSeries.CheckTail(parsed.GetValue(alpha));
            var series = RiskTableReader.Read(parsed.GetValue(file)!, cancellation);
            var tests = series.Select(s => RiskTests.Of(s, tail, parsed.GetValue(seed))).ToArray();
            var comparison = RiskComparison.Of(series, tail, parsed.GetValue(seed));
            if (!parsed.GetValue(json)) RiskTable.Print(tests, comparison);
            else if (tests.Length == 1) Json.Print(tests[0]);
            else Json.Print(new { alpha = tail, models = tests, comparison });
            return Task.FromResult(0);
        });
        return command;
    }
}
