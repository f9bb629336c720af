using Forecast.Backtest.Plan;
using Forecast.Backtest.Strategies;
using Forecast.Core;

namespace Forecast.Api.Reading;

/// <summary>Reads the member <c>strategy</c> of a back-test request.</summary>
internal static class StrategyInput
{
    private const int MostRules = 20;

    public static StrategyOptions? Read(ObjectReader body, WalkForwardPlan plan)
    {
        if (body.Member("strategy") is not { } reader) return null;
        var defaults = new StrategyOptions();
        var direction = reader.Text("direction", 20, required: true) is { } text ? reader.Try("direction", () => StrategyDirections.Name(StrategyDirections.Parse(text))) : null;
        var options = defaults with
        {
            Direction = direction is null ? defaults.Direction : StrategyDirections.Parse(direction),
            Cost = reader.Has("cost") ? reader.Number("cost") ?? defaults.Cost : defaults.Cost,
            Threshold = reader.Has("threshold") ? reader.Number("threshold") ?? defaults.Threshold : defaults.Threshold,
            Delay = reader.Integer("delay", 0, 1) ?? defaults.Delay,
            Momentum = Rows(reader, "momentum") ?? defaults.Momentum,
            Contrarian = Rows(reader, "contrarian") ?? defaults.Contrarian,
        };
        try
        {
            options.Validated(plan);
        }
        catch (ForecastException e)
        {
            // The gap is the plan's own member, beside the strategy.
            (e.Field == "gap" ? body : reader).Fault(e.Field ?? "", e.Code, e.Message);
        }

        reader.Close();
        return options;
    }

    private static int[]? Rows(ObjectReader reader, string name)
    {
        if (reader.Numbers(name, MostRules, missing: false) is not { } numbers) return null;
        var rows = new int[numbers.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            if (numbers[i] is >= 1 and <= 100_000 && Math.Floor(numbers[i]) == numbers[i]) rows[i] = (int)numbers[i];
            else reader.Fault($"{name}/{i}", "strategy-rows", $"{name} looks back {numbers[i]} rows; it must be a whole number from 1 to 100000");
            rows[i] = Math.Max(rows[i], 1);
        }

        return rows;
    }
}
