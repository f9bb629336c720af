using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Backtest.Strategies;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting.Serialization;
using Forecast.Models.Catalogue;
using Forecast.Store.Datasets;
using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>Accepts back-tests as jobs.</summary>
/// <param name="datasets">Where panels are kept.</param>
/// <param name="jobs">Where jobs are kept.</param>
/// <param name="catalogue">The models.</param>
/// <param name="device">Where the networks of these runs are trained.</param>
public sealed class BacktestJobs(IDatasetStore datasets, IJobStore jobs, ModelCatalogue catalogue, string device = "cpu")
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
        spec = Checked(panel, spec);
        var dataset = await datasets.ImportAsync($"run:{spec.Data}", panel, cancellation);
        return await jobs.CreateAsync(
            new NewJob { Kind = BacktestJob.Kind, SpecJson = HostingJson.Write(new BacktestJob(dataset.Id, spec, command)), IdempotencyKey = idempotencyKey },
            cancellation);
    }

    /// <summary>The run on this device, after planning it.</summary>
    /// <exception cref="Core.ForecastException">A model, plan or series at fault.</exception>
    public RunSpec Checked(Panel panel, RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(spec);
        spec = spec with { Device = device };
        StrategyRunner.Require(panel, spec);
        IForecaster[] forecasters = [.. spec.Models.Select(catalogue.Create)];
        foreach (var forecaster in forecasters) forecaster.EngineOn(device);
        _ = FoldSchedule.Build(panel, spec, forecasters);
        return spec;
    }
}
