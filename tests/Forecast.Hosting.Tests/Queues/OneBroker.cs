using Forecast.Tests.Servers;

namespace Forecast.Hosting.Tests.Queues;

/// <summary>One broker for the tests that leave it standing.</summary>
public sealed class OneBroker : IAsyncLifetime
{
    public RabbitServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RabbitServer.StartNewAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
