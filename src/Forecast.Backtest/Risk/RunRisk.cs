using System.Text.Json.Serialization;
using Forecast.Backtest.Results;
using NodaTime;

namespace Forecast.Backtest.Risk;

/// <summary>Every risk test of a run for one series and one tail.</summary>
public sealed record RunRisk
{
    [JsonPropertyName("series")]
    public required string Series { get; init; }

    [JsonPropertyName("alpha")]
    public required double Alpha { get; init; }

    /// <summary>Step ahead whose VaR is tested: the first.</summary>
    [JsonPropertyName("h")]
    public required int Step { get; init; }

    /// <summary>Tests of each model that gave a VaR.</summary>
    [JsonPropertyName("models")]
    public required IReadOnlyList<RiskTests> Models { get; init; }

    /// <summary>Models side by side on the days that all have; null with fewer than two.</summary>
    [JsonPropertyName("comparison")]
    public required RiskComparison? Comparison { get; init; }

    /// <summary>What is missing of which model, and why.</summary>
    [JsonPropertyName("notes")]
    public required IReadOnlyList<RiskNote> Notes { get; init; }

    /// <summary>What was tested, model by model, for charts.</summary>
    [JsonIgnore]
    public IReadOnlyList<RiskDays> Days { get; init; } = [];

    /// <summary>All tails of one series.</summary>
    /// <param name="result">A run that recorded tails.</param>
    /// <param name="series">Its series.</param>
    /// <param name="step">The run's first step.</param>
    /// <param name="rows">What every model said of the series at that step.</param>
    internal static IReadOnlyList<RunRisk> Of(BacktestResult result, string series, int step, IEnumerable<PredictionRow> rows)
    {
        var byModel = rows.ToLookup(r => r.Model, StringComparer.Ordinal);
        return [.. result.Spec.Risk!.Select((alpha, k) => Of(result, byModel, series, alpha, k, step))];
    }

    private static RunRisk Of(BacktestResult result, ILookup<string, PredictionRow> rows, string series, double alpha, int tail, int step)
    {
        var place = result.Spec.Levels.ToList().FindIndex(l => l == alpha);
        var notes = new List<RiskNote>();
        var days = new List<RiskDays>();

        // One grid of days for all models, so that a fold that one of them failed is missing there and not shifted.
        PredictionRow[] grid = [.. result.Spec.Models.SelectMany(m => rows[m]).DistinctBy(r => r.ObservedAt).OrderBy(r => r.ObservedAt)];
        foreach (var model in result.Spec.Models)
        {
            var own = rows[model].ToDictionary(r => r.ObservedAt);
            var forecasts = Array.ConvertAll(grid, r => own.GetValueOrDefault(r.ObservedAt));
            double[] actual = [.. grid.Select(r => RiskSeries.IsUsable(r.Actual) ? r.Actual : double.NaN)];
            double[] valueAtRisk = [.. forecasts.Select(r => r is not null && RiskSeries.IsUsable(r.Quantiles[place]) ? -r.Quantiles[place] : double.NaN)];
            if (!valueAtRisk.Zip(actual, (v, a) => v + a).Any(double.IsFinite))
            {
                notes.Add(new(model, own.Count == 0 ? "every forecast failed" : $"the model gives no quantile at level {alpha}, so no VaR"));
                continue;
            }

            double[] shortfall = [.. forecasts.Select(r => r is null ? double.NaN : r.Shortfalls[tail])];
            var doubtful = Enumerable.Range(0, grid.Length).Count(t => double.IsFinite(valueAtRisk[t] + actual[t]) && !RiskSeries.IsUsable(shortfall[t], valueAtRisk[t]));
            if (doubtful > 0) notes.Add(new(model, $"no expected shortfall to test: on {doubtful} days there is none above 0 and not below the VaR"));
            double[] pit = [.. forecasts.Select(r => r?.Pit ?? double.NaN)];
            days.Add(new(model, [.. grid.Select(r => r.ObservedAt)], RiskSeries.Of(model, actual, valueAtRisk, doubtful > 0 ? [] : shortfall, pit: pit)));
        }

        var seed = result.Lineage.Seed;
        return new RunRisk
        {
            Series = series,
            Alpha = alpha,
            Step = step,
            Models = [.. days.Select(d => RiskTests.Of(d.Tested, alpha, seed))],
            Comparison = RiskComparison.Of([.. days.Select(d => d.Tested)], alpha, seed),
            Notes = notes,
            Days = days,
        };
    }
}

/// <summary>What is missing of a model.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Text">What and why.</param>
public sealed record RiskNote([property: JsonPropertyName("model")] string Model, [property: JsonPropertyName("text")] string Text);

/// <summary>The days of a model's test.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Times">Days of the run, one for each row that <see cref="RiskSeries.Rows"/> counts.</param>
/// <param name="Tested">Returns, VaR, ES.</param>
public sealed record RiskDays(string Model, IReadOnlyList<Instant> Times, RiskSeries Tested);
