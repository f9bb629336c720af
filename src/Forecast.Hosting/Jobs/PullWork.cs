using System.Globalization;
using Forecast.Hosting.Pulls;
using Forecast.Hosting.Serialization;
using Forecast.Store.Jobs;

namespace Forecast.Hosting.Jobs;

/// <summary>Pulls as jobs. One that stops keeps what it has fetched, and the next pull of the model goes on from there.</summary>
/// <param name="fetched">Told after each pull that fetched something; null = nobody is.</param>
public sealed class PullWork(Action? fetched = null) : IJobWork
{
    public string Kind => PullJob.Kind;

    public async Task<string> RunAsync(StoredJob job, JobClaim claim, IProgress<JobShare> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        var result = await ModelPuller.PullAsync(HostingJson.Read<PullJob>(job.SpecJson).Request(), new Bytes(progress), cancellation);
        if (result.BytesFetched > 0) fetched?.Invoke();
        return HostingJson.Write(new PullJobResult(result.Name, result.Commit, result.Files, result.BytesFetched));
    }

    public Task StoppedAsync(string jobId) => Task.CompletedTask;

    public Task FailedAsync(string jobId, string code, string message) => Task.CompletedTask;

    private sealed class Bytes(IProgress<JobShare> progress) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            var share = value.All is { Size: > 0 } all ? Math.Clamp((double)all.Done / all.Size, 0, 1) : 0;
            var message = value.Trouble is { } trouble
                ? $"{value.File}: {trouble}; trying again"
                : string.Create(CultureInfo.InvariantCulture, $"{value.File}: {value.Done} of {(value.Size is { } size ? $"{size}" : "an unknown number of")} bytes");
            progress.Report(new JobShare(share, message));
        }
    }
}
