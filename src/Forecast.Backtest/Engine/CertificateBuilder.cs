using Forecast.Backtest.Results;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>Makes the leakage certificate by checking each line, not by trusting that the engine kept the rules.</summary>
internal static class CertificateBuilder
{
    public static LeakageCertificate Build(string dataHash, Frequency frequency, RunSpec spec, IReadOnlyList<BlockResult> blocks)
    {
        var worst = PretrainingExposure.Clean;
        var exposure = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in spec.Models)
        {
            var own = blocks.Where(b => string.Equals(b.Item.Model, model, StringComparison.Ordinal)).Select(b => b.Exposure).ToArray();
            if (own.Length == 0) continue;
            var level = Worst(own);
            exposure[model] = Explain(level);
            worst = Worst([worst, level]);
        }

        var violations = Violations(frequency, spec, blocks);
        return new LeakageCertificate
        {
            DataHash = dataHash,
            Verdict = violations.Count > 0 ? "contaminated" : Name(worst),
            Exposure = exposure,
            Folds =
            [
                .. spec.Models.SelectMany(m => blocks.Where(b => string.Equals(b.Item.Model, m, StringComparison.Ordinal))
                    .OrderBy(b => b.Item.Shard).ThenBy(b => b.Item.Block).SelectMany(b => b.Folds.Select(f => new CertifiedFold(m, f)))),
            ],
            Violations = violations,
        };
    }

    private static List<string> Violations(Frequency frequency, RunSpec spec, IReadOnlyList<BlockResult> blocks)
    {
        var found = new List<string>();
        foreach (var block in blocks)
        {
            var model = block.Item.Model;
            foreach (var fold in block.Folds)
            {
                var where = $"model '{model}', series '{fold.Series}', fold {fold.Fold}";
                Require(fold.FitCutoff <= fold.Cutoff, where, "was fitted at", fold.FitCutoff, "after the cutoff", fold.Cutoff);
                Require(fold.FitFrom <= fold.FitCutoff, where, "was fitted from", fold.FitFrom, "which is after its fit cutoff", fold.FitCutoff);
                Require(fold.LatestAvailableAt <= fold.Cutoff, where, "could read a value published", fold.LatestAvailableAt, "after the cutoff", fold.Cutoff);
                Require(fold.FirstTarget > fold.Cutoff, where, "forecast a row at", fold.FirstTarget, "not after the cutoff", fold.Cutoff);
            }

            var certified = block.Folds.Select(f => (f.Fold, f.Cutoff)).ToHashSet();
            foreach (var row in block.Predictions)
            {
                var where = $"model '{model}', series '{row.Series}', fold {row.Fold}, step {row.H}";
                if (!certified.Contains((row.Fold, row.Cutoff))) found.Add($"{where}: no line of the certificate covers the cutoff {frequency.Format(row.Cutoff)}");
                if (row.H <= spec.Plan.Gap) found.Add($"{where}: lies within the gap of {spec.Plan.Gap} rows");
                Require(row.ObservedAt > row.Cutoff, where, "is scored on a row at", row.ObservedAt, "not after the cutoff", row.Cutoff);
            }
        }

        return found;

        void Require(bool kept, string where, string what, Instant value, string than, Instant limit)
        {
            if (!kept) found.Add($"{where}: {what} {frequency.Format(value)}, {than} {frequency.Format(limit)}");
        }
    }

    private static PretrainingExposure Worst(IEnumerable<PretrainingExposure> exposures) => exposures.MaxBy(e => e switch
    {
        PretrainingExposure.Clean => 0,
        PretrainingExposure.Unknown => 1,
        _ => 2,
    });

    private static string Name(PretrainingExposure exposure) => exposure.ToString().ToLowerInvariant();

    private static string Explain(PretrainingExposure exposure) => Name(exposure) + exposure switch
    {
        PretrainingExposure.Clean => ": no pre-trained weights, or weights that never saw these data",
        PretrainingExposure.Unknown => ": nobody can say whether the pre-trained weights saw these data",
        _ => ": the pre-trained weights were trained on these data",
    };
}
