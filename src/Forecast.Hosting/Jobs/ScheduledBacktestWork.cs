using Forecast.Hosting.Backtests;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Serialization;
using Forecast.Store;
using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>Back-tests that schedules ask for: the data are read when the job is first begun, and the run, once made, keeps them.</summary>
/// <param name="store">The platform's store.</param>
/// <param name="backtests">Does the runs.</param>
/// <param name="datasets">Datasets that ship; those of the job's tenant join them.</param>
public sealed class ScheduledBacktestWork(IForecastStore store, BacktestService backtests, DatasetLibrary datasets) : BacktestWork(store, backtests)
{
    public override string Kind => ScheduledBacktest.Kind;

    protected override async Task<string> CreateRunAsync(StoredJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (await Store.Runs.FindAsync(job.Id, cancellation) is not null) return job.Id;
        var spec = HostingJson.Read<ScheduledBacktest>(job.SpecJson);
        var own = Store.ForTenant(job.Tenant).Datasets;
        var panel = await datasets.With(own).ReadAsync(spec.Data, spec.Options, cancellation);
        var kept = await own.ImportAsync($"run:{spec.Run.Data}", panel, cancellation);
        return await Backtests.CreateAsync(panel, spec.Run, job.Id, spec.Command, cancellation, new RunOwner(job.Tenant, kept.Id));
    }
}
