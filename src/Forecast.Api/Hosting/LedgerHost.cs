using Forecast.Hosting.Forecasts;

namespace Forecast.Api.Hosting;

/// <summary>Writes the record of forecasts for as long as the server runs, and the rest of it when the server stops.</summary>
internal sealed class LedgerHost(ForecastLedger ledger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => ledger.RunAsync(stoppingToken), CancellationToken.None);
}
