using System.Runtime.ExceptionServices;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Backtest.Plan;

/// <summary>
/// Turns data and plan into work. A local model gets one shard a series, which walks over that series' own rows (a row whose
/// target is missing is a row). A global model gets one shard of all series, which walks over the union of their event times; a
/// series takes part in a fold if it has a row in (previous cutoff, cutoff] and its own rows of the horizon exist. A series that no
/// fold fits is refused by itself (<see cref="WorkItem.Refused"/>), and the others go on.
/// </summary>
public static class FoldSchedule
{
    /// <summary>Longer blocks are cut into several items that fit at the same cutoff, so that little is lost when a worker dies.</summary>
    public const int MaxFoldsPerItem = 250;

    /// <summary>All items of a run, by model, shard and time.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="spec">The run.</param>
    /// <param name="models">The forecasters of <see cref="RunSpec.Models"/>, in the same order.</param>
    /// <exception cref="ForecastException">A plan that fits no series at all: names the first of them, its rows and what to change.</exception>
    public static IReadOnlyList<WorkItem> Build(Panel panel, RunSpec spec, IReadOnlyList<IForecaster> models)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(models);
        Check(spec, models);
        var plan = spec.Plan.Validated();
        IReadOnlyList<Shard>? local = null, global = null;
        var items = new List<WorkItem>();
        for (var m = 0; m < models.Count; m++)
        {
            var shards = models[m].Scope == FitScope.Local
                ? local ??= LocalShards(panel, plan)
                : global ??= [GlobalShard(panel, plan)];
            foreach (var shard in shards) items.AddRange(Items(spec.Models[m], shard, plan.RefitEvery));
        }

        return items;
    }

    private static void Check(RunSpec spec, IReadOnlyList<IForecaster> models)
    {
        if (spec.Models.Count == 0) throw new ForecastException("no-models", "a back-test needs at least one model", "models");
        if (spec.Models.Count != models.Count) throw new ArgumentException($"{models.Count} forecasters for {spec.Models.Count} models", nameof(models));
        var twice = spec.Models.GroupBy(m => m, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new ForecastException("model-duplicate", $"model '{twice.Key}' stands twice in the list", "models");
        new ForecastTask(spec.Plan.Horizon, spec.Levels).Validated();
    }

    private static Shard[] LocalShards(Panel panel, WalkForwardPlan plan)
    {
        ForecastException? first = null;
        var shards = new Shard[panel.Series.Count];
        var refused = 0;
        for (var i = 0; i < shards.Length; i++)
        {
            var series = panel.Series[i];
            try
            {
                shards[i] = LocalShard(series, i, plan);
            }
            catch (ForecastException e)
            {
                first ??= e;
                refused++;
                shards[i] = new Shard(i, [series.Id], [], []) { Last = series.Length > 0 ? series.Times[^1] : NodaConstants.UnixEpoch, Refused = [new RefusedSeries(series.Id, e.Code, e.Message)] };
            }
        }

        if (refused == shards.Length) ExceptionDispatchInfo.Throw(first!);
        return shards;
    }

    private static Shard LocalShard(TimeSeries series, int number, WalkForwardPlan plan)
    {
        string[] ids = [series.Id];
        var cutoffs = Walk.Cutoffs(series.Times, plan, series.Frequency, $"series '{series.Id}'", series.Id);
        var folds = new WorkFold?[cutoffs.Count];
        for (var i = 0; i < folds.Length; i++) folds[i] = new WorkFold(i, series.Times[cutoffs[i]], ids);
        return new Shard(number, ids, [.. folds.Select(f => f!.Cutoff)], folds);
    }

    private static Shard GlobalShard(Panel panel, WalkForwardPlan plan)
    {
        var times = new SortedSet<Instant>();
        foreach (var series in panel.Series)
        {
            foreach (var time in series.Times) times.Add(time);
        }

        Instant[] line = [.. times];
        var rows = Walk.Cutoffs(line, plan, panel.Frequency, panel.Series.Count == 1 ? $"series '{panel.Series[0].Id}'" : "the common time line of the series", series: null);
        var folds = new WorkFold?[rows.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < folds.Length; i++)
        {
            var (cutoff, before) = (line[rows[i]], rows[i] - plan.EffectiveStep);
            var previous = before >= 0 ? line[before] : Instant.MinValue;
            string[] ids = [.. panel.Series.Where(s => TakesPart(s, previous, cutoff, plan)).Select(s => s.Id)];
            if (ids.Length == 0) continue;
            folds[i] = new WorkFold(i, cutoff, ids);
            seen.UnionWith(ids);
        }

        ForecastException[] idle = [.. panel.Series.Where(s => !seen.Contains(s.Id)).Select(s => new ForecastException(
            "no-fold", $"series '{s.Id}' ({s.Length} rows) takes part in none of the {rows.Count} folds between {panel.Frequency.Format(line[rows[0]])} and "
            + $"{panel.Frequency.Format(line[rows[^1]])}: it needs a new row at a cutoff and {plan.Gap + plan.Horizon} rows after it; leave it out of the data or move the span", "data", s.Id))];
        if (seen.Count == 0) throw idle[0];
        return new Shard(0, [.. panel.Series.Select(s => s.Id)], [.. rows.Select(r => line[r])], folds) { Refused = [.. idle.Select(e => new RefusedSeries(e.Series!, e.Code, e.Message))] };
    }

    private static bool TakesPart(TimeSeries series, Instant previous, Instant cutoff, WalkForwardPlan plan)
    {
        var visible = series.RowsUntil(cutoff);
        if (visible == 0 || series.Times[visible - 1] <= previous) return false;
        var last = (long)visible + plan.Gap + plan.Horizon - 1;
        return last < series.Length && (plan.To is not { } to || series.Times[(int)last] <= to);
    }

    /// <summary>Cuts the folds into blocks between refits, and those into items; the numbers are places counted from the start.</summary>
    private static IEnumerable<WorkItem> Items(string model, Shard shard, int? refitEvery)
    {
        if (shard.Folds.Length == 0)
        {
            yield return new WorkItem(model, shard.Number, shard.Series, 0, shard.Last, []) { Refused = shard.Refused };
            yield break;
        }

        var block = refitEvery ?? shard.Folds.Length;
        var number = 0;
        var refused = shard.Refused;
        for (var start = 0; start < shard.Folds.Length; start += block)
        {
            var end = (int)Math.Min((long)start + block, shard.Folds.Length);
            for (var part = start; part < end; part += MaxFoldsPerItem, number++)
            {
                WorkFold[] folds = [.. shard.Folds[part..Math.Min(part + MaxFoldsPerItem, end)].OfType<WorkFold>()];
                if (folds.Length == 0) continue;
                yield return new WorkItem(model, shard.Number, shard.Series, number, shard.Cutoffs[start], folds) { Refused = refused };
                refused = [];
            }

            if (block > int.MaxValue - start) yield break;
        }
    }

    /// <param name="Number">Number of the shard.</param>
    /// <param name="Series">Its series.</param>
    /// <param name="Cutoffs">Every cutoff of the walk.</param>
    /// <param name="Folds">A fold a cutoff; null where no series takes part.</param>
    private sealed record Shard(int Number, IReadOnlyList<string> Series, IReadOnlyList<Instant> Cutoffs, WorkFold?[] Folds)
    {
        /// <summary>Series that no fold fits.</summary>
        public IReadOnlyList<RefusedSeries> Refused { get; init; } = [];

        /// <summary>The last row of a shard without folds.</summary>
        public Instant Last { get; init; }
    }
}
