using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core.Data;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store.Datasets;
using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>Accepts back-tests as jobs.</summary>
public sealed class BacktestJobs(IDatasetStore datasets, IJobStore jobs, ModelCatalogue catalogue)
{
    /// <summary>Plans the run, so that what is wrong with it is told at once; then stores data and job.</summary>
    /// <param name="panel">The data.</param>
    /// <param name="spec">What to do.</param>
    /// <param name="command">The request, for the lineage.</param>
    /// <param name="idempotencyKey">The same key is the same job; null = a new one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Core.ForecastException">A model, plan or series at fault; <c>idempotency-key-reused</c>.</exception>
    public async Task<JobTicket> SubmitAsync(Panel panel, RunSpec spec, string command, string? idempotencyKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(spec);
        _ = FoldSchedule.Build(panel, spec, [.. spec.Models.Select(catalogue.Create)]);
        var dataset = await datasets.ImportAsync($"run:{spec.Data}", panel, cancellation);
        return await jobs.CreateAsync(
            new NewJob { Kind = BacktestJob.Kind, SpecJson = HostingJson.Write(new BacktestJob(dataset.Id, spec, command)), IdempotencyKey = idempotencyKey },
            cancellation);
    }
}
