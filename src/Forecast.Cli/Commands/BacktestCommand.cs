using System.CommandLine;
using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Presets;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast backtest DATA --models a,b,c ...</c>: walks forward, scores, certifies, reports; resumes with <c>--run</c>.</summary>
internal static class BacktestCommand
{
    public static Command Create(ModelCatalogue catalogue)
    {
        var data = new DataOptionSet(required: false);
        var transforms = new ModelOptionSet();
        var options = new PlanOptionSet();
        var strategy = new StrategyOptionSet();
        var device = new DeviceOption();
        var run = new Option<string?>("--run") { Description = "Id of a run: goes on with it if it exists (DATA and the plan may be left out), else names the new one" };
        var report = new Option<string?>("--out") { Description = "Where to write report.html; default the run's folder" };
        var workers = new Option<int>("--workers") { Description = "Work items done at once", DefaultValueFactory = _ => Environment.ProcessorCount };
        var json = new Option<bool>("--json") { Description = "Folds, metrics, certificate and file names as JSON" };
        var preset = new Option<string?>("--preset") { Description = "var-paper: Value-at-Risk of three indices as in the LSTM-MDN paper; DATA is then the folder of closes, and only --models, --run, --seed, --workers, --device and --json count" };
        var command = new Command("backtest", "Walk forward through the data with one plan for every model");
        data.AddTo(command);
        transforms.AddTo(command);
        options.AddTo(command);
        strategy.AddTo(command);
        foreach (var option in new Option[] { run, report, workers, json, preset }) command.Add(option);
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var count = parsed.GetValue(workers);
            if (count < 1) throw new ForecastException("workers-invalid", $"workers is {count}; it must be at least 1", "workers");
            await using var platform = await ForecastPlatform.OpenAsync(catalogue, count, Trouble.Tell, cancellation);
            var id = parsed.GetValue(run);
            if (parsed.GetValue(preset) is { } named)
            {
                if (!string.Equals(named, VarPaper.Name, StringComparison.Ordinal)) throw new ForecastException("preset-unknown", $"there is no preset '{named}'; there is {VarPaper.Name}", "preset");
                return await VarPaperPreset.RunAsync(platform, data.Data(parsed), options.ModelList(parsed), id, options.Seed(parsed), device.Resolve(parsed), CommandText(), parsed.GetValue(json), cancellation);
            }

            if (data.Data(parsed) is not null)
            {
                var panel = await data.ReadAsync(parsed, cancellation);
                var spec = Spec(parsed, data.Data(parsed)!, panel, options, transforms) with { Device = device.Resolve(parsed) };
                spec = RiskTails.With(spec, panel, options.Risk(parsed)) with { Strategy = strategy.Read(parsed, spec.Plan) };
                id = await platform.Backtests.CreateAsync(panel, spec, id, CommandText(), cancellation);
            }
            else if (id is null)
            {
                throw new ForecastException("data-missing", "name DATA to start a back-test, or --run ID to go on with one", "data");
            }
            else
            {
                await platform.Backtests.RequireAsync(id, cancellation);
            }

            var result = await RunProgressBar.WatchAsync(id, progress => platform.Backtests.RunAsync(id, progress, cancellation));
            var findings = new RunFindings(result);
            var files = await RunFiles.WriteAsync(findings, parsed.GetValue(report), cancellation);
            if (parsed.GetValue(json)) Json.Print(BacktestJson.From(findings, files));
            else BacktestTable.Print(findings, files);
            return result.Failures.Count == 0 && result.Certificate.Violations.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static RunSpec Spec(ParseResult parsed, string data, Panel panel, PlanOptionSet options, ModelOptionSet transforms) => new()
    {
        Data = data,
        Models = [.. options.Models(parsed).Select(m => transforms.Apply(m, parsed))],
        Plan = options.Plan(parsed, panel.Frequency),
        Levels = options.Levels(parsed),
        Seed = options.Seed(parsed),
    };

    /// <summary>The command as the user would type it again.</summary>
    internal static string CommandText() =>
        "forecast " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(a => a.AsSpan().IndexOfAny(" ()[]{}'\"*?$&;|<>") >= 0 ? $"'{a}'" : a));
}
