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
/// <param name="turns">Bounds how many passes of networks compute beside other requests; null = nobody does.</param>
public sealed class ForecastService(ModelCatalogue catalogue, FitCache cache, ForecastLedger? ledger, string device = "cpu", int? degree = null, ForecastTurns? turns = null)
{
    /// <summary>Rows of a request up to which it waits for a pass together with others: those that wait are kept in memory.</summary>
    private const int MostWaitingRows = 50_000;

    private readonly ForecasterShelf _shelf = new(catalogue);

    /// <summary>Where requests for networks meet.</summary>
    public JointPasses Passes { get; } = new(turns);

    /// <summary>Weights were fetched: models read theirs anew. Kept fits stay with those that they were made with.</summary>
    public void ForgetWeights() => _shelf.Clear();

    /// <param name="request">What is wanted.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="told">Told of each series as soon as it is done, on any thread; the answer is empty then. Null = all are in the answer.</param>
    /// <exception cref="ForecastException">The model or the task is at fault. What is wrong with single series is in the answer.</exception>
    public ForecastAnswer Forecast(ForecastRequest request, CancellationToken cancellation, Action<SeriesOutcome<SeriesForecast>>? told = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var asked = new Asked(request, cancellation);
        var forecaster = _shelf.Get(request.Model);
        request.Task.Validated();

        // A tensor engine has threads of its own; every other model takes a series a processor.
        var options = new BatchOptions { Degree = forecaster.EngineOn(device) is null ? degree ?? Environment.ProcessorCount : 1, Cancellation = cancellation };
        var outcome = PanelBatch.Run<SeriesForecast>(request.Panel, forecaster, options, unit =>
        {
            var made = asked.Guard(unit, () => Forecast(request, forecaster, unit, asked.Limit));
            Count(request, made);
            if (told is null) return made;
            foreach (var one in made) told(one);
            return [];
        });
        return Answer(outcome.Values.Select(v => SeriesOutcome<SeriesForecast>.Of(v.Series, v.Value)).Concat(outcome.Failures.Select(f => SeriesOutcome<SeriesForecast>.Failed(f.Series, f.Failure))));
    }

    /// <summary>
    /// As <see cref="Forecast(ForecastRequest, CancellationToken, Action{SeriesOutcome{SeriesForecast}})"/>; small requests for the same
    /// network, whoever asks, go through it together (<see cref="JointPasses"/>).
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="turn">The caller's turn: given back while the request waits for others. Null = it has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">The model or the task is at fault. What is wrong with single series is in the answer.</exception>
    public async Task<ForecastAnswer> ForecastAsync(ForecastRequest request, ForecastTurn? turn, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var forecaster = _shelf.Get(request.Model);
        if (forecaster.EngineOn(device) is null || request.Panel.Series.Sum(s => (long)s.Length) > MostWaitingRows) return Forecast(request, cancellation);
        using var asked = new Asked(request, cancellation);
        request.Task.Validated();
        var (outcomes, standing) = (new List<SeriesOutcome<SeriesForecast>>(), new List<Standing>());
        foreach (var unit in forecaster.Scope == FitScope.Local ? request.Panel.Series.Select(s => new Panel([s])) : [request.Panel])
        {
            cancellation.ThrowIfCancellationRequested();
            outcomes.AddRange(asked.Guard(unit, () =>
            {
                var stands = Stand(request, forecaster, unit, asked.Limit);
                if (stands.Fitted is not IJointPredictor) return Outcomes(request, forecaster, stands, Predict(request, stands.Fitted));
                standing.Add(stands);
                return [];
            }));
        }

        if (standing.Count > 0)
        {
            turn?.Dispose();
            outcomes.AddRange(await asked.GuardAsync([.. standing.Select(s => s.Unit)], async () =>
            {
                var predictions = await Passes.PredictAsync([.. standing.Select(s => (IJointPredictor)s.Fitted)], request.Task.Horizon, asked.Limit);
                return [.. standing.Zip(predictions).SelectMany(s => Outcomes(request, forecaster, s.First, s.Second))];
            }));
        }

        Count(request, outcomes);
        return Answer(outcomes);
    }

    private static ForecastAnswer Answer(IEnumerable<SeriesOutcome<SeriesForecast>> outcomes)
    {
        var (forecasts, failures) = (new Dictionary<string, SeriesForecast>(StringComparer.Ordinal), new Dictionary<string, ForecastException>(StringComparer.Ordinal));
        foreach (var one in outcomes)
        {
            if (one.Failure is { } failure) failures.Add(one.Series, failure);
            else forecasts.Add(one.Series, one.Value!);
        }

        return new ForecastAnswer(forecasts, failures);
    }

    private static void Count(ForecastRequest request, IEnumerable<SeriesOutcome<SeriesForecast>> made)
    {
        foreach (var one in made) ForecastTelemetry.CountSeries(request.Model, one.Failure?.Code ?? Word(one.Value!.Origin));
    }

