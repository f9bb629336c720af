using System.Diagnostics;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Backtest.Engine;

/// <summary>
/// Works on one item: fits at its fit cutoff, conditions and predicts at each fold, then looks at what came true. The result is a
/// function of data, run, item and model alone (but for the seconds it took), so that any worker may do it at any time.
/// </summary>
/// <remarks>
/// A model gets <see cref="PanelView"/>s and <see cref="KnownFuture"/> of the item's series, and nothing else. What a model cannot
/// do for a series (a <see cref="ForecastException"/>) becomes a <see cref="SeriesFailure"/>; no other model steps in. Any other
/// exception is a defect and reaches the caller.
/// </remarks>
public static class BlockRunner
{
    /// <param name="panel">The data of the run; only the item's series are used.</param>
    /// <param name="spec">The run.</param>
    /// <param name="item">The work.</param>
    /// <param name="forecaster">The model of the item.</param>
    /// <param name="cancellation">Asked before each fold and within it between series, and handed to the fit.</param>
    /// <param name="foldsDone">Told after each fold how many are done.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public static BlockResult Run(Panel panel, RunSpec spec, WorkItem item, IForecaster forecaster, CancellationToken cancellation = default, IProgress<int>? foldsDone = null)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(forecaster);
        return new Block(panel.Only(item.Series), spec, item, forecaster).Run(cancellation, foldsDone);
    }

    private sealed class Block(Panel shard, RunSpec spec, WorkItem item, IForecaster forecaster)
    {
        private readonly List<PredictionRow> _rows = [];
        private readonly List<FoldRecord> _folds = [];
        private readonly List<FitRecord> _fits = [];
        private readonly List<SeriesFailure> _failures = [];
        private readonly List<QuantileRepair> _repairs = [];
        private readonly NoteBook _notes = new();
        private readonly ForecastTask _task = new(spec.Plan.Gap + spec.Plan.Horizon, spec.Levels);
        private TimeSpan _fitTime;
        private TimeSpan _predictTime;

        public BlockResult Run(CancellationToken cancellation, IProgress<int>? foldsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var refused in item.Refused) _failures.Add(new SeriesFailure(item.Model, refused.Series, item.FitCutoff, refused.Code, refused.Message));
            if (item.Folds.Count > 0) Walk(cancellation, foldsDone);
            return new BlockResult
            {
                Item = item,
                Predictions = _rows,
                Folds = _folds,
                Fits = _fits,
                Failures = _failures,
                Repairs = _repairs,
                Notes = _notes.Notes(),
                FitSeconds = _fitTime.TotalSeconds,
                PredictSeconds = _predictTime.TotalSeconds,
                Device = spec.Device,
                Exposure = forecaster.Exposure,
            };
        }

        private void Walk(CancellationToken cancellation, IProgress<int>? foldsDone)
        {
            var history = See(item.FitCutoff);
            var fitFrom = history.Series.Min(s => s.Times[0]);
            var fitted = Fit(history, cancellation);
            for (var i = 0; i < item.Folds.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (fitted is not null) Forecast(fitted, item.Folds[i], fitFrom, cancellation);
                foldsDone?.Report(i + 1);
            }
        }

        /// <summary>Null when the model could not fit any series: each of them gets the failure.</summary>
        private IFittedForecaster? Fit(PanelView history, CancellationToken cancellation)
        {
            var seed = BlockSeeds.Fit(spec.Seed, item, forecaster.Scope);
            var start = Stopwatch.GetTimestamp();
            try
            {
                var fitted = forecaster.Fit(history, _task, new FitContext(seed) { Device = spec.Device, Cancellation = cancellation });
                _fitTime = Stopwatch.GetElapsedTime(start);
                foreach (var (series, summary) in fitted.Summaries.OrderBy(s => s.Key, StringComparer.Ordinal))
                    _fits.Add(new FitRecord(series, item.FitCutoff, seed, summary.Converged, summary.Parameters, summary.Notes));
                return fitted;
            }
            catch (ForecastException e)
            {
                _fitTime = Stopwatch.GetElapsedTime(start);
                foreach (var series in item.Folds.SelectMany(f => f.Series).Distinct(StringComparer.Ordinal)) Fail(series, item.FitCutoff, e);
                return null;
            }
        }

        private void Forecast(IFittedForecaster fitted, WorkFold fold, Instant fitFrom, CancellationToken cancellation)
        {
            var start = Stopwatch.GetTimestamp();
            var history = See(fold.Cutoff);
            var said = Ask(fitted, fold, history, cancellation);
            _predictTime += Stopwatch.GetElapsedTime(start);

            // The model has spoken: only from here on may the rows after the cutoff be read.
            var first = fold.Series.Min(id => shard[id].Times[shard[id].RowsUntil(fold.Cutoff) + spec.Plan.Gap]);
            _folds.Add(new FoldRecord(fold.Series[0], fold.Index, fold.Cutoff, item.FitCutoff, fitFrom, history.LatestAvailableAt, first));
            foreach (var (series, forecast) in said)
                _rows.AddRange(forecast.Score(shard[series], item.Model, fold.Index, fold.Cutoff, spec.Plan.Gap));
        }

        private List<(string Series, FoldForecast Forecast)> Ask(IFittedForecaster fitted, WorkFold fold, PanelView history, CancellationToken cancellation)
        {
            var said = new List<(string, FoldForecast)>(fold.Series.Count);
            PanelPrediction prediction;
            try
            {
                var future = shard.KnownFutureAfter(fold.Cutoff, _task.Horizon);
                var conditioned = fitted.Condition(history);
                cancellation.ThrowIfCancellationRequested();
                prediction = conditioned.Predict(future, _task.Horizon, BlockSeeds.Predict(spec.Seed, item, forecaster.Scope, fold.Cutoff));
            }
            catch (ForecastException e)
            {
                foreach (var series in fold.Series) Fail(series, fold.Cutoff, e);
                return said;
            }

            foreach (var series in fold.Series)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    var forecast = FoldForecast.Read(prediction[series], item.Model, series, spec.Plan.Gap, spec.Plan.Horizon, spec.Levels, spec.Risk);
                    _notes.Add(item.Model, series, forecast, spec.Levels);
                    if (forecast.Distribution.Repairs > 0) _repairs.Add(new QuantileRepair(item.Model, series, fold.Index, forecast.Distribution.Repairs));
                    said.Add((series, forecast));
                }
                catch (ForecastException e)
                {
                    Fail(series, fold.Cutoff, e);
                }
            }

            return said;
        }

        /// <summary>Series without any row yet are not shown: a model need not know what an empty history is.</summary>
        private PanelView See(Instant cutoff)
        {
            TimeSeries[] begun = [.. shard.Series.Where(s => s.RowsUntil(cutoff) > 0)];
            var visible = begun.Length == shard.Series.Count ? shard : new Panel(begun);
            return visible.AsOf(cutoff, spec.Plan.RollingRows);
        }

        private void Fail(string series, Instant cutoff, ForecastException e) =>
            _failures.Add(new SeriesFailure(item.Model, series, cutoff, e.Code, e.Message));
    }
}
