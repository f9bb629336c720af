using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class DatasetStoreTests(StoreKind kind)
{
    [Fact]
    public async Task A_panel_comes_back_bit_for_bit()
    {
        await using var temp = new TempStore(kind);
        var panel = Awkward();
        string id;
        {
            var store = await temp.OpenAsync();
            id = (await store.Datasets.ImportAsync("awkward", panel, TempStore.Cancellation)).Id;
        }

        var read = await (await temp.OpenAsync()).Datasets.ReadPanelAsync(id, cancellation: TempStore.Cancellation);

        read.DataHash.ShouldBe(panel.DataHash);
        read.Series.Select(s => s.Id).ShouldBe(panel.Series.Select(s => s.Id));
        foreach (var (was, now) in panel.Series.Zip(read.Series))
        {
            now.Calendar.ShouldBeSameAs(was.Calendar);
            now.Times.ToArray().ShouldBe(was.Times.ToArray());
            foreach (var (wasColumn, nowColumn) in was.Columns.Zip(now.Columns))
            {
                (nowColumn.Name, nowColumn.Role, nowColumn.Unit).ShouldBe((wasColumn.Name, wasColumn.Role, wasColumn.Unit));
                Bits(nowColumn.Values).ShouldBe(Bits(wasColumn.Values)); // the hash counts all NaNs as one
                nowColumn.AvailableAt.ToArray().ShouldBe(wasColumn.AvailableAt.ToArray());
                nowColumn.Revisions.Select(r => (r.Row, r.AvailableAt, BitConverter.DoubleToInt64Bits(r.Value)))
                    .ShouldBe(wasColumn.Revisions.Select(r => (r.Row, r.AvailableAt, BitConverter.DoubleToInt64Bits(r.Value))));
            }
        }
    }

    [Fact]
    public async Task Notes_come_back_and_make_other_content()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var plain = Sample.Panel();
        var days = Sample.Days(60);
        var told = new Panel([plain.Series[0].WithNotes([new Note(days[10], days[50], days[52], "Grève à l'usine; \"demand\" halves"), new Note(days[3], days[3], days[3], "a note")])]);

        var (first, second) = (await store.Datasets.ImportAsync("told", plain, TempStore.Cancellation), await store.Datasets.ImportAsync("told", told, TempStore.Cancellation));

        second.Id.ShouldNotBe(first.Id);
        var read = await store.Datasets.ReadPanelAsync(second.Id, cancellation: TempStore.Cancellation);
        read.DataHash.ShouldBe(told.DataHash);
        read.Series[0].Notes.ShouldBe(told.Series[0].Notes);
        (await store.Datasets.ReadPanelAsync(first.Id, cancellation: TempStore.Cancellation)).Series[0].Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(16_385)]
    [InlineData(50_000)]
    public async Task Series_of_any_length_come_back(int rows)
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var panel = Sample.Panel(rows);

        var dataset = await store.Datasets.ImportAsync("long", panel, TempStore.Cancellation);

        (await store.Datasets.ReadPanelAsync(dataset.Id, cancellation: TempStore.Cancellation)).DataHash.ShouldBe(panel.DataHash);
        (await temp.CountAsync("observation_values")).ShouldBe((rows + 16_383) / 16_384);
    }

    [Fact]
    public async Task The_same_content_is_one_dataset_under_any_name()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();

        var first = await store.Datasets.ImportAsync("a", Sample.Panel(), TempStore.Cancellation);
        var again = await store.Datasets.ImportAsync("a", Sample.Panel(), TempStore.Cancellation);
        var other = await store.Datasets.ImportAsync("b", Sample.Panel(), TempStore.Cancellation);

        again.ShouldBe(first);
        other.ShouldBe(first with { Name = "b" });
        (await temp.CountAsync("datasets")).ShouldBe(1);
        (await temp.CountAsync("observation_times")).ShouldBe(1);
        (await store.Datasets.FindAsync("b", cancellation: TempStore.Cancellation))!.Id.ShouldBe(first.Id);
        (await store.Datasets.FindAsync(first.Id, cancellation: TempStore.Cancellation))!.DataHash.ShouldBe(Sample.Panel().DataHash);
        (await store.Datasets.FindAsync("c", cancellation: TempStore.Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_name_moves_to_new_content_and_keeps_the_former()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();

        var first = await store.Datasets.ImportAsync("a", Sample.Panel(40), TempStore.Cancellation);
        var second = await store.Datasets.ImportAsync("a", Sample.Panel(41), TempStore.Cancellation);

        second.Version.ShouldBe(2);
        second.Id.ShouldNotBe(first.Id);
        (await store.Datasets.FindAsync("a", cancellation: TempStore.Cancellation)).ShouldBe(second);
        (await store.Datasets.FindAsync("a", 1, TempStore.Cancellation)).ShouldBe(first);
        (await store.Datasets.ReadPanelAsync(first.Id, cancellation: TempStore.Cancellation)).Series[0].Length.ShouldBe(40);
        (await store.Datasets.ListAsync(cancellation: TempStore.Cancellation)).Items.ShouldBe([second]);
    }

    [Fact]
    public async Task Content_in_another_unit_is_another_dataset()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        Panel InUnit(string? unit) => new([TimeSeries.Univariate("x", Frequency.Daily, Sample.Days(2), [1, 2], unit: unit)]);

        var none = await store.Datasets.ImportAsync("a", InUnit(null), TempStore.Cancellation);
        var empty = await store.Datasets.ImportAsync("a", InUnit(""), TempStore.Cancellation);
        var metres = await store.Datasets.ImportAsync("a", InUnit("m"), TempStore.Cancellation);

        metres.DataHash.ShouldBe(none.DataHash);
        metres.Version.ShouldBe(3);
        (await store.Datasets.ReadPanelAsync(none.Id, cancellation: TempStore.Cancellation))["x"].Unit.ShouldBeNull();
        (await store.Datasets.ReadPanelAsync(empty.Id, cancellation: TempStore.Cancellation))["x"].Unit.ShouldBe("");
        (await store.Datasets.ReadPanelAsync(metres.Id, cancellation: TempStore.Cancellation))["x"].Unit.ShouldBe("m");
    }

    [Fact]
    public async Task Some_series_can_be_read_alone()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var panel = Awkward();
        var dataset = await store.Datasets.ImportAsync("a", panel, TempStore.Cancellation);

        var part = await store.Datasets.ReadPanelAsync(dataset.Id, ["größe/日本 💶", "second \"quoted\", 'x'"], TempStore.Cancellation);

        part.DataHash.ShouldBe(panel.Only(["größe/日本 💶", "second \"quoted\", 'x'"]).DataHash);
        var error = await Should.ThrowAsync<ForecastException>(() => store.Datasets.ReadPanelAsync(dataset.Id, ["nobody"], TempStore.Cancellation));
        (error.Code, error.Series).ShouldBe(("series-unknown", "nobody"));
    }

    [Fact]
    public async Task Series_are_described_without_reading_values()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var dataset = await store.Datasets.ImportAsync("a", Awkward(), TempStore.Cancellation);

        var series = await store.Datasets.SeriesAsync(dataset.Id, TempStore.Cancellation);

        dataset.Calendar.ShouldBeNull();
        (dataset.SeriesCount, dataset.RowCount).ShouldBe((3, (2L * Sample.Awkward.Length) + 2));
        series.Select(s => s.Calendar).ShouldBe(["XNYS", "24x7", "24x7"]);
        series[0].Columns.Select(c => c.Role).ShouldBe([ColumnRole.Target, ColumnRole.PastCovariate, ColumnRole.FutureCovariate, ColumnRole.Static]);
        series[0].Columns[0].Unit.ShouldBe("€");
    }

    [Fact]
    public async Task Lists_come_in_pages_latest_first()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        for (var i = 0; i < 7; i++) await store.Datasets.ImportAsync($"d-{i}", Sample.Panel(i + 1), TempStore.Cancellation);

        var names = new List<string>();
        var pages = 0;
        for (var next = new PageRequest(3); ;)
        {
            var page = await store.Datasets.ListAsync(next, TempStore.Cancellation);
            names.AddRange(page.Items.Select(d => d.Name));
            pages++;
            if (page.Next is null) break;
            next = new PageRequest(3, page.Next);
        }

        pages.ShouldBe(3);
        names.ShouldBe(["d-6", "d-5", "d-4", "d-3", "d-2", "d-1", "d-0"]);
    }

    [Theory]
    [InlineData(0, null, "limit-invalid")]
    [InlineData(1001, null, "limit-invalid")]
    [InlineData(1, "yesterday", "cursor-invalid")]
    public async Task A_page_that_makes_no_sense_is_refused(int limit, string? after, string code)
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        (await Should.ThrowAsync<ForecastException>(async () => await store.Datasets.ListAsync(new PageRequest(limit, after), TempStore.Cancellation))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Times_between_two_microseconds_are_refused_not_rounded()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var times = Sample.Days(5);
        times[3] += Duration.FromNanoseconds(1);
        var panel = new Panel([TimeSeries.Univariate("x", Frequency.Daily, times, new double[5])]);

        var error = await Should.ThrowAsync<ForecastException>(() => store.Datasets.ImportAsync("a", panel, TempStore.Cancellation));

        (error.Code, error.Field, error.Series, error.Index).ShouldBe(("time-too-fine", "timestamp", "x", 3));
        (await temp.CountAsync("datasets")).ShouldBe(0); // nothing of it stays
        (await temp.CountAsync("series")).ShouldBe(0);
    }

    [Fact]
    public async Task Ids_that_would_not_come_back_are_refused()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        foreach (var (id, position) in ((string, int)[])[("a\0b", 1), ("ab\ud800", 2)])
        {
            var error = await Should.ThrowAsync<ForecastException>(() => store.Datasets.ImportAsync("a", Sample.Panel(2, id), TempStore.Cancellation));
            (error.Code, error.Index).ShouldBe(("text-invalid", position));
            (await Should.ThrowAsync<ForecastException>(() => store.Datasets.ImportAsync(id, Sample.Panel(2), TempStore.Cancellation))).Code.ShouldBe("text-invalid");
        }
    }

    [Fact]
    public async Task Values_that_were_changed_behind_its_back_are_noticed()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var dataset = await store.Datasets.ImportAsync("a", Sample.Panel(2), TempStore.Cancellation);
        await temp.SqlAsync("UPDATE observation_values SET observed = " + temp.Zeros(16));

        var error = await Should.ThrowAsync<ForecastException>(() => store.Datasets.ReadPanelAsync(dataset.Id, cancellation: TempStore.Cancellation));
        error.Code.ShouldBe("store-corrupt");

        await temp.SqlAsync("UPDATE observation_times SET event_times = " + temp.Zeros(15));
        (await Should.ThrowAsync<ForecastException>(() => store.Datasets.ReadPanelAsync(dataset.Id, cancellation: TempStore.Cancellation))).Message.ShouldContain("15 bytes");
    }

    [Fact]
    public async Task Many_importers_at_once_make_one_dataset()
    {
        await using var temp = new TempStore(kind);
        await temp.OpenAsync();
        IForecastStore[] stores = [await temp.OpenAsync(), await temp.OpenAsync()];

        var imported = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => stores[i % 2].Datasets.ImportAsync("a", Sample.Panel(), TempStore.Cancellation))));

        imported.Distinct().Count().ShouldBe(1);
        (await temp.CountAsync("dataset_names")).ShouldBe(1);
        (await temp.CountAsync("observation_times")).ShouldBe(1);
    }

    private static long[] Bits(ReadOnlySpan<double> values) => [.. values.ToArray().Select(BitConverter.DoubleToInt64Bits)];

    // Every role, own availability, revisions in any order (one that withdraws), names in several scripts, several calendars.
    private static Panel Awkward()
    {
        var rows = Sample.Awkward.Length;
        var times = Sample.Days(rows);
        Instant[] late = [.. times.Select((t, i) => t + Duration.FromTicks(i * 10_000_030L))];
        Revision[] revisions =
        [
            new(2, times[9], 7.5), new(0, times[5], double.NaN), new(2, times[5], double.Epsilon), new(2, times[5], BitConverter.Int64BitsToDouble(0x7FF8000000000077)),
        ];
        Column[] columns =
        [
            new("größe", ColumnRole.Target, Sample.Awkward, late, revisions, "€"),
            new("ціна 🛢", ColumnRole.PastCovariate, [.. Sample.Awkward.Reverse()], unit: ""),
            new("holiday", ColumnRole.FutureCovariate, new double[rows], [.. times.Select(_ => Instant.MinValue)]),
            new("sector", ColumnRole.Static, [4]),
        ];
        return new Panel(
        [
            new TimeSeries("größe/日本 💶", Frequency.Daily, times, columns, TradingCalendar.Get("XNYS")),
            TimeSeries.Univariate("second \"quoted\", 'x'", Frequency.Daily, [Instant.FromUtc(1, 1, 1, 0, 0), Instant.FromUtc(1969, 12, 31, 23, 59) + Duration.FromTicks(70)], [1, 2]),
            TimeSeries.Univariate("third", Frequency.Daily, times, Sample.Awkward),
        ]);
    }
}

public sealed class DatasetStoreOnSqliteTests() : DatasetStoreTests(StoreKind.Sqlite);

public sealed class DatasetStoreOnPostgresTests() : DatasetStoreTests(StoreKind.Postgres);
