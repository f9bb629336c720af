using Forecast.Backtest.Metrics;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Registry;
using Forecast.Models.Catalogue;

namespace Forecast.Hosting.Retraining;

/// <summary>
/// Candidate and champion on the newest folds, both fitted on nothing but what was known before the first of them. A champion whose
/// own parameters have read some of those folds would win by memory, so its model is then fitted anew at the same cutoff.
/// </summary>
internal static class Contest
{
    private const string All = "all";

    public static ContestFindings Hold(Panel panel, RetrainingJob job, string candidate, ReadyModel? champion, ModelCatalogue catalogue, CancellationToken cancellation)
    {
        var times = NewestFolds.Grid(panel);
        var plan = NewestFolds.Plan(panel, job.Folds, job.Horizon, times.Length);
        var cutoff = times[times.Length - (job.Folds * job.Horizon) - 1];
        var (names, models, how) = ((List<string>)[candidate], (List<IForecaster>)[catalogue.Create(candidate)], "none");
        if (champion is { } one)
        {
            how = one.Version.FitCutoff <= cutoff ? "stored" : one.Version.Model == candidate ? "same" : "refitted";
            var model = catalogue.Create(one.Version.Model);
            if (how != "same") names.Add($"{one.Version.Name}@{one.Version.Version}");
            if (how == "stored") models.Add(new StandingForecaster(names[^1], model, one.Fitted));
            if (how == "refitted") models.Add(model);
        }

        var risk = job.Rule.Risk.Count > 0 ? job.Rule.Risk : null;
        var spec = new RunSpec { Data = job.Data, Models = names, Plan = plan, Levels = [.. job.Levels.Union(risk ?? []).Order()], Risk = risk, Seed = job.Seed, Device = job.Device };
        var result = NewestFolds.Walk(panel, spec, models, cancellation);
        return new ContestFindings
        {
            Folds = job.Folds,
            FitCutoff = panel.Frequency.Format(cutoff),
            Metric = job.Rule.Metric,
            Candidate = Of(result, candidate, job.Rule.Metric)?.Value,
            Champion = names.Count > 1 ? Of(result, names[1], job.Rule.Metric)?.Value : null,
            ChampionParameters = how,
            Calibration = [.. job.Levels.Select(l => (Level: l, Metric: Of(result, candidate, MetricNames.Below(l)))).Where(l => l.Metric is not null).Select(l => new LevelShare(l.Level, l.Metric!.Value, l.Metric.Count))],
            Risk =
            [
                .. from run in new RunFindings(result).Risk()
                   from tests in run.Models
                   where tests.Model == candidate
                   select new TailFindings(run.Series, run.Alpha, tests.Days, tests.Exceedances, tests.KupiecPof.PValue, tests.ConditionalCoverage.PSum),
            ],
            PredictionsHash = result.PredictionsHash,
        };
    }

    /// <summary>Null where the model gave nothing to score, or not all of it: a mean over fewer forecasts is not comparable.</summary>
    private static MetricValue? Of(BacktestResult result, string model, string metric) =>
        result.Metrics.FirstOrDefault(m => m.Model == model && m.Series == All && m.Name == metric && double.IsFinite(m.Value) && result.Failures.All(f => f.Model != model));
}
