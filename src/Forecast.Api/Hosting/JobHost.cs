using Forecast.Hosting.Jobs;

namespace Forecast.Api.Hosting;

/// <summary>Does jobs for as long as the server runs.</summary>
internal sealed class JobHost(JobRunner runner) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => runner.RunAsync(stoppingToken), CancellationToken.None);
}
