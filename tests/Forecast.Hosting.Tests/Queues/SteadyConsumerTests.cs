using System.Collections.Concurrent;
using Forecast.Hosting.Queues;

namespace Forecast.Hosting.Tests.Queues;

/// <summary>A consumer that nobody disturbs keeps its connection: one that starts over loses its turn at the queue each time.</summary>
public sealed class SteadyConsumerTests(OneBroker broker) : IClassFixture<OneBroker>
{
    private const string Name = "steady";
    private const int Messages = 30;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publisher_and_consumer_open_one_connection_each_however_many_messages_there_are()
    {
        var told = new ConcurrentQueue<string>();
        var before = await broker.Server.OpenedAsync(Cancel);
        await using var queue = new RabbitQueue(broker.Server.Address, (what, _) => told.Enqueue(what));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var taken = new List<string>();
        var consuming = Task.Run(
            async () =>
            {
                await foreach (var delivery in queue.ConsumeAsync([Name], stop.Token))
                {
                    taken.Add(delivery.Message.ItemKey);
                    await delivery.AckAsync(stop.Token);
                    if (taken.Count == 2 * Messages) return;
                }
            },
            Cancel);
        string[] keys = [.. Enumerable.Range(0, 2 * Messages).Select(i => $"i{i}")];
        await queue.PublishAsync(Name, [.. keys[..Messages].Select(k => new WorkMessage("r", k))], Cancel);
        await Task.Delay(1_500, Cancel); // idle for longer than the consumer takes a look
        await queue.PublishAsync(Name, [.. keys[Messages..].Select(k => new WorkMessage("r", k))], Cancel);
        await consuming.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        taken.ShouldBe(keys);
        told.ShouldBeEmpty();
        (await broker.Server.OpenedAsync(Cancel) - before).ShouldBe(2);
    }
}
