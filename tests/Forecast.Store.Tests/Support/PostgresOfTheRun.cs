using Forecast.Tests.Servers;

namespace Forecast.Store.Tests.Support;

/// <summary>Ends the shared server with the tests.</summary>
public sealed class PostgresOfTheRun : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await PostgresServer.StopAsync();
}
