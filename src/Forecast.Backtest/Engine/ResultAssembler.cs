using Forecast.Backtest.Metrics;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>Puts the blocks of a run together: sorted predictions with their hash, scores, certificate, timings.</summary>
public static class ResultAssembler
{
    /// <param name="panel">The data of the run.</param>
    /// <param name="spec">The run.</param>
    /// <param name="blocks">Its results, in any order; each item once.</param>
    /// <param name="lineage">Where the numbers came from.</param>
    /// <exception cref="ArgumentException">An item twice, or of a model that is not in the run.</exception>
    public static BacktestResult Assemble(Panel panel, RunSpec spec, IReadOnlyList<BlockResult> blocks, Lineage lineage)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(lineage);
        var twice = blocks.GroupBy(b => b.Item.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new ArgumentException($"item '{twice.Key}' has {twice.Count()} results", nameof(blocks));

        var place = Places(spec);
        BlockResult[] ordered = [.. blocks.OrderBy(b => place[b.Item.Model]).ThenBy(b => b.Item.Shard).ThenBy(b => b.Item.Block)];
        var cutoffs = FirstCutoffs(ordered);
        SeriesInfo[] series = [.. panel.Series.Select(s => SeriesScales.Describe(panel, s, cutoffs.TryGetValue(s.Id, out var first) ? first : null))];
        var predictions = PredictionHash.Sort(ordered.SelectMany(b => b.Predictions), spec.Models);
        return new BacktestResult
        {
            Spec = spec,
            Series = series,
            Predictions = predictions,
            Metrics = RunMetrics.Compute(spec, series, ordered, predictions),
            Failures = [.. ordered.SelectMany(b => b.Failures).OrderBy(f => place[f.Model]).ThenBy(f => f.Series, StringComparer.Ordinal).ThenBy(f => f.Cutoff)],
            Repairs = Repairs(ordered, place),
            Notes = Notes(ordered),
            Certificate = CertificateBuilder.Build(panel.DataHash, panel.Frequency, spec, ordered),
            Lineage = lineage,
            Timings = [.. spec.Models.Select(m => Timing(m, ordered))],
            PredictionsHash = PredictionHash.Of(predictions),
        };
    }

    private static Dictionary<string, int> Places(RunSpec spec) =>
        spec.Models.Select((m, i) => (m, i)).ToDictionary(x => x.m, x => x.i, StringComparer.Ordinal);

    /// <summary>By the schedule, not by what succeeded, so that a failure moves no scale.</summary>
    private static Dictionary<string, Instant> FirstCutoffs(IEnumerable<BlockResult> blocks)
    {
        var first = new Dictionary<string, Instant>(StringComparer.Ordinal);
        foreach (var fold in blocks.SelectMany(b => b.Item.Folds))
        {
            foreach (var series in fold.Series)
            {
                if (!first.TryGetValue(series, out var known) || fold.Cutoff < known) first[series] = fold.Cutoff;
            }
        }

        return first;
    }

    private static IReadOnlyList<ModelNote> Notes(IEnumerable<BlockResult> blocks)
    {
        var book = new NoteBook();
        foreach (var note in blocks.SelectMany(b => b.Notes)) book.Add(note.Model, note.Series, note.Text, note.Count);
        return book.Notes();
    }

    /// <summary>Null, not empty, when some block did not count them.</summary>
    private static IReadOnlyList<QuantileRepair>? Repairs(BlockResult[] blocks, Dictionary<string, int> place) => Array.Exists(blocks, b => b.Repairs is null)
        ? null
        : [.. blocks.SelectMany(b => b.Repairs!).OrderBy(r => place[r.Model]).ThenBy(r => r.Series, StringComparer.Ordinal).ThenBy(r => r.Fold)];

    private static ModelTiming Timing(string model, IEnumerable<BlockResult> blocks)
    {
        var own = blocks.Where(b => string.Equals(b.Item.Model, model, StringComparison.Ordinal)).ToArray();
        return new ModelTiming(model, own.Count(b => b.Fits.Count > 0), own.Sum(b => b.Predictions.Count), own.Sum(b => b.FitSeconds), own.Sum(b => b.PredictSeconds));
    }
}
