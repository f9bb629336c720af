using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;
using static Forecast.Core.Tests.Data.Build;

namespace Forecast.Core.Tests.Data;

public class PanelTests
{
    // SHA-256 over the bytes that HashWriter documents, put together by another program.
    [Fact]
    public void The_hash_is_the_same_on_every_machine_and_in_every_version() =>
        Panel(Daily("a", 1.5, double.NaN)).DataHash.ShouldBe("8904dc5147215756a07d160dd95c48871e60a16701bcd904e92aabbbd3652e82");

    [Fact]
    public void Everything_that_a_forecast_depends_on_changes_the_hash()
    {
        Column Y(double second = 2, Instant[]? availableAt = null, params Revision[] revisions) => new("y", ColumnRole.Target, [1, second], availableAt, revisions);
        string[] hashes =
        [
            Panel(With("a", Y())).DataHash,
            Panel(With("b", Y())).DataHash,
            Panel(With("a", Y(3))).DataHash,
            Panel(With("a", Y(double.NaN))).DataHash,
            Panel(With("a", Y(availableAt: [Day(1), Day(2)]))).DataHash,
            Panel(With("a", Y(availableAt: [Day(1), Day(3)]))).DataHash,
            Panel(With("a", Y(revisions: new Revision(1, Day(3), 5)))).DataHash,
            Panel(With("a", Y(revisions: new Revision(1, Day(3), 6)))).DataHash,
            Panel(With("a", Y(revisions: new Revision(1, Day(4), 5)))).DataHash,
            Panel(With("a", Y(), new Column("x", ColumnRole.PastCovariate, [1, 2]))).DataHash,
            Panel(With("a", Y(), new Column("x", ColumnRole.FutureCovariate, [1, 2]))).DataHash,
            Panel(With("a", Y()), With("b", Y())).DataHash,
            Panel(With("b", Y()), With("a", Y())).DataHash,
            new Panel([new TimeSeries("a", Frequency.Daily, [Day(1), Day(3)], [Y()])]).DataHash,
            new Panel([new TimeSeries("a", Frequency.BusinessDay, Days(2), [Y()])]).DataHash,
            new Panel([new TimeSeries("a", Frequency.BusinessDay, Days(2), [Y()], TradingCalendar.Get("XNYS"))]).DataHash,
        ];
        hashes.Distinct().Count().ShouldBe(hashes.Length);
    }

    [Fact]
    public void Missing_is_missing_whatever_its_bits()
    {
        var odd = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234);
        Panel(Daily("a", 1, odd)).DataHash.ShouldBe(Panel(Daily("a", 1, double.NaN)).DataHash);
        Panel(With("a", new Column("y", ColumnRole.Target, [1], revisions: [new Revision(0, Day(2), odd)]))).DataHash
            .ShouldBe(Panel(With("a", new Column("y", ColumnRole.Target, [1], revisions: [new Revision(0, Day(2), double.NaN)]))).DataHash);
    }

    [Fact]
    public void Series_are_found_and_picked_by_id()
    {
        var panel = Panel(Daily("a", 1), Daily("b", 2), Daily("c", 3));
        panel["b"].Targets[0].Values[0].ShouldBe(2);
        panel.Only(["c", "a"]).Series.Select(s => s.Id).ShouldBe(["c", "a"]);
        Should.Throw<ForecastException>(() => panel["z"]).Code.ShouldBe("series-unknown");
        Should.Throw<ForecastException>(() => panel.AsOf(Day(1))["z"]).Code.ShouldBe("series-unknown");
    }

    [Fact]
    public void A_panel_has_series_each_once_and_one_frequency()
    {
        Should.Throw<ForecastException>(() => new Panel([])).Code.ShouldBe("no-series");
        Should.Throw<ForecastException>(() => Panel(Daily("a", 1), Daily("a", 2))).Code.ShouldBe("series-duplicate");
        Should.Throw<ForecastException>(() => Panel(Daily("a", 1), TimeSeries.Univariate("b", Frequency.Monthly, Days(1), [1]))).Code.ShouldBe("frequency-mixed");
    }

    [Fact]
    public void A_series_that_cannot_be_is_refused_with_the_row_at_fault()
    {
        Refused("timestamp-duplicate", 1, () => TimeSeries.Univariate("a", Frequency.Daily, [Day(1), Day(1)], [1, 2]));
        Refused("timestamps-unsorted", 2, () => TimeSeries.Univariate("a", Frequency.Daily, [Day(1), Day(3), Day(2)], [1, 2, 3]));
        Refused("value-infinite", 1, () => Daily("a", 1, double.NegativeInfinity));
        Refused("value-infinite", 0, () => With("a", new Column("y", ColumnRole.Target, [1], revisions: [new Revision(0, Day(2), double.PositiveInfinity)])));
        Refused("column-length", null, () => TimeSeries.Univariate("a", Frequency.Daily, [Day(1)], [1, 2]));
        Refused("column-length", null, () => With("a", new Column("y", ColumnRole.Target, [1, 2]), new Column("s", ColumnRole.Static, [1, 2])));
        Refused("column-duplicate", null, () => With("a", new Column("y", ColumnRole.Target, [1]), new Column("y", ColumnRole.PastCovariate, [1])));
        Refused("no-target", null, () => With("a", new Column("x", ColumnRole.PastCovariate, [1])));
        Refused("available-at-length", null, () => _ = new Column("y", ColumnRole.Target, [1, 2], [Day(1)]));
        Refused("revision-row", 2, () => _ = new Column("y", ColumnRole.Target, [1, 2], revisions: [new Revision(2, Day(5), 1)]));
    }

    [Fact]
    public void A_revision_comes_after_what_it_revises()
    {
        Refused("revision-order", 1, () => With("a", new Column("y", ColumnRole.Target, [1, 2], revisions: [new Revision(1, Day(2), 5)])));
        Refused("revision-order", 0, () => With("a", new Column("y", ColumnRole.Target, [1, 2], [Day(4), Day(4)], [new Revision(0, Day(3), 5)])));
        With("a", new Column("y", ColumnRole.Target, [1, 2]), new Column("plan", ColumnRole.FutureCovariate, [1, 2], revisions: [new Revision(1, Day(1), 5)])).Length.ShouldBe(2);
    }

    private static void Refused(string code, int? row, Action make)
    {
        var error = Should.Throw<ForecastException>(make);
        error.Code.ShouldBe(code);
        error.Index.ShouldBe(row);
    }
}
