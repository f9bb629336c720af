using System.Diagnostics;
using System.Globalization;
using Forecast.Backtest.Engine;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Hosting.Telemetry;
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
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="told">Told of each series as soon as it is done, on any thread; the answer is empty then. Null = all are in the answer.</param>
    /// <exception cref="ForecastException">The model or the task is at fault. What is wrong with single series is in the answer.</exception>
    public ForecastAnswer Forecast(ForecastRequest request, CancellationToken cancellation, Action<SeriesOutcome<SeriesForecast>>? told = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var start = Stopwatch.GetTimestamp();
        using var trace = ForecastTelemetry.Source.StartActivity("forecast");
        trace?.SetTag("model", ForecastTelemetry.Family(request.Model)).SetTag("series", request.Panel.Series.Count);
        var forecaster = catalogue.Create(request.Model);
        request.Task.Validated();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request.TimeLimit is { } time) limit.CancelAfter(time);

        // A tensor engine has threads of its own; every other model takes a series a processor.
        var options = new BatchOptions { Degree = forecaster.EngineOn(device) is null ? degree ?? Environment.ProcessorCount : 1, Cancellation = cancellation };
        var outcome = PanelBatch.Run<SeriesForecast>(request.Panel, forecaster, options, unit =>
        {
            var made = Work(unit);
            foreach (var one in made) ForecastTelemetry.CountSeries(request.Model, one.Failure?.Code ?? Word(one.Value!.Origin));
            if (told is null) return made;
            foreach (var one in made) told(one);
            return [];
        });
        ForecastTelemetry.RecordForecast(request.Model, Stopwatch.GetElapsedTime(start));
        return new ForecastAnswer(
            outcome.Values.ToDictionary(v => v.Series, v => v.Value, StringComparer.Ordinal),
            outcome.Failures.ToDictionary(f => f.Series, f => f.Failure, StringComparer.Ordinal));

        List<SeriesOutcome<SeriesForecast>> Work(Panel unit)
        {
            try
            {
                limit.Token.ThrowIfCancellationRequested();
                return Forecast(request, forecaster, unit, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return [.. unit.Series.Select(s => SeriesOutcome<SeriesForecast>.Failed(s.Id, TooSlow(request, s.Id)))];
            }
            catch (ForecastException e)
            {
                return [.. unit.Series.Select(s => SeriesOutcome<SeriesForecast>.Failed(s.Id, e))];
            }
        }
    }

    private static string Word(FitOrigin origin) => origin switch
    {
        FitOrigin.Fitted => "fitted",
        FitOrigin.Conditioned => "conditioned",
        FitOrigin.Cached => "cached",
        _ => "registered",
    };

    /// <summary>What computes: the device, and this build with the tensor engine where the model has one.</summary>
    private (string Device, string Engine) Machine(IForecaster forecaster) =>
        (device, forecaster.EngineOn(device) is { } engine ? $"{EngineVersion.Current}; {engine}" : EngineVersion.Current);

    private static ForecastException TooSlow(ForecastRequest request, string series) => new(
        "time-limit", $"series '{series}': no forecast by '{request.Model}' within the {request.TimeLimit!.Value.TotalSeconds:0.###} s that a request may take; ask for fewer series at once, a simpler model or a shorter history, or run a back-test, which has no such limit", "series", series);

    private List<SeriesOutcome<SeriesForecast>> Forecast(ForecastRequest request, IForecaster forecaster, Panel unit, CancellationToken cancellation)
    {
        var view = unit.AsOf(unit.Series.Max(s => s.Length > 0 ? s.Times[^1] : Instant.MinValue));
        var (basis, fitted, origin) = Obtain(request, forecaster, unit, view, cancellation);
        var prediction = fitted.Predict(request.Future, request.Task.Horizon, Seeds.Derive(request.Seed, request.Model, "predict"));
        var outcomes = new List<SeriesOutcome<SeriesForecast>>(unit.Series.Count);
        foreach (var series in unit.Series)
        {
            if (prediction.Failures.TryGetValue(series.Id, out var failure))
            {
                outcomes.Add(SeriesOutcome<SeriesForecast>.Failed(series.Id, failure));
                continue;
            }

            var place = basis.Place with { Rows = unit.Series.Count == 1 ? basis.Place.Rows : series.Length };
            var id = basis.Version is { } version ? ledger!.Record(version, series, origin is FitOrigin.Conditioned or FitOrigin.Registered ? unit.DataHash : basis.Place.DataHash, request.Seed, request.Task, Machine(forecaster)) : null;
            outcomes.Add(SeriesOutcome<SeriesForecast>.Of(series.Id, new SeriesForecast(series.Id, origin, place, prediction[series.Id], id)));
        }

        return outcomes;
    }

    /// <summary>A kept fit, or a new one, and what stands on the newest rows with its parameters.</summary>
    private (Basis Basis, IFittedForecaster Fitted, FitOrigin Origin) Obtain(ForecastRequest request, IForecaster forecaster, Panel unit, PanelView view, CancellationToken cancellation)
    {
        if (request.Registered is { } ready)
        {
            var made = new FitPlace(ready.Version.DataHash, ready.Version.FitCutoff ?? view.Cutoff, unit.Series.Max(s => s.Length));
            return (new Basis(made, ready.Version.Id), ready.Fitted.Condition(view), FitOrigin.Registered);
        }

        var key = new FitKey(request.Tenant, request.Model, request.Task.Horizon, string.Join(' ', request.Task.Levels.Select(l => l.ToString("R", CultureInfo.InvariantCulture))), request.Seed, string.Join('\u001f', unit.Series.Select(s => s.Id)));
        if (request.Refit != RefitMode.Always && cache.Find(key, unit) is var (kept, rows) && (request.Refit == RefitMode.Never || rows <= Math.Max(1, FitCache.AutoShare * kept.Place.Rows)))
        {
            var same = rows == 0 && unit.Series.Zip(kept.Data.Series, (now, fit) => now.Length == fit.Length).All(equal => equal);
            return (new Basis(kept.Place, kept.Version), kept.Fitted.Condition(view), same ? FitOrigin.Cached : FitOrigin.Conditioned);
        }

        if (request.Refit == RefitMode.Never)
        {
            throw new ForecastException(
                "fit-missing", $"no kept fit of '{request.Model}' suits series '{unit.Series[0].Id}', and refit is 'never'; forecast once with 'auto' on history that this one goes on from, with the same horizon, levels and seed", "refit", unit.Series[0].Id);
        }

        var seed = Seeds.Derive(request.Seed, request.Model, "fit");
        var fitted = forecaster.Fit(view, request.Task, new FitContext(seed) { Device = device, Cancellation = cancellation });
        var place = new FitPlace(unit.DataHash, view.Cutoff, unit.Series.Max(s => s.Length));
        var fit = new KeptFit(key, fitted, unit, place, ledger?.Register(request.Tenant, request.Model, place, seed, fitted, Machine(forecaster)));
        cache.Keep(fit);
        return (new Basis(place, fit.Version), fitted, FitOrigin.Fitted);
    }

    /// <summary>Where parameters were estimated, and the version that they have in the ledger or the registry.</summary>
    private sealed record Basis(FitPlace Place, string? Version);
}
