using System.Globalization;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Ingestion;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Registry;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Jobs;
using Forecast.Store.Lineage;
using Forecast.Store.Registry;
using Forecast.Store.Retrainings;

namespace Forecast.Hosting.Retraining;

/// <summary>What a retraining leaves in its job; the findings are at the retraining itself.</summary>
/// <param name="Name">The registered model.</param>
/// <param name="Candidate">Version of the candidate; null = none was made.</param>
/// <param name="State"><c>promoted</c>, <c>rejected</c>, <c>awaiting</c> or <c>kept</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record RetrainingJobResult(string Name, int? Candidate, string State, string Reason);

/// <summary>
/// Retrains: takes in new data, looks for drift, judges a candidate against the champion on the newest folds, fits it on all data,
/// registers it, and promotes it by rule or leaves it to somebody. The outcome is written before stages change, so that a job that is
/// begun again finds its decision and only carries it out.
/// </summary>
/// <param name="store">The platform's store.</param>
/// <param name="datasets">Datasets that ship; those of the job's tenant join them.</param>
/// <param name="ingestion">Takes in data.</param>
/// <param name="catalogue">The models.</param>
/// <param name="registry">Where candidates go.</param>
public sealed class RetrainingWork(IForecastStore store, DatasetLibrary datasets, DataIngestion ingestion, ModelCatalogue catalogue, ModelRegistry registry) : IJobWork
{
    public string Kind => RetrainingJob.Kind;

    public async Task<string> RunAsync(StoredJob job, JobClaim claim, IProgress<JobShare> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(progress);
        var own = store.ForTenant(job.Tenant);
        var outcome = await own.Retrainings.FindAsync(job.Id, cancellation) ?? await DecideAsync(job, own, progress, cancellation);
        if (outcome is { Candidate: { } version, State: RetrainingState.Promoted or RetrainingState.Rejected, DecidedAt: null })
        {
            var stage = outcome.State is RetrainingState.Promoted ? ModelStage.Champion : ModelStage.Retired;
            await own.Registry.SetStageAsync(outcome.Name, version, stage, outcome.Reason, By(job), cancellation);
        }

        return HostingJson.Write(new RetrainingJobResult(outcome.Name, outcome.Candidate, outcome.State.ToString().ToLowerInvariant(), outcome.Reason));
    }

    public Task StoppedAsync(string jobId) => Task.CompletedTask;

    public Task FailedAsync(string jobId, string code, string message) => Task.CompletedTask;

    private static string By(StoredJob job) => $"job/{job.Id}";

    private async Task<StoredRetraining> DecideAsync(StoredJob job, IForecastStore own, IProgress<JobShare> progress, CancellationToken cancellation)
    {
        var asked = HostingJson.Read<RetrainingJob>(job.SpecJson);
        var library = datasets.With(own.Datasets);
        if (asked.Ingest is { } ingest)
        {
            progress.Report(new JobShare(0, "taking in data"));
            await ingestion.RunAsync(ingest, job.Tenant, asked.Data, asked.Options, library, cancellation);
        }

        var panel = await library.ReadAsync(asked.Data, asked.Options, cancellation);
        var champion = await ChampionAsync(own, asked.Name, cancellation);
        var model = asked.Model ?? champion?.Version.Model
            ?? throw new ForecastException("model-missing", $"'{asked.Name}' has no champion yet whose model could be trained again; name a model", "model");
        progress.Report(new JobShare(0.1, "looking for drift"));
        var findings = new RetrainingFindings
        {
            Data = asked.Data,
            DataHash = panel.DataHash,
            Model = model,
            Champion = champion is null ? null : $"{champion.Version.Name}@{champion.Version.Version}",
            Drift = champion is null ? null : DriftWatch.Look(panel, champion, catalogue.Create(champion.Version.Model), asked, cancellation),
        };
        if (asked.OnDrift && champion is not null && findings.Drift is { Alarms.Count: 0 })
            return await WriteAsync(own, job, asked, findings, null, RetrainingState.Kept, $"nothing has drifted since {findings.Champion} was fitted", cancellation);

        progress.Report(new JobShare(0.3, "judging on the newest folds"));
        var contest = Contest.Hold(panel, asked, model, champion, catalogue, cancellation);
        var checks = RuleBook.Ask(asked.Rule, contest);
        findings = findings with { Contest = contest, Checks = checks };
        progress.Report(new JobShare(0.7, "fitting on all data"));
        var version = await RegisterAsync(own, job, asked, model, panel, cancellation);
        var failed = checks.FirstOrDefault(c => !c.Passed);
        var state = failed is not null ? RetrainingState.Rejected : asked.Approval ? RetrainingState.Awaiting : RetrainingState.Promoted;
        var reason = failed is not null ? $"{failed.Name}: {failed.Text}" : string.Join("; ", checks.Select(c => c.Text));
        return await WriteAsync(own, job, asked, findings, version, state, reason, cancellation);
    }

    private async Task<ReadyModel?> ChampionAsync(IForecastStore own, string name, CancellationToken cancellation) =>
        await own.Registry.FindChampionAsync(name, cancellation) is null ? null : await registry.ReadyAsync(own, new ModelReference(name, null), cancellation);

    /// <summary>The candidate, fitted on all that is known; the one of an earlier attempt where there is one.</summary>
    private async Task<int> RegisterAsync(IForecastStore own, StoredJob job, RetrainingJob asked, string model, Panel panel, CancellationToken cancellation)
    {
        foreach (var made in await own.Registry.VersionsAsync(asked.Name, 5, null, cancellation))
        {
            if ((await own.Registry.StagesAsync(asked.Name, made.Version.Version, cancellation))[0].By == By(job)) return made.Version.Version;
        }

        var forecaster = catalogue.Create(model);
        var view = panel.AsOf(panel.Series.Max(s => s.Times[^1]));
        var seed = Seeds.Derive(asked.Seed, model, "fit");
        var fitted = forecaster.Fit(view, new ForecastTask(asked.Horizon, asked.Levels), new FitContext(seed) { Device = asked.Device, Cancellation = cancellation });
        var archive = new ModelArchive();
        fitted.Save(archive);
        using var bytes = new MemoryStream();
        archive.Save(bytes);
        var kept = await own.Datasets.ImportAsync($"run:{asked.Data}", panel, cancellation);
        var version = new NewModelVersion
        {
            Tenant = job.Tenant,
            Name = asked.Name,
            Model = model,
            DatasetId = kept.Id,
            DataHash = panel.DataHash,
            Seed = seed,
            Device = asked.Device,
            Engine = forecaster.EngineOn(asked.Device) is { } engine ? $"{EngineVersion.Current}; {engine}" : EngineVersion.Current,
            FitCutoff = view.Cutoff,
            Archive = bytes.ToArray(),
        };
        return (await registry.RegisterAsync(own, version, string.Create(CultureInfo.InvariantCulture, $"retraining {job.Id}"), By(job), cancellation)).Version.Version;
    }

    private static Task<StoredRetraining> WriteAsync(
        IForecastStore own, StoredJob job, RetrainingJob asked, RetrainingFindings findings, int? version, RetrainingState state, string reason, CancellationToken cancellation) =>
        own.Retrainings.AddAsync(new NewRetraining(job.Id, job.Tenant, asked.Name, version, state, reason, findings.Write()), cancellation);
}
