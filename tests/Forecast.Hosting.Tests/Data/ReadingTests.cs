using System.IO.Compression;
using System.Text;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Data;
using NodaTime;

namespace Forecast.Hosting.Tests.Data;

public sealed class ReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wide_form_gives_one_series_a_column()
    {
        var panel = await Read("date,a,b\n2024-01-01,1,10\n2024-01-02,,20\n2024-01-03,3,NA\n", Daily);
        panel.Series.Select(s => s.Id).ShouldBe(["a", "b"]);
        Values(panel["a"]).ShouldBe([1, double.NaN, 3]);
        Values(panel["b"]).ShouldBe([10, 20, double.NaN]);
    }

    [Fact]
    public async Task Picked_columns_come_in_the_order_asked_and_others_are_not_even_parsed()
    {
        var path = _folder.Write("f.csv", "date,a,note,b\n2024-01-01,1,hello,10\n2024-01-02,2,world,20\n");
        var panel = await new DataSource(_folder.Path).ReadAsync($"{path}:b,a", Daily, TestContext.Current.CancellationToken);
        panel.Series.Select(s => s.Id).ShouldBe(["b", "a"]);
    }

    [Theory]
    [InlineData("unique_id,ds,y\nb,2024-01-01,1\na,2024-01-01,5\nb,2024-01-02,2\na,2024-01-02,6\n")]
    [InlineData("series_id,date,value\nb,2024-01-01,1\nb,2024-01-02,2\na,2024-01-01,5\na,2024-01-02,6\n")]
    [InlineData("y,note,unique_id,ds\n1,x,b,2024-01-01\n2,x,b,2024-01-02\n5,x,a,2024-01-01\n6,x,a,2024-01-02\n")]
    public async Task Long_form_is_told_by_its_header(string csv)
    {
        var panel = await Read(csv, Daily);
        panel.Series.Select(s => s.Id).ShouldBe(["b", "a"]);
        Values(panel["b"]).ShouldBe([1, 2]);
        Values(panel["a"]).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task Series_of_a_long_file_are_picked_by_id()
    {
        var path = _folder.Write("f.csv", "unique_id,ds,y\na,2024-01-01,1\nb,2024-01-01,oops\nc,2024-01-01,3\n");
        var panel = await new DataSource(_folder.Path).ReadAsync($"{path}:c,a", Daily, TestContext.Current.CancellationToken);
        panel.Series.Select(s => s.Id).ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task Stated_columns_win_over_customary_names()
    {
        var options = Daily with { TimeColumn = "day", IdColumn = "shop", ValueColumn = "sold" };
        var panel = await Read("shop,day,sold,y,date\nx,2024-01-01,7,1,9\nx,2024-01-02,8,1,9\n", options);
        Values(panel["x"]).ShouldBe([7, 8]);
    }

    [Fact]
    public async Task Byte_order_mark_carriage_returns_quotes_and_blanks_do_not_matter()
    {
        var panel = await Read("\uFEFF\"date\" , y\r\n\"2024-01-01\" , 1.5e1 \r\n\r\n2024-01-02,\"-2\"\r\n\r\n", Daily);
        Values(panel["f"]).ShouldBe([15, -2]);
    }

    [Fact]
    public async Task Compressed_files_read_as_plain_ones()
    {
        var path = Path.Combine(_folder.Path, "z.csv.gz");
        await using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("date,y\n2024-01-01,1\n2024-01-02,2\n"), TestContext.Current.CancellationToken);
        var panel = await new DataSource(_folder.Path).ReadAsync("z", Daily, TestContext.Current.CancellationToken);
        Values(panel["z"]).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_damaged_compressed_file_is_refused_even_where_it_is_cut_between_lines()
    {
        var text = new StringBuilder("date,y\n");
        for (var day = new LocalDate(2000, 1, 1); day.Year < 2010; day = day.PlusDays(1)) text.Append(NodaTime.Text.LocalDatePattern.Iso.Format(day)).Append(",1\n");
        using var memory = new MemoryStream();
        await using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), TestContext.Current.CancellationToken);
        var whole = memory.ToArray();
        var path = Path.Combine(_folder.Path, "z.csv.gz");
        foreach (var cut in Enumerable.Range(1, 40).Select(i => i * whole.Length / 41))
        {
            await File.WriteAllBytesAsync(path, whole[..cut], TestContext.Current.CancellationToken);
            (await Failure(path, Daily)).Code.ShouldBe("gzip-invalid", $"cut at {cut}");
        }
    }

    [Fact]
    public async Task Rows_without_any_time_are_numbered()
    {
        var series = (await Read("sales,lead\n5,1\n6,2\n7,3\n", new DataOptions())).Series[0];
        series.Frequency.ShouldBe(Frequency.Index);
        series.Times.ToArray().Select(t => t.ToUnixTimeSeconds()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_single_column_keeps_its_empty_lines_as_missing_values()
    {
        var panel = await Read("y\n5\n\n7\n", new DataOptions());
        Values(panel["f"]).ShouldBe([5, double.NaN, 7]);
    }

    [Theory]
    [InlineData("year,y\n1871,1\n1872,2\n", "P1Y", "1872-01-01")]
    [InlineData("date,y\n20240101,1\n20240102,2\n", "P1D", "2024-01-02")]
    [InlineData("date,y\n2024-01,1\n2024-02,2\n", "P1M", "2024-02-01")]
    [InlineData("date,y\n1960Q1,1\n1960Q2,2\n", "P3M", "1960-04-01")]
    [InlineData("date,y\n1960-Q3,1\n1960-Q4,2\n", "P3M", "1960-10-01")]
    [InlineData("ds,y\n2024-01-01T00:00:00Z,1\n2024-01-01T00:30:00Z,2\n", "PT30M", "2024-01-01T00:30:00Z")]
    [InlineData("ds,y\n2024-01-01 00:00:00.5,1\n2024-01-01 00:00:01,2\n", "PT0.5S", "2024-01-01T00:00:01Z")]
    [InlineData("ds,y\n2024-01-01T00:00+02:00,1\n2024-01-01T01:00+0200,2\n", "PT1H", "2023-12-31T23:00:00Z")]
    [InlineData("ds,y\n2024-01-31,1\n2024-02-29,2\n", "P1M", "2024-02-29")]
    [InlineData("ds,y\n5,1\n9,2\n", "index", "9")]
    public async Task Times_are_read_in_every_iso_form(string csv, string frequency, string last)
    {
        var series = (await Read(csv, new DataOptions { Frequency = frequency })).Series[0];
        series.Frequency.Format(series.Times[^1]).ShouldBe(last);
    }

    [Theory]
    [InlineData("year,y\n1871,1\n1872,2\n1873,2\n", "P1Y")]
    [InlineData("date,y\n20240101,1\n20240108,2\n20240115,2\n", "P7D")]
    [InlineData("date,y\n2024-01-31,1\n2024-02-29,2\n2024-03-31,2\n", "P1M")]
    [InlineData("date,y\n2024-01-01 00:00,1\n2024-01-01 00:15,2\n2024-01-01 00:30,2\n", "PT15M")]
    [InlineData("date,y\n2024-01-01,1\n2024-01-02,1\n2024-01-03,1\n2024-01-04,1\n2024-01-05,1\n2024-01-08,1\n2024-01-09,1\n2024-01-10,1\n2024-01-11,1\n2024-01-12,1\n", "B")]
    public async Task An_unstated_frequency_is_proposed_but_not_taken(string csv, string proposal)
    {
        var error = await Failure(_folder.Write("f.csv", csv), new DataOptions());
        error.Code.ShouldBe("frequency-missing");
        error.Message.ShouldEndWith($"rows look like {proposal}, so say --frequency {proposal}");
    }

    [Fact]
    public async Task Absent_periods_of_a_fixed_grid_become_missing_values()
    {
        var series = (await Read("date,y\n2024-01-31,1\n2024-02-29,2\n2024-04-30,4\n2024-05-31,5\n2024-06-30,6\n", new DataOptions { Frequency = "P1M" }))["f"];
        Values(series).ShouldBe([1, 2, double.NaN, 4, 5, 6]);
        series.Frequency.Format(series.Times[2]).ShouldBe("2024-03-31");
    }

    [Fact]
    public async Task Holidays_of_business_days_and_gaps_of_an_index_stay_as_observed()
    {
        (await Read("date,y\n2024-03-27,1\n2024-03-28,2\n2024-04-02,3\n2024-04-03,4\n", new DataOptions { Frequency = "B" }))["f"].Length.ShouldBe(4);
        (await Read("t,y\n1,1\n2,2\n40,3\n", new DataOptions()))["f"].Length.ShouldBe(3);
    }

    [Fact]
    public async Task Daily_with_the_calendar_of_an_exchange_means_its_open_days()
    {
        var panel = await Read("date,y\n2024-01-05,1\n2024-01-08,2\n", Daily with { Calendar = "XNYS" });
        panel.Frequency.ShouldBe(Frequency.BusinessDay);
        panel["f"].Calendar.Name.ShouldBe("XNYS");
    }

    [Theory]
    [InlineData("P1D", "2024-01-01,2024-01-02,2024-01-03,2024-01-04,2024-01-05,2024-01-08,2024-01-09,2024-01-10,2024-01-11,2024-01-12", "rows look like B")]
    [InlineData("B", "2024-01-01,2024-02-01,2024-03-01,2024-04-01", "rows look like P1M")]
    [InlineData("PT30M", "2024-01-01T00:00,2024-01-01T01:00,2024-01-01T02:00", "rows look like PT1H")]
    [InlineData("P1Y", "2024-01-01,2024-04-01,2024-07-01", "rows look like P3M")]
    [InlineData("B", "2024-01-02T09:00,2024-01-02T10:00,2024-01-02T11:00", "rows look like PT1H")]
    public async Task A_frequency_that_the_rows_contradict_is_refused(string frequency, string times, string hint)
    {
        var csv = "date,y\n" + string.Concat(times.Split(',').Select(t => $"{t},1\n"));
        var error = await Failure(_folder.Write("f.csv", csv), new DataOptions { Frequency = frequency });
        error.Code.ShouldBe("frequency-contradicted");
        error.Message.ShouldEndWith(hint);
    }

    [Fact]
    public async Task Two_sources_that_share_a_column_name_are_told_apart_by_file()
    {
        _folder.Write("x.csv", "date,open,close\n2024-01-01,1,2\n2024-01-02,1,2\n");
        _folder.Write("z.csv", "date,open,close\n2024-01-01,3,4\n2024-01-02,3,4\n");
        var panel = await new DataSource(_folder.Path).ReadAsync("x:close+z:close,open", Daily, TestContext.Current.CancellationToken);
        panel.Series.Select(s => s.Id).ShouldBe(["x.close", "z.close", "open"]);
    }

    [Fact]
    public async Task A_path_with_signs_of_the_grammar_is_still_a_path()
    {
        var path = _folder.Write("a+b@c:d,e.csv", "date,y\n2024-01-01,1\n2024-01-02,2\n");
        (await new DataSource(_folder.Path).ReadAsync(path, Daily, TestContext.Current.CancellationToken)).Series.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Returns_run_between_observed_values_and_keep_gaps_as_gaps()
    {
        var csv = "date,y\n2024-01-01,\n2024-01-02,100\n2024-01-03,150\n2024-01-04,\n2024-01-05,75\n";
        var series = (await Read(csv, Daily with { Returns = Returns.Simple }))["f"];
        series.Frequency.Format(series.Times[0]).ShouldBe("2024-01-03");
        Values(series).ShouldBe([0.5, double.NaN, -0.5]);
        series.Unit.ShouldBe("simple_return");
    }

    [Fact]
    public async Task A_file_without_the_ending_of_a_csv_is_no_dataset()
    {
        _folder.Write("notes", "date,y\n2024-01-01,1\n");
        (await Failure("notes", Daily)).Code.ShouldBe("data-unknown");
        (await Failure(Path.Combine(_folder.Path, "notes"), Daily)).Code.ShouldBe("data-file-type");
        (await Failure(_folder.Path, Daily)).Code.ShouldBe("data-syntax");
    }

    [Theory]
    [InlineData("a+")]
    [InlineData("+a")]
    [InlineData("a++b")]
    [InlineData("a:")]
    [InlineData("a:x,,y")]
    [InlineData("a@")]
    [InlineData("a@XNYS:x")]
    public async Task A_source_that_does_not_follow_the_grammar_is_refused(string data) =>
        (await Failure(data, Daily)).Code.ShouldBe("data-syntax");

    [Fact]
    public async Task Random_bytes_never_give_anything_but_an_error_of_ours()
    {
        var random = new Random(5);
        var letters = "date,y\n\r\"'0123456789-:;+.TZeEa \t\0\u00ff"u8.ToArray();
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(1, 200)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = round % 3 == 0 ? (byte)random.Next(256) : letters[random.Next(letters.Length)];
            var path = Path.Combine(_folder.Path, "r.csv");
            await File.WriteAllBytesAsync(path, [.. round % 2 == 0 ? "date,y\n"u8 : [], .. bytes], TestContext.Current.CancellationToken);
            try
            {
                (await new DataSource(_folder.Path).ReadAsync(path, Daily, TestContext.Current.CancellationToken)).Series.ShouldNotBeEmpty();
            }
            catch (Core.ForecastException e)
            {
                e.Message.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public async Task Cancelling_stops_the_reading()
    {
        var path = _folder.Write("f.csv", "t,y\n" + string.Concat(Enumerable.Range(1, 100_000).Select(i => $"{i},1\n")));
        await Should.ThrowAsync<OperationCanceledException>(() => new DataSource(_folder.Path).ReadAsync(path, new DataOptions(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_million_rows_are_read_within_seconds()
    {
        var path = Path.Combine(_folder.Path, "big.csv");
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteLineAsync("unique_id,ds,y");
            for (var s = 0; s < 100; s++)
            {
                for (var t = 0; t < 10_000; t++)
                {
                    var time = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(t);
                    await writer.WriteLineAsync($"series_{s},{time:yyyy-MM-dd HH:mm:ss},{(s * 1000) + (t * 0.25)}");
                }
            }
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var panel = await new DataSource(_folder.Path).ReadAsync(path, new DataOptions { Frequency = "PT1H" }, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine($"1,000,000 rows in {watch.Elapsed.TotalSeconds:F2} s");
        panel.Series.Count.ShouldBe(100);
        panel["series_99"].Targets[0].Values[^1].ShouldBe((99 * 1000) + (9999 * 0.25));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static DataOptions Daily => new() { Frequency = "P1D" };

    private static double[] Values(TimeSeries series) => series.Targets[0].Values.ToArray();

    private Task<Panel> Read(string csv, DataOptions options) =>
        new DataSource(_folder.Path).ReadAsync(_folder.Write("f.csv", csv), options, TestContext.Current.CancellationToken);

    private async Task<Core.ForecastException> Failure(string path, DataOptions options) =>
        await new DataSource(_folder.Path).ReadAsync(path, options, TestContext.Current.CancellationToken).ShouldThrowAsync<Core.ForecastException>();
}
