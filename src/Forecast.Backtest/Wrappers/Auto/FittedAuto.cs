using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>The chosen candidates, each fitted on the series that it was chosen for. Conditioning keeps the choice.</summary>
/// <param name="model">The forecaster.</param>
/// <param name="fitted">Fitted candidates by number.</param>
/// <param name="choices">The choice of each series.</param>
/// <param name="failures">Series without one.</param>
/// <param name="shown">Series of the history.</param>
internal sealed class FittedAuto(
    AutoForecaster model,
    IReadOnlyDictionary<int, IFittedForecaster> fitted,
    IReadOnlyDictionary<string, SeriesChoice> choices,
    IReadOnlyDictionary<string, ForecastException> failures,
    IReadOnlyList<string> shown) : IFittedForecaster
{
    public const string ChoicesEntry = "choices.json";
    private const string CandidatePrefix = "candidate";
    private const string CandidateSuffix = ".zip";

    public IReadOnlyDictionary<string, FitSummary> Summaries
    {
        get
        {
            var own = fitted.ToDictionary(f => f.Key, f => f.Value.Summaries);
            return choices.Where(c => own.TryGetValue(c.Value.Candidate, out var chosen) && chosen.ContainsKey(c.Key))
                .ToDictionary(c => c.Key, c => Summarize(own[c.Value.Candidate][c.Key], c.Value), StringComparer.Ordinal);
        }
    }

    /// <summary>The number in the name of a candidate's entry; null for other entries.</summary>
    public static int? CandidateOf(string entry) =>
        entry.StartsWith(CandidatePrefix, StringComparison.Ordinal) && entry.EndsWith(CandidateSuffix, StringComparison.Ordinal)
        && int.TryParse(entry.AsSpan(CandidatePrefix.Length, entry.Length - CandidatePrefix.Length - CandidateSuffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number - 1
            : null;

    public IFittedForecaster Condition(PanelView history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var conditioned = new SortedDictionary<int, IFittedForecaster>();
        foreach (var (candidate, own) in fitted)
        {
            var view = model.Shown(history, candidate, choices);
            if (view.Series.Count > 0) conditioned[candidate] = own.Condition(view);
        }

        return new FittedAuto(model, conditioned, choices, failures, [.. history.Series.Select(s => s.Id)]);
    }

    public PanelPrediction Predict(KnownFuture future, int horizon, ulong seed)
    {
        if (shown.Count == 0) throw new ForecastException("history-missing", $"model '{model.Name}' was loaded without data; condition it on the newest history first");
        var said = fitted.ToDictionary(f => f.Key, f => f.Value.Predict(future, horizon, Seeds.Derive(seed, "auto", f.Key.ToString(CultureInfo.InvariantCulture))));
        var laws = new Dictionary<string, PredictiveDistribution>(StringComparer.Ordinal);
        var failed = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        foreach (var id in shown)
        {
            if (failures.TryGetValue(id, out var failure)) failed[id] = failure;
            else if (!choices.TryGetValue(id, out var choice)) failed[id] = new ForecastException("series-not-fitted", $"model '{model.Name}' was not fitted on series '{id}'", "series", id);
            else if (said[choice.Candidate].Failures.TryGetValue(id, out var own)) failed[id] = own;
            else laws[id] = said[choice.Candidate][id];
        }

        return new PanelPrediction(laws, failed);
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.WriteObject(ChoicesEntry, choices);
        foreach (var (candidate, own) in fitted) Nested.Save(archive, string.Create(CultureInfo.InvariantCulture, $"{CandidatePrefix}{candidate + 1}{CandidateSuffix}"), own);
    }

    private FitSummary Summarize(FitSummary chosen, SeriesChoice choice)
    {
        var metric = model.Options.Metric.ToString().ToLowerInvariant();
        var criteria = new Dictionary<string, double>(chosen.Criteria, StringComparer.Ordinal);
        var notes = new List<string> { $"chosen: {model.Candidates[choice.Candidate].Name}, number {choice.Candidate + 1} of {model.Candidates.Count}, by {metric} in an inner walk-forward; estimates are its own" };
        for (var i = 0; i < choice.Scores.Length; i++)
        {
            if (choice.Reasons[i] is { } reason) notes.Add($"candidate {i + 1}, {model.Candidates[i].Name}, dropped out: {reason}");
            else if (!double.IsNaN(choice.Scores[i])) criteria[$"{metric}{i + 1}"] = choice.Scores[i];
        }

        if (choice.Scores.Length > 1) notes.Add("candidates: " + string.Join(", ", model.Candidates.Select((c, i) => $"{i + 1} {c.Name}")));
        return chosen with { Criteria = criteria, Notes = [.. notes, .. chosen.Notes] };
    }
}
