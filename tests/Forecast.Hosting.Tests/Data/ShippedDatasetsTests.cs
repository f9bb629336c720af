using System.IO.Compression;
using Forecast.Core.Data;
using Forecast.Core.Time;
using Forecast.Hosting.Data;
using NodaTime;

namespace Forecast.Hosting.Tests.Data;

public class ShippedDatasetsTests
{
    private static readonly DataSource Source = new(Repository.At("datasets"));

    public static TheoryData<string> Names => [.. Source.List().Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_dataset_reads_by_name_with_its_stated_frequency_and_no_row_lost(string name)
    {
        var info = Source.List().Single(d => d.Name == name);
        var panel = await Source.ReadAsync(name, new DataOptions(), TestContext.Current.CancellationToken);

        info.Columns.ShouldNotBeNull();
        panel.Series.Count.ShouldBe(info.Columns.Count);
        panel.Frequency.Code.ShouldBe(info.Frequency);
        panel.Series.ShouldAllBe(s => s.Length == DataLines(info.File));
        foreach (var series in panel.Series) series.Targets[0].Values.ToArray().ShouldAllBe(v => double.IsFinite(v));
        info.Title.ShouldNotBeEmpty();
        info.Licence.ShouldNotBeEmpty();
        info.Source.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_table_and_the_folder_and_the_readme_name_the_same_files()
    {
        var readme = File.ReadLines(Path.Combine(Repository.At("datasets"), "README.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && l.Contains(".csv", StringComparison.Ordinal))
            .Select(l => l.Split('|')[1].Trim());
        Source.List().Select(d => d.File).Order(StringComparer.Ordinal).ShouldBe(readme.Order(StringComparer.Ordinal));
        Source.List().ShouldAllBe(d => d.Frequency != null && d.Calendar != null && d.Columns != null);
    }

    [Fact]
    public async Task A_single_value_column_is_named_as_its_file_and_others_as_their_columns()
    {
        var panel = await Source.ReadAsync("ecb_reference_rates:eur_usd,eur_jpy+brent_spot", new DataOptions(), TestContext.Current.CancellationToken);
        panel.Series.Select(s => s.Id).ShouldBe(["eur_usd", "eur_jpy", "brent_spot"]);
        panel.Series.Select(s => s.Calendar.Name).Distinct().ShouldBe(["TARGET", panel["brent_spot"].Calendar.Name]);
        panel["eur_usd"].Unit.ShouldBe("USD per EUR");
        panel["brent_spot"].Unit.ShouldBe("USD per barrel");
        panel["brent_spot"].Targets[0].Values[0].ShouldBe(18.63);
        panel["brent_spot"].Times[0].ShouldBe(Instant.FromUtc(1987, 5, 20, 0, 0));
    }

    [Fact]
    public async Task A_calendar_after_at_holds_for_its_source_alone()
    {
        var panel = await Source.ReadAsync("brent_spot@XNYS+wti_spot@business", new DataOptions { Calendar = "XETR" }, TestContext.Current.CancellationToken);
        panel.Series.Select(s => s.Calendar.Name).ShouldBe(["XNYS", "business"]);
    }

    [Fact]
    public async Task Wti_has_no_log_return_on_the_day_of_its_negative_price()
    {
        var error = await Source.ReadAsync("wti_spot", new DataOptions { Returns = Returns.Log }, TestContext.Current.CancellationToken).ShouldThrowAsync<Core.ForecastException>();
        error.Code.ShouldBe("return-undefined");
        error.Message.ShouldBe("wti_spot.csv line 8645, column 'price': series 'wti_spot' has the value -36.98, but log returns need values above 0");
    }

    [Fact]
    public async Task Brent_log_returns_are_the_differences_of_logs()
    {
        var prices = (await Source.ReadAsync("brent_spot", new DataOptions(), TestContext.Current.CancellationToken))["brent_spot"];
        var returns = (await Source.ReadAsync("brent_spot", new DataOptions { Returns = Returns.Log }, TestContext.Current.CancellationToken))["brent_spot"];
        returns.Length.ShouldBe(prices.Length - 1);
        returns.Unit.ShouldBe("log_return");
        returns.Times[0].ShouldBe(prices.Times[1]);
        for (var t = 0; t < returns.Length; t++)
            returns.Targets[0].Values[t].ShouldBe(Math.Log(prices.Targets[0].Values[t + 1]) - Math.Log(prices.Targets[0].Values[t]), 1e-15);
    }

    [Fact]
    public async Task The_index_of_dem2gbp_is_its_row_number()
    {
        var series = (await Source.ReadAsync("dem2gbp", new DataOptions(), TestContext.Current.CancellationToken)).Series.ShouldHaveSingleItem();
        series.Id.ShouldBe("dem2gbp");
        series.Frequency.ShouldBe(Frequency.Index);
        Frequency.Index.Format(series.Times[^1]).ShouldBe("1974");
    }

    [Fact]
    public async Task Covariates_come_with_every_series_and_are_no_series_themselves()
    {
        var panel = await Source.ReadAsync("etth1:OT", new DataOptions { Past = ["HUFL", "MUFL"], Future = ["LULL"] }, TestContext.Current.CancellationToken);
        var series = panel.Series.ShouldHaveSingleItem();
        series.Id.ShouldBe("OT");
        series.Columns.Select(c => (c.Name, c.Role)).ShouldBe([("OT", ColumnRole.Target), ("HUFL", ColumnRole.PastCovariate), ("MUFL", ColumnRole.PastCovariate), ("LULL", ColumnRole.FutureCovariate)]);
    }

    private static int DataLines(string file)
    {
        using var stream = File.OpenRead(Path.Combine(Repository.At("datasets"), file));
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        var lines = -1;
        while (reader.ReadLine() is { Length: > 0 }) lines++;
        return lines;
    }

    [Fact]
    public async Task A_path_to_a_shipped_file_knows_what_its_table_states()
    {
        var byName = await Source.ReadAsync("air_passengers", new DataOptions(), TestContext.Current.CancellationToken);
        var byPath = await Source.ReadAsync(Repository.At("datasets", "air_passengers.csv"), new DataOptions(), TestContext.Current.CancellationToken);
        byPath.DataHash.ShouldBe(byName.DataHash);
        byPath.Frequency.Code.ShouldBe("P1M");
    }
}
