using Forecast.Core;
using Forecast.Store.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Forecast.Store.Tests;

public class BadFileTests
{
    [Fact]
    public async Task A_file_that_is_no_database_is_left_alone()
    {
        await using var temp = new TempStore();
        var text = string.Concat(Enumerable.Repeat("date,value\n2020-01-01,1\n", 100));
        await File.WriteAllTextAsync(temp.Path, text, TempStore.Cancellation);

        var error = await Should.ThrowAsync<ForecastException>(() => temp.OpenAsync());

        error.Code.ShouldBe("store-corrupt");
        error.Message.ShouldContain(temp.Path);
        (await File.ReadAllTextAsync(temp.Path, TempStore.Cancellation)).ShouldBe(text);
    }

    [Fact]
    public async Task Someone_elses_database_is_left_alone()
    {
        await using var temp = new TempStore();
        await temp.SqlAsync("CREATE TABLE holidays (day text)");
        var before = await File.ReadAllBytesAsync(temp.Path, TempStore.Cancellation);

        (await Should.ThrowAsync<ForecastException>(() => temp.OpenAsync())).Code.ShouldBe("store-foreign");

        (await File.ReadAllBytesAsync(temp.Path, TempStore.Cancellation)).ShouldBe(before);
    }

    [Fact]
    public async Task A_damaged_file_is_told_as_such()
    {
        await using var temp = new TempStore();
        {
            await using var store = await SqliteForecastStore.OpenAsync(temp.Path, cancellation: TempStore.Cancellation);
            await store.Datasets.ImportAsync("a", Sample.Panel(5000), TempStore.Cancellation);
        }

        // Every page but the first, which holds the header and the list of tables.
        await using (var file = File.OpenWrite(temp.Path))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray(), TempStore.Cancellation);
        }

        (await Should.ThrowAsync<ForecastException>(() => temp.OpenAsync())).Code.ShouldBe("store-corrupt");
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_as_such()
    {
        await using var temp = new TempStore();
        {
            await using var store = await SqliteForecastStore.OpenAsync(temp.Path, cancellation: TempStore.Cancellation);
        }

        // SQLite opens a file with a write version above 2 (byte 18 of the header) for reading only: as good as missing rights, and it also binds root.
        await using (var file = File.OpenWrite(temp.Path))
        {
            file.Position = 18;
            file.WriteByte(3);
        }

        var error = await Should.ThrowAsync<ForecastException>(async () => await (await temp.OpenAsync()).Events.AppendAsync("run/a", "k", "{}", TempStore.Cancellation));

        error.Code.ShouldBeOneOf("store-read-only", "store-unsuitable");
        error.Message.ShouldContain(temp.Path);
    }

    [Fact]
    public async Task Paths_that_lead_nowhere_are_named()
    {
        await using var temp = new TempStore();
        var file = Path.Combine(temp.Folder, "file");
        await File.WriteAllTextAsync(file, "", TempStore.Cancellation);

        foreach (var path in (string[])[Path.Combine(file, "forecast.db"), temp.Folder])
        {
            var error = await Should.ThrowAsync<ForecastException>(() => SqliteForecastStore.OpenAsync(path, cancellation: TempStore.Cancellation));
            error.Code.ShouldBe("store-cannot-open");
            error.Message.ShouldContain(path);
        }
    }

    [Fact]
    public async Task Folders_are_made()
    {
        await using var temp = new TempStore();
        var path = Path.Combine(temp.Folder, "a", "b", "forecast.db");
        await using var store = await SqliteForecastStore.OpenAsync(path, cancellation: TempStore.Cancellation);
        File.Exists(path).ShouldBeTrue();
        store.Location.ShouldBe(path);
    }

    [Fact]
    public async Task A_writer_that_never_ends_is_told_as_such()
    {
        await using var temp = new TempStore();
        await using var store = await SqliteForecastStore.OpenAsync(temp.Path, busyTimeout: TimeSpan.FromMilliseconds(100), cancellation: TempStore.Cancellation);
        await using var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = temp.Path, Pooling = false }.ToString());
        await other.OpenAsync(TempStore.Cancellation);
        await using var transaction = await other.BeginTransactionAsync(TempStore.Cancellation);

        (await Should.ThrowAsync<ForecastException>(() => store.Events.AppendAsync("run/a", "k", "{}", TempStore.Cancellation))).Code.ShouldBe("store-busy");
        (await store.Events.ReadAfterAsync("run/a", 0, cancellation: TempStore.Cancellation)).ShouldBeEmpty(); // readers do not wait

        await transaction.RollbackAsync(TempStore.Cancellation);
        (await store.Events.AppendAsync("run/a", "k", "{}", TempStore.Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Giving_up_leaves_nothing_half_done()
    {
        await using var temp = new TempStore();
        var store = await temp.OpenAsync();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => store.Datasets.ImportAsync("a", Sample.Panel(), source.Token));

        (await temp.CountAsync("datasets")).ShouldBe(0);
        (await store.Datasets.ImportAsync("a", Sample.Panel(), TempStore.Cancellation)).Version.ShouldBe(1); // the turn to write was given back
    }
}