    private static PanelPrediction Predict(ForecastRequest request, IFittedForecaster fitted) =>
        fitted.Predict(request.Future, request.Task.Horizon, Seeds.Derive(request.Seed, request.Model, "predict"));

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

    private List<SeriesOutcome<SeriesForecast>> Forecast(ForecastRequest request, IForecaster forecaster, Panel unit, CancellationToken cancellation)
    {
        var stands = Stand(request, forecaster, unit, cancellation);
        return Outcomes(request, forecaster, stands, Predict(request, stands.Fitted));
    }

    private Standing Stand(ForecastRequest request, IForecaster forecaster, Panel unit, CancellationToken cancellation)
    {
        var view = unit.AsOf(unit.Series.Max(s => s.Length > 0 ? s.Times[^1] : Instant.MinValue));
        try
        {
            unit.RefuseUnreadNotes(forecaster, view.Cutoff);
            var (basis, fitted, origin) = Obtain(request, forecaster, unit, view, cancellation);
            return new Standing(unit, basis, fitted, origin);
        }
        catch (ForecastException)
        {
            _shelf.Forget(request.Model); // it may remember that its weights were missing
            throw;
        }
    }

    private List<SeriesOutcome<SeriesForecast>> Outcomes(ForecastRequest request, IForecaster forecaster, Standing stands, PanelPrediction prediction)
    {
        var (unit, basis, _, origin) = stands;
        var bare = unit.WithoutNotes();
        var without = bare == unit ? null : Predict(request, stands.Fitted.Condition(bare.AsOf(bare.Series.Max(s => s.Times[^1]))));
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
            outcomes.Add(SeriesOutcome<SeriesForecast>.Of(series.Id, new SeriesForecast(series.Id, origin, place, prediction[series.Id], id) { WithoutNotes = series.Notes.Count > 0 ? without?[series.Id] : null }));
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
            var same = rows == 0 && unit.Series.Zip(kept.Data.Series, (now, fit) => now.Length == fit.Length && now.Notes.SequenceEqual(fit.Notes)).All(equal => equal);
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

    /// <summary>A fit that stands on the newest rows of its series.</summary>
    private sealed record Standing(Panel Unit, Basis Basis, IFittedForecaster Fitted, FitOrigin Origin);

    /// <summary>A request that is being worked on: its time limit, its trace, and what becomes of its errors.</summary>
    private sealed class Asked : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly Activity? _trace = ForecastTelemetry.Source.StartActivity("forecast");
        private readonly ForecastRequest _request;
        private readonly CancellationToken _cancellation;
        private readonly CancellationTokenSource _limit;

        public Asked(ForecastRequest request, CancellationToken cancellation)
        {
            (_request, _cancellation) = (request, cancellation);
            _trace?.SetTag("model", ForecastTelemetry.Family(request.Model)).SetTag("series", request.Panel.Series.Count);
            _limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (request.TimeLimit is { } time) _limit.CancelAfter(time);
        }

        /// <summary>Cancelled when the caller leaves or time is up.</summary>
        public CancellationToken Limit => _limit.Token;

        public List<SeriesOutcome<SeriesForecast>> Guard(Panel unit, Func<List<SeriesOutcome<SeriesForecast>>> work)
        {
            try
            {
                Limit.ThrowIfCancellationRequested();
                return work();
            }
            catch (Exception e) when (Failure(e) is not null)
            {
                return Failed(unit, e);
            }
        }

        public async Task<List<SeriesOutcome<SeriesForecast>>> GuardAsync(IReadOnlyList<Panel> units, Func<Task<List<SeriesOutcome<SeriesForecast>>>> work)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (Failure(e) is not null)
            {
                return [.. units.SelectMany(u => Failed(u, e))];
            }
        }

        public void Dispose()
        {
            ForecastTelemetry.RecordForecast(_request.Model, Stopwatch.GetElapsedTime(_start));
            _limit.Dispose();
            _trace?.Dispose();
        }

        private List<SeriesOutcome<SeriesForecast>> Failed(Panel unit, Exception e) => [.. unit.Series.Select(s => SeriesOutcome<SeriesForecast>.Failed(s.Id, Failure(e)!(s.Id)))];

        /// <summary>The error of a series; null for a defect, and for a caller who leaves.</summary>
        private Func<string, ForecastException>? Failure(Exception e) => e switch
        {
            OperationCanceledException when !_cancellation.IsCancellationRequested => TooSlow,
            ForecastException known => _ => known,
            _ => null,
        };

        private ForecastException TooSlow(string series) => new(
            "time-limit", $"series '{series}': no forecast by '{_request.Model}' within the {_request.TimeLimit!.Value.TotalSeconds:0.###} s that a request may take; ask for fewer series at once, a simpler model or a shorter history, or run a back-test, which has no such limit", "series", series);
    }
}
