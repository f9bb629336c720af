using System.Globalization;
using Forecast.Backtest.Engine;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Hosting.Forecasts;

/// <summary>
/// Forecasts now: fits, or sets kept parameters on the newest rows. Seeds are derived as the command line derives them, so that
/// both give the same numbers for the same model, data and seed. Safe to share between threads.
/// </summary>
/// <param name="catalogue">The models.</param>
/// <param name="cache">Fits that are kept.</param>
/// <param name="ledger">Where fits and forecasts are recorded; null = nowhere.</param>
/// <param name="device">Where networks run.</param>
/// <param name="degree">Series of one request that are worked on at once; null = the processors. Changes no number.</param>
public sealed class ForecastService(ModelCatalogue catalogue, FitCache cache, ForecastLedger? ledger, string device = "cpu", int? degree = null)
{
    /// <exception cref="ForecastException">The model or the task is at fault. What is wrong with single series is in the answer.</exception>
    public ForecastAnswer Forecast(ForecastRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var forecaster = catalogue.Create(request.Model);
        request.Task.Validated();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request.TimeLimit is { } time) limit.CancelAfter(time);

        // A tensor engine has threads of its own; every other model takes a series a processor.
        var options = new BatchOptions { Degree = forecaster.EngineOn(device) is null ? degree ?? Environment.ProcessorCount : 1, Cancellation = cancellation };
        var outcome = PanelBatch.Run(request.Panel, forecaster, options, unit =>
        {
            try
            {
                limit.Token.ThrowIfCancellationRequested();
                return Forecast(request, forecaster, unit, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return unit.Series.Select(s => SeriesOutcome<SeriesForecast>.Failed(s.Id, TooSlow(request, s.Id)));
            }
        });
        return new ForecastAnswer(
            outcome.Values.ToDictionary(v => v.Series, v => v.Value, StringComparer.Ordinal),
            outcome.Failures.ToDictionary(f => f.Series, f => f.Failure, StringComparer.Ordinal));
    }

    /// <summary>What computes: the device, and this build with the tensor engine where the model has one.</summary>
    private (string Device, string Engine) Machine(IForecaster forecaster) =>
        (device, forecaster.EngineOn(device) is { } engine ? $"{EngineVersion.Current}; {engine}" : EngineVersion.Current);

    private static ForecastException TooSlow(ForecastRequest request, string series) => new(
        "time-limit", $"series '{series}': no forecast by '{request.Model}' within the {request.TimeLimit!.Value.TotalSeconds:0.###} s that a request may take; ask for fewer series at once, a simpler model or a shorter history, or run a back-test, which has no such limit", "series", series);

    private List<SeriesOutcome<SeriesForecast>> Forecast(ForecastRequest request, IForecaster forecaster, Panel unit, CancellationToken cancellation)
    {
        var view = unit.AsOf(unit.Series.Max(s => s.Length > 0 ? s.Times[^1] : Instant.MinValue));
        var (fit, fitted, origin) = Obtain(request, forecaster, unit, view, cancellation);
        var prediction = fitted.Predict(request.Future, request.Task.Horizon, Seeds.Derive(request.Seed, request.Model, "predict"));
        var outcomes = new List<SeriesOutcome<SeriesForecast>>(unit.Series.Count);
        foreach (var series in unit.Series)
        {
            if (prediction.Failures.TryGetValue(series.Id, out var failure))
            {
                outcomes.Add(SeriesOutcome<SeriesForecast>.Failed(series.Id, failure));
                continue;
            }

            var place = fit.Place with { Rows = unit.Series.Count == 1 ? fit.Place.Rows : series.Length };
            var id = fit.Version is { } version ? ledger!.Record(version, series, origin == FitOrigin.Conditioned ? unit.DataHash : fit.Place.DataHash, request.Seed, request.Task, Machine(forecaster)) : null;
            outcomes.Add(SeriesOutcome<SeriesForecast>.Of(series.Id, new SeriesForecast(series.Id, origin, place, prediction[series.Id], id)));
        }

        return outcomes;
    }

    /// <summary>A kept fit, or a new one, and what stands on the newest rows with its parameters.</summary>
    private (KeptFit Fit, IFittedForecaster Fitted, FitOrigin Origin) Obtain(ForecastRequest request, IForecaster forecaster, Panel unit, PanelView view, CancellationToken cancellation)
    {
        var key = new FitKey(request.Model, request.Task.Horizon, string.Join(' ', request.Task.Levels.Select(l => l.ToString("R", CultureInfo.InvariantCulture))), request.Seed, string.Join('\u001f', unit.Series.Select(s => s.Id)));
        if (request.Refit != RefitMode.Always && cache.Find(key, unit) is var (kept, rows) && (request.Refit == RefitMode.Never || rows <= Math.Max(1, FitCache.AutoShare * kept.Place.Rows)))
        {
            var same = rows == 0 && unit.Series.Zip(kept.Data.Series, (now, fit) => now.Length == fit.Length).All(equal => equal);
            return (kept, kept.Fitted.Condition(view), same ? FitOrigin.Cached : FitOrigin.Conditioned);
        }

        if (request.Refit == RefitMode.Never)
        {
            throw new ForecastException(
                "fit-missing", $"no kept fit of '{request.Model}' suits series '{unit.Series[0].Id}', and refit is 'never'; forecast once with 'auto' on history that this one goes on from, with the same horizon, levels and seed", "refit", unit.Series[0].Id);
        }

        var seed = Seeds.Derive(request.Seed, request.Model, "fit");
        var fitted = forecaster.Fit(view, request.Task, new FitContext(seed) { Device = device, Cancellation = cancellation });
        var place = new FitPlace(unit.DataHash, view.Cutoff, unit.Series.Max(s => s.Length));
        var fit = new KeptFit(key, fitted, unit, place, ledger?.Register(request.Model, place, seed, fitted, Machine(forecaster)));
        cache.Keep(fit);
        return (fit, fitted, FitOrigin.Fitted);
    }
}
