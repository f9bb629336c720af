using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Ingestion;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Jobs;
using Forecast.Store.Registry;
using Forecast.Store.Retrainings;

namespace Forecast.Hosting.Retraining;

/// <summary>Accepts retrainings, and decisions about candidates that wait for one.</summary>
/// <param name="store">The store, or a tenant's part of it.</param>
/// <param name="datasets">Data by name.</param>
/// <param name="catalogue">The models.</param>
/// <param name="device">Where networks are trained.</param>
public sealed class RetrainingJobs(IForecastStore store, DatasetLibrary datasets, ModelCatalogue catalogue, string device = "cpu")
{
    /// <summary>Checks as much as can be known now, and puts the job on the list.</summary>
    /// <exception cref="ForecastException">A name, model, rule, source or data at fault; <c>idempotency-key-reused</c>.</exception>
    public async Task<JobTicket> SubmitAsync(RetrainingJob job, string? idempotencyKey, CancellationToken cancellation) =>
        await store.Jobs.CreateAsync(new NewJob { Kind = RetrainingJob.Kind, SpecJson = HostingJson.Write(await CheckedAsync(job, cancellation)), IdempotencyKey = idempotencyKey }, cancellation);

    /// <summary>The retraining on this device, checked as far as can be known now.</summary>
    /// <exception cref="ForecastException">As <see cref="SubmitAsync"/>.</exception>
    public async Task<RetrainingJob> CheckedAsync(RetrainingJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        RegisteredName.Check(job.Name);
        new ForecastTask(job.Horizon, job.Levels).Validated();
        job.Rule.Validated();
        if (job.Model is { } model) catalogue.Create(model).EngineOn(device);
        else if (await store.Registry.FindChampionAsync(job.Name, cancellation) is null)
            throw new ForecastException("model-missing", $"'{job.Name}' has no champion yet whose model could be trained again; name a model", "model");

        // What is taken in is there only when the job has begun.
        if (job.Ingest is { } ingest)
        {
            DataIngestion.Check(ingest, job.Data);
            if (datasets.FindShipped(job.Data) is not null) throw new ForecastException("dataset-name-reserved", $"'{job.Data}' is a dataset that ships with the platform; choose another name for what is taken in", "data");
        }
        else
        {
            var panel = await datasets.ReadAsync(job.Data, job.Options, cancellation);
            NewestFolds.Plan(panel, job.Folds, job.Horizon, NewestFolds.Grid(panel).Length);
        }

        return job with { Device = device };
    }

    /// <summary>Makes a candidate that waits champion, or retires it.</summary>
    /// <param name="id">The retraining.</param>
    /// <param name="approve">Whether it becomes champion.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException"><c>retraining-unknown</c>, <c>retraining-decided</c>.</exception>
    public async Task<StoredRetraining> DecideAsync(string id, bool approve, string reason, string? by, CancellationToken cancellation)
    {
        var decided = await store.Retrainings.DecideAsync(id, approve ? RetrainingState.Promoted : RetrainingState.Rejected, reason, by, cancellation);
        await store.Registry.SetStageAsync(decided.Name, decided.Candidate!.Value, approve ? ModelStage.Champion : ModelStage.Retired, reason, by, cancellation);
        return decided;
    }
}
