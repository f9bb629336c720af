using Forecast.Hosting.Schedules;

namespace Forecast.Api.Hosting;

/// <summary>Lets schedules fire for as long as the server runs.</summary>
internal sealed class ClockHost(ScheduleClock clock) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => clock.RunAsync(stoppingToken), CancellationToken.None);
}
