using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Forecasts;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Lineage;
using Forecast.Store.Registry;

namespace Forecast.Hosting.Registry;

/// <summary>A registered version, ready to forecast.</summary>
/// <param name="Version">Where it came from.</param>
/// <param name="Fitted">Its parameters; to be conditioned on data before use.</param>
public sealed record ReadyModel(StoredModelVersion Version, IFittedForecaster Fitted);

/// <summary>Fitted models under names: registers them, and makes them ready to forecast.</summary>
/// <param name="catalogue">The models.</param>
/// <param name="artefacts">Where parameters lie.</param>
public sealed class ModelRegistry(ModelCatalogue catalogue, ArtefactFolder artefacts)
{
    /// <summary>Models kept ready; beyond that all are read again.</summary>
    private const int MostReady = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReadyModel> _ready = new(StringComparer.Ordinal);

    /// <summary>Registers a fit under a name, as a candidate.</summary>
    /// <param name="store">The store, or a tenant's part of it.</param>
    /// <param name="version">The fit with its saved parameters.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="by">Who asked for it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>model-name-invalid</c>, an unknown run or dataset.</exception>
    public async Task<RegisteredVersion> RegisterAsync(IForecastStore store, NewModelVersion version, string? reason, string? by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(version);
        var artefact = await artefacts.WriteAsync(version.Archive, cancellation);
        return await store.Registry.AddAsync(version, artefact, reason, by, cancellation);
    }

    /// <summary>Registers the fit behind a forecast that was given out.</summary>
    /// <exception cref="ForecastException"><c>forecast-unknown</c>; <c>forecast-without-version</c>: a forecast of a back-test keeps no fit.</exception>
    public async Task<RegisteredVersion> RegisterAsync(IForecastStore store, ForecastLedger ledger, string name, string forecastId, string? reason, string? by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ledger);
        var fit = (await ledger.TraceAsync(store, forecastId, cancellation)).ModelVersion
            ?? throw new ForecastException("forecast-without-version", $"forecast '{forecastId}' belongs to a back-test, which keeps no fit; register the fit of a forecast by POST /v1/forecasts", "forecastId");
        var version = new NewModelVersion
        {
            Name = name,
            Model = fit.Model,
            RunId = fit.RunId,
            DatasetId = fit.DatasetId,
            DataHash = fit.DataHash,
            Seed = fit.Seed,
            Device = fit.Device,
            Engine = fit.Engine,
            FitCutoff = fit.FitCutoff,
            Archive = await store.Lineage.ArchiveAsync(fit.Id, cancellation),
        };
        return await RegisterAsync(store, version, reason, by, cancellation);
    }

    /// <summary>The model that a reference means.</summary>
    /// <exception cref="ForecastException"><c>model-version-unknown</c>, <c>artefact-missing</c>, <c>artefact-corrupt</c>.</exception>
    public async Task<ReadyModel> ReadyAsync(IForecastStore store, ModelReference reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(reference);
        var found = reference.Version is { } number
            ? await store.Registry.FindAsync(reference.Name, number, cancellation) ?? throw Unknown($"no version {number} of")
            : await store.Registry.FindChampionAsync(reference.Name, cancellation) ?? throw Unknown("no champion of");
        lock (_gate)
        {
            if (_ready.TryGetValue(found.Version.Id, out var kept)) return kept;
        }

        using var content = new MemoryStream(await artefacts.ReadAsync(found.Artefact, cancellation));
        var ready = new ReadyModel(found.Version, catalogue.Create(found.Version.Model).Load(ModelArchive.Open(content)));
        lock (_gate)
        {
            if (_ready.Count >= MostReady) _ready.Clear();
            _ready[found.Version.Id] = ready;
        }

        return ready;

        ForecastException Unknown(string what) => new("model-version-unknown", $"there is {what} a registered model '{reference.Name}'", "model");
    }
}
