using Forecast.Hosting.Serialization;
using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>Accepts pulls of published models as jobs.</summary>
/// <param name="jobs">Where jobs are kept.</param>
public sealed class PullJobs(IJobStore jobs)
{
    /// <param name="job">What to fetch.</param>
    /// <param name="idempotencyKey">The same key is the same job; null = a new one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Core.ForecastException">No name of a published model, or no revision; <c>idempotency-key-reused</c>.</exception>
    public Task<JobTicket> SubmitAsync(PullJob job, string? idempotencyKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        job.Request().Validated();
        return jobs.CreateAsync(new NewJob { Kind = PullJob.Kind, SpecJson = HostingJson.Write(job), IdempotencyKey = idempotencyKey }, cancellation);
    }
}
