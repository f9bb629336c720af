namespace Forecast.Api.Contracts;

/// <summary>Registers the fit behind a forecast as the next version of a name.</summary>
public sealed record RegisterBody
{
    /// <summary>A <c>forecastId</c> that <c>POST /v1/forecasts</c> gave.</summary>
    public required string ForecastId { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }
}

/// <summary>Why a version gets another stage.</summary>
public sealed record StageBody
{
    /// <summary>For people.</summary>
    public string? Reason { get; init; }
}

/// <summary>A version of a registered model.</summary>
public sealed record RegisteredVersionBody
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary><c>candidate</c>, <c>champion</c> or <c>retired</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>Model string.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the file that holds the parameters.</summary>
    public required string Artefact { get; init; }

    /// <summary>Hash of the data that it was fitted on.</summary>
    public required string DataHash { get; init; }

    /// <summary>Seed of the fit.</summary>
    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    /// <summary>Version and commit of the engine.</summary>
    public required string Engine { get; init; }

    /// <summary>The last instant that the fit could read.</summary>
    public string? FitCutoff { get; init; }

    /// <summary>The run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>The stored data that it was fitted on.</summary>
    public string? DatasetId { get; init; }

    public required string CreatedAt { get; init; }

    /// <summary>Every stage that it had, oldest first; told for a single version.</summary>
    public IReadOnlyList<StageChangeBody>? Stages { get; init; }
}

/// <summary>A change of stage.</summary>
/// <param name="Stage">The stage that it got.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Id of the key that asked for it.</param>
/// <param name="At">When.</param>
public sealed record StageChangeBody(string Stage, string? Reason, string? By, string At);

/// <summary>A name of the registry.</summary>
/// <param name="Name">The name.</param>
/// <param name="Newest">Its newest version.</param>
/// <param name="Champion">The version that <c>name@champion</c> means; absent when there is none.</param>
public sealed record RegisteredNameBody(string Name, RegisteredVersionBody Newest, RegisteredVersionBody? Champion);
