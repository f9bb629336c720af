using Forecast.Core;
using Forecast.Store.Lineage;
using NodaTime;

namespace Forecast.Store.Registry;

/// <summary>What a registered version is used for.</summary>
public enum ModelStage
{
    /// <summary>Waits to be judged.</summary>
    Candidate,

    /// <summary>The one that <c>name@champion</c> means; at most one a name.</summary>
    Champion,

    /// <summary>Used no longer; it can still be asked for by its number.</summary>
    Retired,
}

/// <summary>A version of a registered model.</summary>
/// <param name="Version">Where it came from: run, data, seed, device, build.</param>
/// <param name="Stage">What it is used for.</param>
/// <param name="Artefact">SHA-256 of its parameters' file.</param>
public sealed record RegisteredVersion(StoredModelVersion Version, ModelStage Stage, string Artefact);

/// <summary>A change of a version's stage.</summary>
/// <param name="Stage">The stage that it got.</param>
/// <param name="Reason">Why, if it was said.</param>
/// <param name="By">Who asked for it: a key's id, a schedule, ...</param>
/// <param name="At">When.</param>
public sealed record StageChange(ModelStage Stage, string? Reason, string? By, Instant At);

/// <summary>Models under names: versions and their stages.</summary>
/// <remarks>An unknown version is a <see cref="ForecastException"/> (<c>model-version-unknown</c>) everywhere but in the two <c>Find</c>.</remarks>
public interface IRegistryStore
{
    /// <summary>Registers a fitted model as the next version of its name, as a candidate.</summary>
    /// <param name="version">The fit; its archive is not kept here.</param>
    /// <param name="artefact">SHA-256 of the file that holds it.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="by">Who asked for it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>model-name-invalid</c>, an unknown run or dataset.</exception>
    Task<RegisteredVersion> AddAsync(NewModelVersion version, string artefact, string? reason = null, string? by = null, CancellationToken cancellation = default);

    /// <summary>A version by its number; null = none.</summary>
    Task<RegisteredVersion?> FindAsync(string name, int version, CancellationToken cancellation = default);

    /// <summary>The champion of a name; null = none.</summary>
    Task<RegisteredVersion?> FindChampionAsync(string name, CancellationToken cancellation = default);

    /// <summary>Names that have versions, in their order.</summary>
    /// <param name="limit">Names at most.</param>
    /// <param name="after">Only those that come after this one; null = from the first.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<string>> NamesAsync(int limit, string? after = null, CancellationToken cancellation = default);

    /// <summary>Versions of a name, newest first.</summary>
    /// <param name="name">The name.</param>
    /// <param name="limit">Entries at most.</param>
    /// <param name="before">Only those with a smaller number; null = from the newest.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<RegisteredVersion>> VersionsAsync(string name, int limit, int? before = null, CancellationToken cancellation = default);

    /// <summary>Gives a version a stage. A new champion retires the former one in the same transaction.</summary>
    Task<RegisteredVersion> SetStageAsync(string name, int version, ModelStage stage, string? reason = null, string? by = null, CancellationToken cancellation = default);

    /// <summary>Every stage that a version had, oldest first.</summary>
    Task<IReadOnlyList<StageChange>> StagesAsync(string name, int version, CancellationToken cancellation = default);
}
