using NodaTime;

namespace Forecast.Store.Lineage;

/// <summary>A fitted model that is kept under a name.</summary>
public sealed record NewModelVersion
{
    /// <summary>Whose it is.</summary>
    public string Tenant { get; init; } = Tenants.Tenant.Default;

    /// <summary>The name; each version registered under it gets the next number.</summary>
    public required string Name { get; init; }

    /// <summary>The model string that makes the forecaster again.</summary>
    public required string Model { get; init; }

    /// <summary>The run that fitted it, if a run did.</summary>
    public string? RunId { get; init; }

    /// <summary>The stored panel that it was fitted on, if it is stored.</summary>
    public string? DatasetId { get; init; }

    public required string DataHash { get; init; }

    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    public required string Engine { get; init; }

    /// <summary>The last instant that the fit could read.</summary>
    public Instant? FitCutoff { get; init; }

    /// <summary>The saved parameters; empty when the model needs none.</summary>
    public byte[] Archive { get; init; } = [];
}

/// <summary>A registered version, without its parameters.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Name.</param>
/// <param name="Version">Number within the name, from 1.</param>
/// <param name="Model">Model string.</param>
/// <param name="RunId">The run that fitted it.</param>
/// <param name="DatasetId">The stored panel.</param>
/// <param name="DataHash">Hash of the panel.</param>
/// <param name="Seed">Seed of the fit.</param>
/// <param name="Device">Device of the fit.</param>
/// <param name="Engine">Engine version and build.</param>
/// <param name="FitCutoff">The last instant that the fit could read.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record StoredModelVersion(
    string Id, string Name, int Version, string Model, string? RunId, string? DatasetId, string DataHash, ulong Seed, string Device, string Engine, Instant? FitCutoff, Instant CreatedAt);

/// <summary>A forecast that was given to somebody.</summary>
/// <param name="ModelVersionId">What made it.</param>
/// <param name="Series">Series id.</param>
/// <param name="Cutoff">The last instant that it could read.</param>
/// <param name="DataHash">Hash of the panel that it was conditioned on.</param>
/// <param name="Seed">Seed of its paths.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="Engine">Engine version and build.</param>
/// <param name="TaskJson">What was asked: horizon, levels.</param>
public sealed record NewForecast(string ModelVersionId, string Series, Instant Cutoff, string DataHash, ulong Seed, string Device, string Engine, string TaskJson);

/// <summary>A model version whose id was given out before it was stored.</summary>
public sealed record KeyedModelVersion(string Id, NewModelVersion Version);

/// <summary>A forecast whose id was given out before it was stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Forecast">The forecast.</param>
/// <param name="At">When it was given out.</param>
public sealed record KeyedForecast(string Id, NewForecast Forecast, Instant At);

/// <summary>Where a forecast came from, all the way down.</summary>
public sealed record ForecastTrace
{
    public required string ForecastId { get; init; }

    /// <summary>Model string.</summary>
    public required string Model { get; init; }

    public required string Series { get; init; }

    public required Instant Cutoff { get; init; }

    /// <summary>The registered version; null for a forecast of a back-test, whose version is its fit.</summary>
    public StoredModelVersion? ModelVersion { get; init; }

    /// <summary>Where the parameters in use were fitted.</summary>
    public Instant? FitCutoff { get; init; }

    /// <summary>Seed of that fit; null when the fit left no record.</summary>
    public ulong? FitSeed { get; init; }

    /// <summary>The run that made the forecast, or that fitted its model.</summary>
    public string? RunId { get; init; }

    /// <summary>The stored panel that the model was fitted on.</summary>
    public string? DatasetId { get; init; }

    /// <summary>Hash of the panel that the forecast was conditioned on.</summary>
    public required string DataHash { get; init; }

    /// <summary>Seed of the run, or of the forecast's paths.</summary>
    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    public required string Engine { get; init; }
}
