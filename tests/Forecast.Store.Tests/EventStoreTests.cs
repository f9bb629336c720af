using Forecast.Core;
using Forecast.Store.Events;
using Forecast.Store.Tests.Support;

namespace Forecast.Store.Tests;

public abstract class EventStoreTests(StoreKind kind)
{
    [Fact]
    public async Task Events_are_numbered_by_stream_and_read_after_a_number()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        for (var i = 1; i <= 5; i++) (await store.Events.AppendAsync(Streams.OfRun("a"), "progress", $"{i}", TempStore.Cancellation)).ShouldBe(i);
        (await store.Events.AppendAsync(Streams.OfJob("a"), "queued", """{"text":"日本 💶"}""", TempStore.Cancellation)).ShouldBe(1);

        var events = await store.Events.ReadAfterAsync(Streams.OfRun("a"), 2, cancellation: TempStore.Cancellation);

        events.Select(e => (e.Stream, e.Seq, e.Kind, e.PayloadJson)).ShouldBe([("run/a", 3, "progress", "3"), ("run/a", 4, "progress", "4"), ("run/a", 5, "progress", "5")]);
        (await store.Events.ReadAfterAsync(Streams.OfRun("a"), 0, 2, TempStore.Cancellation)).Select(e => e.Seq).ShouldBe([1, 2]);
        (await store.Events.ReadAfterAsync(Streams.OfJob("a"), 0, cancellation: TempStore.Cancellation))[0].PayloadJson.ShouldBe("""{"text":"日本 💶"}""");
        (await store.Events.ReadAfterAsync("run/none", 0, cancellation: TempStore.Cancellation)).ShouldBeEmpty();
        (await Should.ThrowAsync<ForecastException>(() => store.Events.AppendAsync(" ", "k", "{}", TempStore.Cancellation))).Code.ShouldBe("name-missing");
    }

    [Fact]
    public async Task A_reader_beside_many_writers_sees_every_number_once_and_in_order()
    {
        const int Writers = 4;
        const int Each = 50;
        await using var temp = new TempStore(kind);
        var watcher = await temp.OpenAsync();
        var writers = new List<Task<List<long>>>();
        for (var w = 0; w < Writers; w++)
        {
            var store = await temp.OpenAsync(); // connections and turn of its own
            writers.Add(Task.Run(async () =>
            {
                var mine = new List<long>();
                for (var i = 0; i < Each; i++) mine.Add(await store.Events.AppendAsync("run/x", "k", "{}", TempStore.Cancellation));
                return mine;
            }));
        }

        var seen = new List<long>();
        var all = Task.WhenAll(writers);
        for (var last = false; ;)
        {
            var page = await watcher.Events.ReadAfterAsync("run/x", seen.Count, cancellation: TempStore.Cancellation);
            seen.AddRange(page.Select(e => e.Seq));
            seen.ShouldBe(Enumerable.Range(1, seen.Count).Select(i => (long)i)); // never a hole, not even for a moment
            if (last) break;
            last = all.IsCompleted;
            await Task.Yield();
        }

        var numbers = await all;
        numbers.SelectMany(n => n).Order().ShouldBe(seen);
        seen.Count.ShouldBe(Writers * Each);
        foreach (var mine in numbers) mine.ShouldBeInOrder(SortDirection.Ascending);
    }
}

public sealed class EventStoreOnSqliteTests() : EventStoreTests(StoreKind.Sqlite);

public sealed class EventStoreOnPostgresTests() : EventStoreTests(StoreKind.Postgres);
