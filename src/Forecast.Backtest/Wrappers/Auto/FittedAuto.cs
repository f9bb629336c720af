using System.Globalization;
using Forecast.Backtest.Wrappers.Ensemble;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>The kept candidates, each fitted on the series that keep it. Conditioning keeps choice and weights.</summary>
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
            return choices.Where(c => Array.TrueForAll(c.Value.Kept, k => own.TryGetValue(k, out var kept) && kept.ContainsKey(c.Key)))
                .ToDictionary(c => c.Key, c => Summarize([.. c.Value.Kept.Select(k => own[k][c.Key])], c.Value), StringComparer.Ordinal);
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
            else if (choice.Kept.Select(k => said[k].Failures.GetValueOrDefault(id)).FirstOrDefault(e => e is not null) is { } own) failed[id] = own;
            else laws[id] = CombinedLaw.Of([.. choice.Kept.Select(k => said[k][id])], choice.Weights, isMedian: false, Seeds.Derive(seed, "auto paths", id));
        }

        return new PanelPrediction(laws, failed);
    }

    public void Save(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.WriteObject(ChoicesEntry, choices);
        foreach (var (candidate, own) in fitted) Nested.Save(archive, string.Create(CultureInfo.InvariantCulture, $"{CandidatePrefix}{candidate + 1}{CandidateSuffix}"), own);
    }

    /// <summary>Of one kept candidate its own summary; of several their weights, and parameters behind each candidate's number.</summary>
    private FitSummary Summarize(FitSummary[] kept, SeriesChoice choice)
    {
        var metric = model.Options.Metric.ToString().ToLowerInvariant();
        var isOne = kept.Length == 1;
        var criteria = new Dictionary<string, double>(isOne ? kept[0].Criteria : new Dictionary<string, double>(), StringComparer.Ordinal);
        var notes = new List<string> { Said(choice, metric) };
        for (var i = 0; i < choice.Scores.Length; i++)
        {
            if (choice.Reasons[i] is { } reason) notes.Add($"candidate {i + 1}, {model.Candidates[i].Name}, dropped out: {reason}");
            else if (!double.IsNaN(choice.Scores[i])) criteria[$"{metric}{i + 1}"] = choice.Scores[i];
        }

        if (choice.Scores.Length > 1) notes.Add("candidates: " + string.Join(", ", model.Candidates.Select((c, i) => $"{i + 1} {c.Name}")));
        if (isOne) return kept[0] with { Criteria = criteria, Notes = [.. notes, .. kept[0].Notes] };
        var parameters = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var k = 0; k < kept.Length; k++)
        {
            var number = choice.Kept[k] + 1;
            parameters[$"weight{number}"] = choice.Weights[k];
            foreach (var (name, value) in kept[k].Parameters) parameters[$"{name}.{number}"] = value;
            notes.AddRange(kept[k].Notes.Select(n => $"candidate {number}: {n}"));
        }

        return new FitSummary
        {
            Parameters = parameters,
            Criteria = criteria,
            Converged = Array.TrueForAll(kept, s => s.Converged),
            Notes = notes,
            Observations = kept.Max(s => s.Observations),
        };
    }

    private string Said(SeriesChoice choice, string metric)
    {
        var of = model.Candidates.Count;
        if (choice.Kept.Length == 1) return $"chosen: {model.Candidates[choice.Kept[0]].Name}, number {choice.Kept[0] + 1} of {of}, by {metric} in an inner walk-forward; estimates are its own";
        var shares = choice.Kept.Select((k, i) => string.Create(CultureInfo.InvariantCulture, $"{choice.Weights[i]:F2} {model.Candidates[k].Name}"));
        return $"kept: {string.Join(" + ", shares)}, the best {choice.Kept.Length} of {of} by {metric} in an inner walk-forward, weights 1 / {metric}^2";
    }
}
