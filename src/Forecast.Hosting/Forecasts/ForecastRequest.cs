using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Registry;
using NodaTime;

namespace Forecast.Hosting.Forecasts;

/// <summary>Whether parameters that were estimated before may be used again.</summary>
public enum RefitMode
{
    /// <summary>Used again while few rows are new (<see cref="FitCache.AutoShare"/>); else estimated anew.</summary>
    Auto,

    /// <summary>Always estimated anew.</summary>
    Always,

    /// <summary>Never estimated: an error where no kept fit suits the data.</summary>
    Never,
}

/// <summary>What happened to the parameters of a forecast.</summary>
public enum FitOrigin
{
    /// <summary>Estimated for this request.</summary>
    Fitted,

    /// <summary>Estimated earlier on older rows, and set on the newest ones.</summary>
    Conditioned,

    /// <summary>Estimated earlier on exactly these rows.</summary>
    Cached,

    /// <summary>Those of a registered version.</summary>
    Registered,
}

/// <summary>A forecast that is wanted now.</summary>
public sealed record ForecastRequest
{
    /// <summary>Model string; part of every seed, so that the command line gives the same numbers for it.</summary>
    public required string Model { get; init; }

    public required Panel Panel { get; init; }

    /// <summary>Who asks.</summary>
    public string Tenant { get; init; } = Store.Tenants.Tenant.Default;

    /// <summary>A registered version whose parameters are used as they are; null = a fit of this request, or a kept one.</summary>
    public ReadyModel? Registered { get; init; }

    public KnownFuture Future { get; init; } = KnownFuture.None;

    public required ForecastTask Task { get; init; }

    public required ulong Seed { get; init; }

    public RefitMode Refit { get; init; }

    /// <summary>How long the work may take; series that are not reached by then have the error <c>time-limit</c>. Null = as long as it takes.</summary>
    public TimeSpan? TimeLimit { get; init; }
}

/// <summary>Where the parameters of a forecast were estimated.</summary>
/// <param name="DataHash">Hash of the data of the fit.</param>
/// <param name="Cutoff">Its last row.</param>
/// <param name="Rows">Rows of the series that it saw.</param>
public sealed record FitPlace(string DataHash, Instant Cutoff, int Rows);

/// <summary>The forecast of one series.</summary>
/// <param name="Series">Series id.</param>
/// <param name="Origin">What happened to the parameters.</param>
/// <param name="Fit">Where they were estimated.</param>
/// <param name="Distribution">The forecast.</param>
/// <param name="Id">The forecast's id in the ledger; null when nobody records.</param>
public sealed record SeriesForecast(string Series, FitOrigin Origin, FitPlace Fit, PredictiveDistribution Distribution, string? Id)
{
    /// <summary>What the same fit forecasts without notes; null where the series has none.</summary>
    public PredictiveDistribution? WithoutNotes { get; init; }
}

/// <summary>A forecast for each series that worked, the error for each that did not.</summary>
public sealed record ForecastAnswer(IReadOnlyDictionary<string, SeriesForecast> Forecasts, IReadOnlyDictionary<string, ForecastException> Failures);
