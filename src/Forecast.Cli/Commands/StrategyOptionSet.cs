using System.CommandLine;
using System.Globalization;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Strategies;
using Forecast.Core;

namespace Forecast.Cli.Commands;

/// <summary>The options of <c>backtest</c> that trade on its forecasts.</summary>
internal sealed class StrategyOptionSet
{
    private readonly Option<string?> _strategy = new("--strategy") { Description = "long-only or long-short: trade on each model's forecasts, beside buy and hold" };
    private readonly Option<double?> _cost = new("--cost") { Description = "Cost as a fraction of each traded amount; default 0.0005" };
    private readonly Option<double?> _threshold = new("--threshold") { Description = "Expected return under which nothing is held; default 0" };
    private readonly Option<int?> _delay = new("--delay") { Description = "0: filled at the close of the decision (default); 1: at the next close" };
    private readonly Option<bool> _rebalance = new("--rebalance") { Description = "Restore weights at each decision, not only when they change" };
    private readonly Option<string?> _momentum = new("--momentum") { Description = "Rows of the momentum rules beside the models, split at commas, or none; default 20" };
    private readonly Option<string?> _contrarian = new("--contrarian") { Description = "Rows of the contrarian rules, split at commas, or none; default 5" };

    private Option[] Details => [_cost, _threshold, _delay, _rebalance, _momentum, _contrarian];

    public void AddTo(Command command)
    {
        command.Add(_strategy);
        foreach (var option in Details) command.Add(option);
    }

    /// <summary>The strategy asked for, or null.</summary>
    public StrategyOptions? Read(ParseResult parsed, WalkForwardPlan plan)
    {
        if (parsed.GetValue(_strategy) is not { } text)
        {
            return Details.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given
                ? throw new ForecastException("strategy-missing", $"{given.Name} belongs to a strategy; give --strategy long-only or long-short", "strategy")
                : null;
        }

        var defaults = new StrategyOptions();
        return (defaults with
        {
            Direction = StrategyDirections.Parse(text),
            Cost = parsed.GetValue(_cost) ?? defaults.Cost,
            Threshold = parsed.GetValue(_threshold) ?? defaults.Threshold,
            Delay = parsed.GetValue(_delay) ?? defaults.Delay,
            Rebalance = parsed.GetValue(_rebalance),
            Momentum = Rows(parsed.GetValue(_momentum), "momentum") ?? defaults.Momentum,
            Contrarian = Rows(parsed.GetValue(_contrarian), "contrarian") ?? defaults.Contrarian,
        }).Validated(plan);
    }

    private static int[]? Rows(string? text, string field)
    {
        if (text is null) return null;
        if (text.Equals("none", StringComparison.Ordinal)) return [];
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select((part, i) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
            ? rows
            : throw new ForecastException("strategy-rows", $"{field} '{part}' is no number of rows", field, index: i))];
    }
}
