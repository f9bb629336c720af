using System.Globalization;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Strategies;
using Forecast.Core;
using Forecast.Core.Time;
using Forecast.Hosting.Data;
using Forecast.Models.Catalogue;

namespace Forecast.Api.Reading;

/// <summary>A back-test request whose members are each in order; dates wait for the frequency of the data.</summary>
internal sealed record BacktestInput(string Data, DataOptions Options, IReadOnlyList<string> Models, IReadOnlyList<double> Levels, ulong Seed, WalkForwardPlan Plan, string? From, string? To, StrategyOptions? Strategy, IReadOnlyList<double>? Risk)
{
    private static readonly double[] DefaultLevels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

    /// <summary>Reads the body of <c>POST /v1/backtests</c>.</summary>
    public static BacktestInput? Read(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits)
    {
        var data = body.Text("data", limits.TextLength, required: true);
        if (data is not null && string.IsNullOrWhiteSpace(data)) body.Fault("data", "text-empty", "'data' is blank");
        var models = ModelsOf(body, catalogue, limits);
        var horizon = body.Integer("horizon", 1, limits.Horizon, required: true);
        var plan = new WalkForwardPlan
        {
            Horizon = horizon ?? 1,
            Step = body.Integer("step", 1, int.MaxValue),
            RollingRows = Counted(body, "window", "expanding", "rolling:"),
            RefitEvery = body.Has("refit") ? Counted(body, "refit", "never", "every:") : 1,
            Gap = body.Integer("gap", 0, 100_000) ?? 0,
            InitialRows = body.Integer("initial", 1, int.MaxValue),
        };
        var (from, to) = (body.Text("from", 100), body.Text("to", 100));
        var levels = ForecastInput.LevelsOf(body, DefaultLevels, limits);
        var risk = TailsOf(body, limits);
        var seed = body.Unsigned("seed") ?? 1;
        var frequency = body.Text("frequency", 100) is { } f ? body.Try("frequency", () => Frequency.Parse(f)) : null;
        var calendar = body.Text("calendar", 100) is { } c ? body.Try("calendar", () => TradingCalendar.Get(c)) : null;
        var returns = body.Word("returns", "none", "none", "log", "simple");
        var strategy = StrategyInput.Read(body, plan);
        body.Close();
        if (body.Faults.Count > 0 || data is null) return null;
        var options = new DataOptions { Frequency = frequency?.Code, Calendar = calendar?.Name, Returns = returns switch { "log" => Returns.Log, "simple" => Returns.Simple, _ => Returns.None } };
        return new BacktestInput(data.Trim(), options, models, levels, seed, plan, from, to, strategy, risk);
    }

    /// <summary>How the data are named in the run: a name of its own for what is no longer the dataset's own content.</summary>
    public string DataName => Options.Returns == Returns.None ? Data : $"{Data} ({(Options.Returns == Returns.Log ? "log" : "simple")} returns)";

    /// <summary>The plan with its dates.</summary>
    /// <exception cref="ForecastException">A date that is none, or a span that ends before it begins.</exception>
    public WalkForwardPlan PlanFor(Frequency frequency) => (Plan with
    {
        From = From is null ? null : Dates.Read(From, frequency, "from"),
        To = To is null ? null : Dates.Read(To, frequency, "to", endOfDay: true),
    }).Validated();

    private static double[]? TailsOf(ObjectReader body, ApiLimits limits)
    {
        if (body.Numbers("risk", limits.Levels, missing: false, minimum: 0) is not { } tails) return null;
        for (var i = 0; i < tails.Length; i++)
        {
            if (!(tails[i] is > 0 and <= 0.5)) body.Fault($"risk/{i}", "risk-invalid", $"tail {tails[i]:R} is not above 0 and at most 0.5; 0.01 is a VaR of 99 %");
        }

        return tails;
    }

    private static string[] ModelsOf(ObjectReader body, ModelCatalogue catalogue, ApiLimits limits)
    {
        if (body.Texts("models", limits.Models, limits.TextLength, required: true) is not { } models) return [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < models.Length; i++)
        {
            models[i] = ForecastInput.ModelOf(body, $"models/{i}", models[i], catalogue) ?? models[i];
            if (!seen.Add(models[i])) body.Fault($"models/{i}", "model-duplicate", $"model '{models[i]}' stands twice in the list");
        }

        return models;
    }

    private static int? Counted(ObjectReader body, string name, string word, string prefix)
    {
        if (body.Text(name, 100) is not { } text || text.Equals(word, StringComparison.Ordinal)) return null;
        if (text.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) return count;
        body.Fault(name, $"{name}-invalid", $"{name} is '{text}'; it must be {word}, or {prefix}N with a whole number of at least 1");
        return null;
    }
}
