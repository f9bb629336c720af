using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Auto;

/// <summary>What was kept for one series, and why.</summary>
/// <param name="Kept">Numbers of the kept candidates, from 0, the best first.</param>
/// <param name="Weights">Their weights, of sum 1.</param>
/// <param name="Scores">Loss of each candidate; NaN for one that could not be walked forward.</param>
/// <param name="Reasons">For each candidate why it could not; null where it could.</param>
internal sealed record SeriesChoice(int[] Kept, double[] Weights, double[] Scores, string?[] Reasons)
{
    /// <summary>
    /// Keeps the least losses (of equals the first) and weighs them by 1 / loss^2, as Bates and Granger (1969) weigh by 1 / mean squared
    /// error. Candidates without any loss leave none to the others, and share equally.
    /// </summary>
    public static SeriesChoice Of(double[] scores, string?[] reasons, int keep)
    {
        int[] kept = [.. Enumerable.Range(0, scores.Length).Where(i => !double.IsNaN(scores[i])).OrderBy(i => scores[i]).ThenBy(i => i).Take(keep)];
        var least = kept.Length > 0 ? scores[kept[0]] : 0;
        if (least == 0) kept = [.. kept.Where(i => scores[i] == 0)];
        double[] weights = [.. kept.Select(i => least == 0 ? 1 : least / scores[i] * (least / scores[i]))];
        var sum = weights.Sum();
        return new SeriesChoice(kept, [.. weights.Select(w => w / sum)], scores, reasons);
    }
}

/// <summary>
/// Ranks the candidates for each series by walking all of them forward inside the history, and fits the best few on the whole of that
/// history; their quantiles are averaged with weights 1 / loss^2. All of this happens within a fit, so that an outer walk-forward judges the
/// choosing, too. A candidate that cannot be walked forward on a series
/// drops out there, with its reason in the summary; without any candidate left the series fails.
/// </summary>
/// <param name="candidates">The candidates, at least one.</param>
/// <param name="options">How to choose.</param>
/// <param name="name">Model string of the whole.</param>
public sealed class AutoForecaster(IReadOnlyList<IForecaster> candidates, AutoOptions options, string name) : IForecaster
{
    public string Name => name;

    public FitScope Scope { get; } = Nested.Scope(candidates);

    public PretrainingExposure Exposure { get; } = Nested.Exposure(candidates);

    public bool ReadsNotes { get; } = candidates.Any(m => m.ReadsNotes);

    internal IReadOnlyList<IForecaster> Candidates => candidates;

    internal AutoOptions Options => options;

    public string? EngineOn(string device) => Nested.EngineOn(candidates, device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var choices = new Dictionary<string, SeriesChoice>(StringComparer.Ordinal);
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        var results = Walk(history, task, context);
        foreach (var series in history.Series)
        {
            try
            {
                choices[series.Id] = Choose(series.Id, results, task.Levels);
            }
            catch (ForecastException e)
            {
                failures[series.Id] = e;
            }
        }

        var fitted = new SortedDictionary<int, IFittedForecaster>();
        foreach (var candidate in choices.Values.SelectMany(c => c.Kept).Distinct().Order().ToArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                fitted[candidate] = candidates[candidate].Fit(Shown(history, candidate, choices), task, Nested.Part(context, candidates.Count, candidates.Count + 1, SeedOf(context, "fit", candidate)));
            }
            catch (ForecastException e)
            {
                foreach (var (series, _) in choices.Where(c => c.Value.Kept.Contains(candidate)))
                    failures.TryAdd(series, new ForecastException(e.Code, $"{e.Message} ({candidates[candidate].Name}, chosen by '{name}')", e.Field, series, e.Index, e));
            }
        }

        return fitted.Count == 0 ? throw failures.Values.First() : new FittedAuto(this, fitted, choices, failures, [.. history.Series.Select(s => s.Id)]);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var choices = archive.ReadObject<Dictionary<string, SeriesChoice>>(FittedAuto.ChoicesEntry);
        var fitted = new SortedDictionary<int, IFittedForecaster>();
        foreach (var entry in archive.Entries.ToArray())
        {
            if (FittedAuto.CandidateOf(entry) is { } candidate && candidate < candidates.Count) fitted[candidate] = Nested.Load(archive, entry, candidates[candidate]);
        }

        return new FittedAuto(this, fitted, choices, new Dictionary<string, ForecastException>(StringComparer.Ordinal), []);
    }

    /// <summary>What a candidate is shown: its own series, or all of them if it learns from the panel.</summary>
    internal PanelView Shown(PanelView history, int candidate, IReadOnlyDictionary<string, SeriesChoice> choices) => candidates[candidate].Scope == FitScope.Global
        ? history
        : history.Only(history.Series.Select(s => s.Id).Where(id => choices.TryGetValue(id, out var choice) && choice.Kept.Contains(candidate)).ToHashSet(StringComparer.Ordinal));

    private static ulong SeedOf(FitContext context, string use, int candidate) => Seeds.Derive(context.Seed, "auto", use, candidate.ToString(CultureInfo.InvariantCulture));

    /// <summary>Empty when there is nothing to choose.</summary>
    private List<InnerResult> Walk(PanelView history, ForecastTask task, FitContext context)
    {
        var results = new List<InnerResult>();
        for (var i = 0; candidates.Count > 1 && i < candidates.Count; i++)
        {
            results.Add(InnerWalk.Run(candidates[i], Scope, history, rows => InnerPlan.ToCompare(rows, task.Horizon, options.Folds, options.RefitEvery), task.Levels, context with { Seed = SeedOf(context, "inner", i) }));
            context.Progress?.Report((i + 1.0) / (candidates.Count + 1));
        }

        return results;
    }

    private SeriesChoice Choose(string series, List<InnerResult> results, IReadOnlyList<double> levels)
    {
        if (results.Count == 0) return new SeriesChoice([0], [1], [double.NaN], [null]);
        var scores = new double[results.Count];
        var reasons = new string?[results.Count];
        ForecastException? first = null;
        for (var i = 0; i < scores.Length; i++)
        {
            try
            {
                scores[i] = CandidateScore.Of(results[i].Of(series, candidates[i].Name), options.Metric, levels, series, candidates[i].Name);
            }
            catch (ForecastException e)
            {
                (scores[i], reasons[i]) = (double.NaN, e.Message);
                first ??= e;
            }
        }

        return reasons.Contains(null)
            ? SeriesChoice.Of(scores, reasons, options.Keep)
            : throw new ForecastException(first!.Code, $"series '{series}': none of the {candidates.Count} candidates of '{name}' could be walked forward; the first said: {first.Message}", first.Field, series, inner: first);
    }
}
