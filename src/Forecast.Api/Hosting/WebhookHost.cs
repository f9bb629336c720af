using Forecast.Hosting.Webhooks;

namespace Forecast.Api.Hosting;

/// <summary>Tells webhooks that jobs have ended, for as long as the server runs.</summary>
internal sealed class WebhookHost(WebhookRelay relay) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => relay.RunAsync(stoppingToken), CancellationToken.None);
}
