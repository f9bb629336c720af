using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using NodaTime;
using static Forecast.Backtest.Tests.TestData;

namespace Forecast.Backtest.Tests.Leaks;

/// <summary>What a model said before a cutoff that changed when only later data changed.</summary>
public sealed record Leak(string Mutation, Instant Cutoff, PredictionRow Before, PredictionRow? After);

/// <summary>
/// Back-tests a panel, changes what nobody could know at each of several cutoffs, back-tests again, and compares every prediction
/// made up to the cutoff bit for bit. The second time the items run in reverse, as another worker may take them: a model that keeps
/// something under too short a key then meets its own future.
/// </summary>
internal static class LeakTest
{
    /// <summary>Finds the leaks of a model.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="spec">The run; its one model is the one tested.</param>
    /// <param name="model">Makes the model; the panel is the side door through which a faulty one reaches all data.</param>
    public static IReadOnlyList<Leak> Find(Panel panel, RunSpec spec, Func<Panel, IForecaster> model)
    {
        var original = Predict(panel, spec, model(panel), reverse: false);
        original.Count.ShouldBeGreaterThan(0, "the original run predicted nothing, so there is nothing to compare");
        var leaks = new List<Leak>();
        foreach (var cutoff in Cutoffs(original))
        {
            foreach (var mutation in PanelMutation.All)
            {
                var changed = mutation.Apply(panel, cutoff);
                if (string.Equals(changed.DataHash, panel.DataHash, StringComparison.Ordinal)) continue;  // no covariate, no other series
                Compare(mutation.Name, cutoff, original, Predict(changed, spec, model(changed), reverse: true), leaks);
            }
        }

        return leaks;
    }

    /// <summary>A quarter, a half and three quarters through the folds: rows remain on both sides.</summary>
    private static Instant[] Cutoffs(Dictionary<Key, PredictionRow> rows)
    {
        Instant[] all = [.. rows.Keys.Select(k => k.Cutoff).Distinct().Order()];
        all.Length.ShouldBeGreaterThan(7, "too few folds to change something between them");
        return [all[all.Length / 4], all[all.Length / 2], all[3 * all.Length / 4]];
    }

    private static Dictionary<Key, PredictionRow> Predict(Panel panel, RunSpec spec, IForecaster model, bool reverse)
    {
        var items = FoldSchedule.Build(panel, spec, [model]);
        var blocks = (reverse ? items.Reverse() : items).Select(i => Work(panel, spec, i, model)).ToArray();
        return blocks.SelectMany(b => b.Predictions).ToDictionary(p => new Key(p.Series, p.Cutoff, p.H));
    }

    private static void Compare(string mutation, Instant cutoff, Dictionary<Key, PredictionRow> before, Dictionary<Key, PredictionRow> after, List<Leak> leaks)
    {
        var compared = 0;
        foreach (var (key, row) in before)
        {
            if (key.Cutoff > cutoff) continue;
            var other = after.GetValueOrDefault(key);

            // Where later rows were removed, the last folds may have lost the rows that they would be scored on.
            if (other is null && row.ObservedAt > cutoff && string.Equals(mutation, PanelMutation.RowsRemoved.Name, StringComparison.Ordinal)) continue;
            compared++;
            if (other is null || !Same(row, other)) leaks.Add(new Leak(mutation, cutoff, row, other));
        }

        compared.ShouldBeGreaterThan(0, $"mutation '{mutation}' at {cutoff} left no prediction to compare");
        foreach (var (key, row) in after)
        {
            if (key.Cutoff <= cutoff && before.Keys.Any(k => string.Equals(k.Series, key.Series, StringComparison.Ordinal)) && !before.ContainsKey(key))
                leaks.Add(new Leak(mutation, cutoff, row, null));
        }
    }

    /// <summary>All that was said; what came true afterwards, and the scores from it, may differ.</summary>
    private static bool Same(PredictionRow a, PredictionRow b) =>
        a.Fold == b.Fold && a.Timestamp == b.Timestamp && Bits(a.Mean) == Bits(b.Mean) && a.Quantiles.Select(Bits).SequenceEqual(b.Quantiles.Select(Bits));

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private readonly record struct Key(string Series, Instant Cutoff, int H);
}
