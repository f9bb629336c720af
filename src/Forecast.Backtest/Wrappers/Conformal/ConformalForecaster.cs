using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>
/// Intervals around any model's mean, by what its errors were in an inner walk-forward, step by step. The model's own law is not used, so
/// it need not have one, nor be right.
/// </summary>
/// <param name="inner">The model.</param>
/// <param name="options">How intervals follow from errors.</param>
/// <param name="name">Model string of the whole.</param>
public sealed class ConformalForecaster(IForecaster inner, ConformalOptions options, string name) : IForecaster
{
    public string Name => name;

    public FitScope Scope => inner.Scope;

    public PretrainingExposure Exposure => inner.Exposure;

    public bool ReadsNotes => inner.ReadsNotes;

    internal ConformalOptions Options => options;

    internal ConformalLaw Law { get; } = new(options);

    public string? EngineOn(string device) => inner.EngineOn(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(context);
        task.Validated();
        var walk = InnerWalk.Run(inner, Scope, history, _ => InnerPlan.ToCalibrate(task.Horizon, options.Errors, options.RefitEvery), task.Levels, context with { Seed = Seeds.Derive(context.Seed, "conformal", "inner") });
        context.Progress?.Report(0.5);
        var grid = Law.Grid(task.Levels);
        var errors = new Dictionary<string, SeriesErrors>(StringComparer.Ordinal);
        var failures = new Dictionary<string, ForecastException>(StringComparer.Ordinal);
        foreach (var series in history.Series)
        {
            try
            {
                var steps = SeriesErrors.Collect(walk.Of(series.Id, inner.Name), task.Horizon, options.Errors);
                RequireEnough(steps, task.Levels, series.Id);
                errors[series.Id] = new SeriesErrors(steps, series.Times[^1].ToUnixTimeTicks(), grid, Seeds.Derive(context.Seed, "conformal", "replay"));
            }
            catch (ForecastException e)
            {
                failures[series.Id] = e;
            }
        }

        if (errors.Count == 0) throw failures.Values.First();
        return new FittedConformal(this, inner.Fit(history, task, Nested.Part(context, 1, 2, Seeds.Derive(context.Seed, "conformal", "member"))), errors, errors, failures);
    }

    public IFittedForecaster Load(ModelArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var errors = archive.ReadObject<Dictionary<string, SeriesErrors>>(FittedConformal.ErrorsEntry);
        return new FittedConformal(this, Nested.Load(archive, FittedConformal.MemberEntry, inner), errors, errors, new Dictionary<string, ForecastException>(StringComparer.Ordinal));
    }

    private void RequireEnough(double[][] steps, IReadOnlyList<double> levels, string series)
    {
        var (level, needed) = levels.Select(l => (l, Law.Needed(l))).DefaultIfEmpty((0.5, 2)).MaxBy(n => n.Item2);
        for (var h = 1; h <= steps.Length; h++)
        {
            var count = steps[h - 1].Count(e => !double.IsNaN(e));
            if (count >= Math.Max(2, needed)) continue;
            throw new ForecastException("series-too-short", $"series '{series}': step {h} has {count} known error{(count == 1 ? "" : "s")} in the inner walk-forward, but level {level} needs at least {Math.Max(2, needed)}; "
                + (count >= options.Errors ? "raise errors" : "give a longer history, or ask for a shorter horizon or levels nearer to the middle"), "data", series);
        }
    }
}
