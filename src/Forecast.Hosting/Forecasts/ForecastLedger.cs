using System.Threading.Channels;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Serialization;
using Forecast.Store;
using Forecast.Store.Lineage;
using NodaTime;

namespace Forecast.Hosting.Forecasts;

/// <summary>
/// Records every forecast that is given out: from its id to the model version, and from there to data hash, seed, device and build.
/// Ids are given out at once and rows written in batches a moment later, so that answers do not wait for the disk. What a killed
/// process had not written yet, a tenth of a second's worth, is lost; a stopped one writes all of it.
/// </summary>
/// <param name="store">Where it is recorded.</param>
/// <param name="complain">Told when the store does not take a batch.</param>
/// <param name="capacity">Entries that may wait; when the store is away for so long, forecasts are refused rather than given out without a trace.</param>
public sealed class ForecastLedger(ILineageStore store, Action<string, Exception> complain, int capacity = 100_000)
{
    private const int BatchSize = 5_000;

    /// <summary>Attempts that a server which is stopped still makes.</summary>
    private const int LastAttempts = 3;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);

    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private long _noted;
    private long _settled;

    /// <summary>Notes a fitted model.</summary>
    /// <returns>The id of its version.</returns>
    /// <exception cref="ForecastException"><c>store-busy</c>: too much waits to be written.</exception>
    public string Register(string tenant, string model, FitPlace fit, ulong seed, IFittedForecaster fitted, (string Device, string Engine) machine)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(fitted);
        var id = NewId();
        var version = new NewModelVersion { Tenant = tenant, Name = $"forecasts:{model}", Model = model, DataHash = fit.DataHash, Seed = seed, Device = machine.Device, Engine = machine.Engine, FitCutoff = Whole(fit.Cutoff) };
        Note(new Entry(id, version, fitted, null, default));
        return id;
    }

    /// <summary>Notes a forecast.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ForecastException"><c>store-busy</c>: too much waits to be written.</exception>
    public string Record(string modelVersionId, TimeSeries series, string dataHash, ulong seed, ForecastTask task, (string Device, string Engine) machine)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(task);
        var id = NewId();
        var forecast = new NewForecast(modelVersionId, series.Id, Whole(series.Times[^1]), dataHash, seed, machine.Device, machine.Engine, "");
        Note(new Entry(id, null, null, (forecast, task), SystemClock.Instance.GetCurrentInstant()));
        return id;
    }

    /// <summary>Where a forecast came from, one that was given out a moment ago included.</summary>
    /// <param name="part">The store, or a tenant's part of it.</param>
    /// <param name="id">The forecast's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>forecast-unknown</c>.</exception>
    public async Task<ForecastTrace> TraceAsync(IForecastStore part, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(part);
        var noted = Interlocked.Read(ref _noted);
        while (Interlocked.Read(ref _settled) < noted) await Task.Delay(10, cancellation);
        return await part.Lineage.TraceAsync(id, cancellation);
    }

    /// <summary>Writes until stopped, and then what is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ((Task)_waiting.Reader.WaitToReadAsync(stop).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Gathering, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WriteAsync(stop);
        }

        await WriteAsync(stop);
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        var batch = new List<Entry>();
        while (_waiting.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
            if (batch.Count < BatchSize && _waiting.Reader.TryPeek(out _)) continue;
            await WriteAsync(batch, stop);
            Interlocked.Add(ref _settled, batch.Count);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<Entry> batch, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await store.RecordBatchAsync([.. batch.Where(e => e.Version is not null).Select(Version)], [.. batch.Where(e => e.Forecast is not null).Select(Forecast)], CancellationToken.None);
                return;
            }
            catch (Exception e) when (StorePatience.MayPass(e) && (attempt < LastAttempts || !stop.IsCancellationRequested))
            {
                complain($"{batch.Count} forecasts wait to be recorded", e);
                await Task.Delay(AfterError, CancellationToken.None);
            }
            catch (Exception e)
            {
                if (batch.Count == 1 || StorePatience.MayPass(e))
                {
                    complain($"{batch.Count} entries of the record of forecasts are lost, the first is '{batch[0].Id}'", e);
                    return;
                }

                // One entry that cannot be written must not take the others with it.
                foreach (var entry in batch) await WriteAsync([entry], stop);
                return;
            }
        }
    }

    private void Note(Entry entry)
    {
        if (!_waiting.Writer.TryWrite(entry)) throw new ForecastException("store-busy", "forecasts cannot be recorded as fast as they are asked for; try again soon", "store");
        Interlocked.Increment(ref _noted);
    }

    private static KeyedModelVersion Version(Entry entry)
    {
        var archive = new ModelArchive();
        entry.Fitted!.Save(archive);
        using var bytes = new MemoryStream();
        archive.Save(bytes);
        return new KeyedModelVersion(entry.Id, entry.Version! with { Archive = bytes.ToArray() });
    }

    private static KeyedForecast Forecast(Entry entry)
    {
        var (forecast, task) = entry.Forecast!.Value;
        return new KeyedForecast(entry.Id, forecast with { TaskJson = HostingJson.Write(new { task.Horizon, task.Levels }) }, entry.At);
    }

    private static string NewId() => Guid.CreateVersion7().ToString("N");

    /// <summary>The store keeps whole microseconds.</summary>
    private static Instant Whole(Instant instant) => Instant.FromUnixTimeTicks(instant.ToUnixTimeTicks() / 10 * 10);

    private sealed record Entry(string Id, NewModelVersion? Version, IFittedForecaster? Fitted, (NewForecast Forecast, ForecastTask Task)? Forecast, Instant At);
}
