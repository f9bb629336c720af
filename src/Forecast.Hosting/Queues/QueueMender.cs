using Forecast.Core;

namespace Forecast.Hosting.Queues;

/// <summary>Makes a queue anew that does not answer although its broker does. What was in it comes again from the store.</summary>
/// <remarks>
/// RabbitMQ 3.10 does not flush its note of which log belongs to a new quorum queue. Killed soon after, it finds the queue without its log
/// when it starts again, and without a leader, which nobody is left to elect: every call on it would hang for ever. A queue must not be
/// deleted twice at once either: the second deletion takes the record of the new queue away and leaves its process, after which no queue
/// of that name can be made until the broker starts again. So an exclusive queue, which goes with its connection, is the lock of all
/// who would mend.
/// </remarks>
internal sealed class QueueMender(BrokerAddress address, Action<string, Exception> complain)
{
    /// <summary>Does nothing when the broker is away, the queue answers, or another is at it.</summary>
    public async Task MendAsync(string queue, CancellationToken cancellation)
    {
        try
        {
            await using var own = await BrokerLine.OpenAsync(address, confirms: false, cancellation);
            await own.CallAsync(c => c.QueueDeclareAsync($"forecast.mending.{queue}", durable: false, exclusive: true, autoDelete: true), cancellation);
            if (await AnswersAsync(queue, cancellation)) return;
            await own.CallAsync(c => c.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false), cancellation);
            await own.DeclareAsync(queue, cancellation);
            complain($"queue '{queue}' at {address.Location} had no leader any more and was made anew", new ForecastException("broker-queue-lost", $"the broker lost queue '{queue}'", "broker"));
        }
        catch (ForecastException e) when (RabbitQueue.MayPass(e))
        {
            complain($"queue '{queue}' at {address.Location} does not answer; another may be mending it", e);
        }
    }

    /// <summary>False when the queue alone keeps silent; a message that it gives goes back with the line.</summary>
    private async Task<bool> AnswersAsync(string queue, CancellationToken cancellation)
    {
        await using var line = await BrokerLine.OpenAsync(address, confirms: false, cancellation);
        try
        {
            await line.DeclareAsync(queue, cancellation);
            await line.CallAsync(c => c.BasicGetAsync(queue, autoAck: false), cancellation);
            return true;
        }
        catch (ForecastException e) when (e.InnerException is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
