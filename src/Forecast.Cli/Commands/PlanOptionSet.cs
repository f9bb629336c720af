using System.CommandLine;
using Forecast.Backtest.Plan;
using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;

namespace Forecast.Cli.Commands;

/// <summary>The options that make a walk-forward plan.</summary>
internal sealed class PlanOptionSet
{
    private readonly Option<string?> _models = new("--models", "--model", "-m") { Description = "Model strings, split at commas outside brackets; the first is the baseline" };
    private readonly Option<int> _horizon = new("--horizon") { Description = "Rows forecast from each cutoff", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> _step = new("--step") { Description = "Rows from one cutoff to the next; default the horizon" };
    private readonly Option<string> _window = new("--window") { Description = "expanding or rolling:N", DefaultValueFactory = _ => "expanding" };
    private readonly Option<string> _refit = new("--refit") { Description = "every:K folds, or never", DefaultValueFactory = _ => "every:1" };
    private readonly Option<int> _gap = new("--gap") { Description = "Rows left out between the last visible and the first forecast one" };
    private readonly Option<string?> _from = new("--from") { Description = "The first row forecast stands at or after this" };
    private readonly Option<string?> _to = new("--to") { Description = "The last row forecast stands at or before this" };
    private readonly Option<int?> _initial = new("--initial") { Description = "Rows before the first cutoff, when --from is not given" };
    private readonly Option<string> _levels = new("--levels") { Description = "Quantile levels, ascending", DefaultValueFactory = _ => "0.05,0.1,0.25,0.5,0.75,0.9,0.95" };
    private readonly Option<string> _risk = new("--risk") { Description = "Tails at which VaR and expected shortfall are recorded and tested (0.01,0.025), none, or auto: the levels up to 0.05 when the data are returns", DefaultValueFactory = _ => "auto" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _models, _horizon, _step, _window, _refit, _gap, _from, _to, _initial, _levels, _risk, _seed }) command.Add(option);
    }

    /// <summary>The list as it was written, or null.</summary>
    public string? ModelList(ParseResult parsed) => parsed.GetValue(_models);

    public IReadOnlyList<string> Models(ParseResult parsed) => parsed.GetValue(_models) is { } models
        ? ModelSpec.SplitList(models)
        : throw new ForecastException("models-missing", "no model was named; give --models", "models");

    public WalkForwardPlan Plan(ParseResult parsed, Frequency frequency) => new WalkForwardPlan
    {
        Horizon = parsed.GetValue(_horizon),
        Step = parsed.GetValue(_step),
        RollingRows = Values.Window(parsed.GetValue(_window)!),
        RefitEvery = Values.Refit(parsed.GetValue(_refit)!),
        Gap = parsed.GetValue(_gap),
        From = parsed.GetValue(_from) is { } from ? Values.When(from, frequency, "from", endOfDay: false) : null,
        To = parsed.GetValue(_to) is { } to ? Values.When(to, frequency, "to", endOfDay: true) : null,
        InitialRows = parsed.GetValue(_initial),
    }.Validated();

    public IReadOnlyList<double> Levels(ParseResult parsed) => new ForecastTask(1, Values.Levels(parsed.GetValue(_levels)!)).Validated().Levels;

    /// <summary>Tails as stated; null = as the data ask for.</summary>
    public IReadOnlyList<double>? Risk(ParseResult parsed) => parsed.GetValue(_risk)! switch
    {
        "auto" => null,
        "none" => [],
        var text => Values.Levels(text, "risk"),
    };

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);
}
