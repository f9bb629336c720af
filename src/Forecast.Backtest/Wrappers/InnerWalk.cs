using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using NodaTime;

namespace Forecast.Backtest.Wrappers;

/// <summary>
/// Walks a model forward inside a history. It sees heads of that history only (<see cref="PanelView.Until"/>), so nothing it learns can lie
/// past the cutoff at which the wrapper was fitted. Values that were revised are seen as they stand at that cutoff.
/// </summary>
internal static class InnerWalk
{
    /// <summary>Fits and forecasts at the cutoffs of the plan.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scope">Local: each series walks over its own rows. Global: all walk together over the union of their event times.</param>
    /// <param name="history">What the wrapper was given.</param>
    /// <param name="plan">Gives the plan for a number of rows.</param>
    /// <param name="levels">Levels of the task.</param>
    /// <param name="context">Seed, device, cancellation.</param>
    public static InnerResult Run(IForecaster model, FitScope scope, PanelView history, Func<int, InnerPlan> plan, IReadOnlyList<double> levels, FitContext context)
    {
        var result = new InnerResult();
        foreach (var unit in Units(scope, history))
        {
            var times = EventTimes(unit);
            var own = plan(times.Length);
            Instant[] cutoffs = [.. own.Cutoffs(times.Length).Select(rows => times[rows - 1])];
            var task = new ForecastTask(own.Horizon, levels);
            IFittedForecaster? fitted = null;
            for (var fold = 0; fold < cutoffs.Length; fold++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var view = unit.Until(cutoffs[fold]);
                try
                {
                    fitted = fitted is null || (own.RefitEvery is { } every && fold % every == 0)
                        ? model.Fit(view, task, context with { Seed = SeedAt(context.Seed, "inner fit", cutoffs[fold]), Progress = null, Training = null })
                        : fitted.Condition(view);
                    Collect(fitted, unit, view, own, SeedAt(context.Seed, "inner predict", cutoffs[fold]), result);
                }
                catch (ForecastException e)
                {
                    foreach (var series in unit.Series) result.Failures.TryAdd(series.Id, e);
                    break;
                }
            }
        }

        return result;
    }

    /// <summary>Forecasts again at cutoffs after the fit: the fit stands, the history goes on.</summary>
    /// <param name="fitted">The fit.</param>
    /// <param name="unit">History that goes beyond the fit.</param>
    /// <param name="cutoffs">Where to forecast, ascending.</param>
    /// <param name="horizon">Steps.</param>
    /// <param name="seed">Root of the seeds.</param>
    public static InnerResult Replay(IFittedForecaster fitted, PanelView unit, IEnumerable<Instant> cutoffs, int horizon, ulong seed)
    {
        var result = new InnerResult();
        var plan = new InnerPlan(horizon, int.MaxValue, 1, null, Partial: true);
        foreach (var cutoff in cutoffs)
        {
            var view = unit.Until(cutoff);
            Collect(fitted.Condition(view), unit, view, plan, SeedAt(seed, "inner predict", cutoff), result);
        }

        return result;
    }

    /// <summary>The parts of a panel that know nothing of each other.</summary>
    public static IEnumerable<PanelView> Units(FitScope scope, PanelView history) =>
        scope == FitScope.Local ? history.Series.Select(s => history.Only([s.Id])) : [history];

    /// <summary>Event times of all series of a unit, ascending.</summary>
    public static Instant[] EventTimes(PanelView unit)
    {
        if (unit.Series.Count == 1) return unit.Series[0].Times.ToArray();
        var times = new SortedSet<Instant>();
        foreach (var series in unit.Series)
        {
            foreach (var time in series.Times) times.Add(time);
        }

        return [.. times];
    }

    private static void Collect(IFittedForecaster fitted, PanelView unit, PanelView view, InnerPlan plan, ulong seed, InnerResult result)
    {
        var least = plan.Partial ? 1 : plan.Horizon;
        SeriesView[] going = [.. view.Series.Where(s => unit[s.Id].Length - s.Length >= least)];
        if (going.Length == 0) return;

        // No step is asked for whose covariates the history does not hold.
        var steps = Math.Min(plan.Horizon, going.Min(s => unit[s.Id].Length - s.Length));
        var prediction = fitted.Predict(FutureOf(unit, view, steps), steps, seed);
        foreach (var seen in going)
        {
            if (prediction.Failures.TryGetValue(seen.Id, out var failure))
            {
                result.Failures.TryAdd(seen.Id, failure);
                continue;
            }

            if (!result.Folds.TryGetValue(seen.Id, out var folds)) result.Folds[seen.Id] = folds = [];
            folds.Add(new InnerFold(seen.Length, prediction[seen.Id], Next(unit[seen.Id].Target, seen.Length, steps)));
        }
    }

    /// <summary>Known-future covariates of the steps after each head: they stand in the history itself.</summary>
    private static KnownFuture FutureOf(PanelView unit, PanelView view, int horizon)
    {
        var futures = new Dictionary<string, SeriesFuture>(StringComparer.Ordinal);
        foreach (var seen in view.Series)
        {
            var whole = unit[seen.Id];
            var columns = whole.ColumnsOf(ColumnRole.FutureCovariate).ToDictionary(c => c, c => Next(whole.Values(c), seen.Length, horizon), StringComparer.Ordinal);
            if (columns.Count > 0) futures[seen.Id] = new SeriesFuture(columns);
        }

        return futures.Count == 0 ? KnownFuture.None : new KnownFuture(futures);
    }

    /// <summary>The values after the first <paramref name="rows"/>, NaN beyond the end.</summary>
    private static double[] Next(ReadOnlySpan<double> values, int rows, int horizon)
    {
        var next = new double[horizon];
        Array.Fill(next, double.NaN);
        values[rows..Math.Min(values.Length, rows + horizon)].CopyTo(next);
        return next;
    }

    private static ulong SeedAt(ulong seed, string use, Instant cutoff) => Seeds.Derive(seed, use, cutoff.ToUnixTimeTicks().ToString(CultureInfo.InvariantCulture));
}
