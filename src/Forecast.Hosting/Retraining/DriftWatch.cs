using Forecast.Backtest.Drift;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Data;
using Forecast.Hosting.Registry;

namespace Forecast.Hosting.Retraining;

/// <summary>
/// Compares the data since a champion's fit with those before it, and the champion's errors since with those of a back-test of its model
/// that ends at the fit.
/// </summary>
internal static class DriftWatch
{
    /// <param name="panel">The data as they are now.</param>
    /// <param name="champion">The champion, which knows its cutoff.</param>
    /// <param name="model">Its forecaster.</param>
    /// <param name="job">Horizon, folds, seed, device.</param>
    /// <param name="cancellation">Gives up.</param>
    public static DriftFindings? Look(Panel panel, ReadyModel champion, IForecaster model, RetrainingJob job, CancellationToken cancellation)
    {
        if (champion.Version.FitCutoff is not { } cutoff) return null;
        var subject = job.Options.Returns is Returns.None ? DriftSubject.Changes : DriftSubject.Values;
        DataDrift[] data = [.. panel.Series.Select(s => DataDrift.Of(s, cutoff, subject))];
        var (performance, note) = Performance(panel, champion, model, job, cancellation);
        string[] alarms =
        [
            .. data.SelectMany(d => d.Alarms.Select(a => $"{d.Series}: {a}")),
            .. performance.Where(p => p.Cusum?.AlarmAt is not null).Select(p => $"{p.Series}: cusum"),
        ];
        return new DriftFindings(panel.Frequency.Format(cutoff), data, performance, alarms, note);
    }

    private static (IReadOnlyList<PerformanceDrift> Performance, string? Note) Performance(Panel panel, ReadyModel champion, IForecaster model, RetrainingJob job, CancellationToken cancellation)
    {
        var times = NewestFolds.Grid(panel);
        var cutoff = champion.Version.FitCutoff!.Value;
        var fitted = 0;
        while (fitted < times.Length && times[fitted] <= cutoff) fitted++;
        var since = (times.Length - fitted) / job.Horizon;
        var before = Math.Min(job.Folds, (fitted / 2) / job.Horizon);
        if (since < 1 || before < 2) return ([], $"{times.Length - fitted} rows since the fit and {fitted} before it are too few to compare errors");
        try
        {
            var standing = new StandingForecaster(champion.Version.Name, model, champion.Fitted);
            var reference = Errors(panel, before, fitted, model, job, cancellation);
            var rolling = Errors(panel, since, fitted + (since * job.Horizon), standing, job, cancellation);
            return ([.. panel.Series.Select(s => new PerformanceDrift(s.Id, reference[s.Id].Length, rolling[s.Id].Length, ErrorCusum.Of(reference[s.Id], rolling[s.Id])))], null);
        }
        catch (ForecastException e)
        {
            // A champion of other series, or data too short for its model: the data are still watched.
            return ([], e.Message);
        }
    }

    /// <summary>Mean absolute error of each fold, series by series, in time.</summary>
    private static Dictionary<string, double[]> Errors(Panel panel, int folds, int end, IForecaster model, RetrainingJob job, CancellationToken cancellation)
    {
        var spec = new RunSpec { Data = job.Data, Models = [model.Name], Plan = NewestFolds.Plan(panel, folds, job.Horizon, end), Levels = job.Levels, Seed = job.Seed, Device = job.Device };
        var rows = NewestFolds.Walk(panel, spec, [model], cancellation).Predictions.Where(p => !double.IsNaN(p.Actual)).ToLookup(p => p.Series, StringComparer.Ordinal);
        return panel.Series.ToDictionary(s => s.Id, s => rows[s.Id].GroupBy(p => p.Fold).OrderBy(g => g.Key).Select(g => g.Average(p => Math.Abs(p.Actual - p.Mean))).ToArray(), StringComparer.Ordinal);
    }
}
