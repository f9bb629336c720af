using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store.Datasets;
using Forecast.Store.Jobs;
using Forecast.Store.Registry;

namespace Forecast.Hosting.Jobs;

/// <summary>Accepts trainings as jobs.</summary>
/// <param name="datasets">Where panels are kept.</param>
/// <param name="jobs">Where jobs are kept.</param>
/// <param name="catalogue">The models.</param>
/// <param name="device">Where networks are trained.</param>
public sealed class TrainingJobs(IDatasetStore datasets, IJobStore jobs, ModelCatalogue catalogue, string device = "cpu")
{
    /// <summary>Checks what can be told at once; then stores data and job.</summary>
    /// <param name="dataName">What the data are called.</param>
    /// <param name="panel">The data.</param>
    /// <param name="job">What to do; its dataset's id is found here.</param>
    /// <param name="idempotencyKey">The same key is the same job; null = a new one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ForecastException">A name, model or task at fault; <c>idempotency-key-reused</c>.</exception>
    public async Task<JobTicket> SubmitAsync(string dataName, Panel panel, TrainingJob job, string? idempotencyKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(job);
        RegisteredName.Check(job.Name);
        new ForecastTask(job.Horizon, job.Levels).Validated();
        catalogue.Create(job.Model).EngineOn(device);
        var dataset = await datasets.ImportAsync($"run:{dataName}", panel, cancellation);
        return await jobs.CreateAsync(
            new NewJob { Kind = TrainingJob.Kind, SpecJson = HostingJson.Write(job with { DatasetId = dataset.Id }), IdempotencyKey = idempotencyKey }, cancellation);
    }
}
