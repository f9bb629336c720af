using Forecast.Store.Outbox;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class OutboxStoreTests(StoreKind kind)
{
    private static readonly Duration Lease = Duration.FromSeconds(30);

    [Fact]
    public async Task Messages_stand_with_their_run_in_its_order_and_go_once_confirmed()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(5) with { Queue = "cpu" }, TempStore.Cancellation);
        await store.Runs.CreateAsync(Sample.Run(3), TempStore.Cancellation); // no queue, no messages

        var first = await store.Outbox.TakeAsync(2, Lease, TempStore.Cancellation);
        var rest = await store.Outbox.TakeAsync(100, Lease, TempStore.Cancellation);

        first.Select(Named).ShouldBe([("cpu", run, Sample.Key(0)), ("cpu", run, Sample.Key(1))]);
        rest.Select(m => m.ItemKey).ShouldBe([Sample.Key(2), Sample.Key(3), Sample.Key(4)]);
        await store.Outbox.ConfirmAsync(first, TempStore.Cancellation);
        await store.Outbox.ReleaseAsync(rest, TempStore.Cancellation);
        (await store.Outbox.TakeAsync(100, Lease, TempStore.Cancellation)).Select(Named).ShouldBe(rest.Select(Named));
        (await temp.CountAsync("outbox")).ShouldBe(3);
    }

    [Fact]
    public async Task A_relay_that_died_lets_its_claim_run_out()
    {
        await using var temp = new TempStore(kind);
        var clock = new StepClock(Duration.FromSeconds(10));
        var store = await temp.OpenAsync(clock);
        await store.Runs.CreateAsync(Sample.Run(1) with { Queue = "cpu" }, TempStore.Cancellation);

        (await store.Outbox.TakeAsync(9, Duration.FromSeconds(25), TempStore.Cancellation)).Count.ShouldBe(1);
        (await store.Outbox.TakeAsync(9, Duration.FromSeconds(25), TempStore.Cancellation)).ShouldBeEmpty();
        (await store.Outbox.TakeAsync(9, Duration.FromSeconds(25), TempStore.Cancellation)).ShouldBeEmpty();
        (await store.Outbox.TakeAsync(9, Duration.FromSeconds(25), TempStore.Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Many_relays_share_the_messages_without_a_double()
    {
        await using var temp = new TempStore(kind);
        IForecastStore[] stores = [await temp.OpenAsync(), await temp.OpenAsync(), await temp.OpenAsync()];
        await stores[0].Runs.CreateAsync(Sample.Run(200) with { Queue = "cpu" }, TempStore.Cancellation);

        var taken = await Task.WhenAll(stores.Select(s => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await s.Outbox.TakeAsync(7, Lease, TempStore.Cancellation) is { Count: > 0 } messages) mine.AddRange(messages.Select(m => m.ItemKey));
            return mine;
        })));

        taken.SelectMany(t => t).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 200).Select(Sample.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stopped_run_that_goes_on_sends_what_is_pending_again()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(3) with { Queue = "gpu" }, TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation);
        await store.Outbox.ConfirmAsync(await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation), TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(run, Sample.Key(1), Sample.Block(1), TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation); // of a running one nothing is sent twice
        (await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation)).ShouldBeEmpty();

        await store.Runs.CancelAsync(run, TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation);

        (await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation)).Select(Named).ShouldBe([("gpu", run, Sample.Key(0)), ("gpu", run, Sample.Key(2))]);
    }

    /// <summary>The worker that got the message saw the run stopped and dropped it; the run goes on before the relay hears that the broker has it.</summary>
    [Fact]
    public async Task A_message_that_was_added_again_while_a_relay_had_it_is_sent_once_more()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(2) with { Queue = "cpu" }, TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation);
        var inHand = await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation);
        await store.Runs.CancelAsync(run, TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation);

        await store.Outbox.ConfirmAsync(inHand, TempStore.Cancellation);

        var again = await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation);
        again.Select(Named).ShouldBe(inHand.Select(Named));
        await store.Outbox.ReleaseAsync(inHand, TempStore.Cancellation); // not theirs any more
        (await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation)).ShouldBeEmpty();
        await store.Outbox.ConfirmAsync(again, TempStore.Cancellation);
        (await temp.CountAsync("outbox")).ShouldBe(0);
    }

    [Fact]
    public async Task What_nobody_has_begun_or_not_for_long_can_be_sent_again()
    {
        await using var temp = new TempStore(kind);
        var clock = new StepClock(Duration.FromSeconds(1));
        var store = await temp.OpenAsync(clock);
        var run = await store.Runs.CreateAsync(Sample.Run(4) with { Queue = "cpu" }, TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation);
        (await store.Runs.ResendAsync(run, Duration.FromMinutes(1), TempStore.Cancellation)).ShouldBe(0, "they wait in the outbox");
        await store.Outbox.ConfirmAsync(await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation), TempStore.Cancellation);
        await store.Runs.StartItemAsync(run, Sample.Key(0), "w", TempStore.Cancellation);
        await store.Runs.CommitBlockAsync(run, Sample.Key(1), Sample.Block(1), TempStore.Cancellation);

        (await store.Runs.ResendAsync(run, Duration.FromMinutes(1), TempStore.Cancellation)).ShouldBe(2);
        (await store.Outbox.TakeAsync(9, Lease, TempStore.Cancellation)).Select(m => m.ItemKey).ShouldBe([Sample.Key(2), Sample.Key(3)]);
        (await store.Runs.ResendAsync(run, Duration.Zero, TempStore.Cancellation)).ShouldBe(1, "the one that was begun");

        await store.Runs.CancelAsync(run, TempStore.Cancellation);
        (await store.Runs.ResendAsync(run, Duration.Zero, TempStore.Cancellation)).ShouldBe(0, "nobody wants them");
    }

    private static (string Queue, string Run, string Item) Named(OutboxMessage message) => (message.Queue, message.RunId, message.ItemKey);
}

public sealed class OutboxStoreOnSqliteTests() : OutboxStoreTests(StoreKind.Sqlite);

public sealed class OutboxStoreOnPostgresTests() : OutboxStoreTests(StoreKind.Postgres);
