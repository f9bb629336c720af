using Forecast.Store.Outbox;
using NodaTime;

namespace Forecast.Hosting.Queues;

/// <summary>Carries messages from the outbox to the broker and forgets them once it has confirmed them. Any number may run.</summary>
/// <param name="outbox">Where messages wait.</param>
/// <param name="queue">The broker.</param>
/// <param name="complain">Told of trouble that is waited out.</param>
public sealed class OutboxRelay(IOutboxStore outbox, IWorkQueue queue, Action<string, Exception> complain)
{
    private const int BatchSize = 500;

    /// <summary>How long the messages of a relay that died stay with it.</summary>
    private static readonly Duration Lease = Duration.FromSeconds(30);

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);

    /// <summary>Carries until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await CarryAsync(stop) == 0) await Task.Delay(Idle, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was: a relay that ended here would leave the runs of everybody waiting.
                complain("work waits to be sent", e);
                await Task.Delay(AfterError, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Sends what waits now.</summary>
    /// <returns>How many messages.</returns>
    internal async Task<int> CarryAsync(CancellationToken cancellation)
    {
        var messages = await outbox.TakeAsync(BatchSize, Lease, cancellation);
        foreach (var group in messages.GroupBy(m => m.Queue, StringComparer.Ordinal))
        {
            OutboxMessage[] own = [.. group];
            try
            {
                await queue.PublishAsync(group.Key, [.. own.Select(m => new WorkMessage(m.RunId, m.ItemKey))], cancellation);
            }
            catch
            {
                // Some may have arrived: they will come twice, which changes nothing.
                await outbox.ReleaseAsync(own, CancellationToken.None);
                throw;
            }

            await outbox.ConfirmAsync(own, cancellation);
        }

        return messages.Count;
    }
}
