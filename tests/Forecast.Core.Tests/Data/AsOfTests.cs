using Forecast.Core.Data;
using Forecast.Core.Time;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using static Forecast.Core.Tests.Data.Build;

namespace Forecast.Core.Tests.Data;

public class AsOfTests
{
    [Fact]
    public void A_cutoff_is_inclusive_and_nothing_after_it_is_there()
    {
        var panel = Panel(Daily("a", 1, 2, 3));
        panel.AsOf(Day(2))["a"].Target.ToArray().ShouldBe([1, 2]);
        panel.AsOf(Day(3) - Duration.Epsilon)["a"].Times.ToArray().ShouldBe([Day(1), Day(2)]);
        panel.AsOf(Day(1) - Duration.Epsilon)["a"].Length.ShouldBe(0);
        panel.AsOf(Day(99))["a"].Length.ShouldBe(3);
        panel.AsOf(Day(2)).LatestAvailableAt.ShouldBe(Day(2));
    }

    [Fact]
    public void Late_publications_are_missing_until_they_come()
    {
        var panel = Panel(With("a", new Column("y", ColumnRole.Target, [1, 2, 3], availableAt: [Day(1), Day(5), Day(3)])));
        panel.AsOf(Day(3))["a"].Target.ToArray().ShouldBe([1, double.NaN, 3]);
        panel.AsOf(Day(4)).LatestAvailableAt.ShouldBe(Day(3));
        panel.AsOf(Day(5))["a"].Target.ToArray().ShouldBe([1, 2, 3]);
        panel.AsOf(Day(9)).LatestAvailableAt.ShouldBe(Day(5));
    }

    [Fact]
    public void The_revision_that_stood_at_the_cutoff_is_seen()
    {
        var column = new Column("y", ColumnRole.Target, [1, 2, 3], revisions: [new Revision(0, Day(6), 1.6), new Revision(0, Day(4), 1.4), new Revision(1, Day(5), double.NaN)]);
        var panel = Panel(With("a", column));
        panel.AsOf(Day(3))["a"].Target.ToArray().ShouldBe([1, 2, 3]);
        panel.AsOf(Day(4))["a"].Target.ToArray().ShouldBe([1.4, 2, 3]);
        panel.AsOf(Day(5))["a"].Target.ToArray().ShouldBe([1.4, double.NaN, 3]);
        panel.AsOf(Day(6))["a"].Target.ToArray().ShouldBe([1.6, double.NaN, 3]);
        panel.AsOf(Day(6)).LatestAvailableAt.ShouldBe(Day(6));
        column.Values.ToArray().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_rolling_window_keeps_the_last_rows_of_every_column()
    {
        var panel = Panel(With("a",
            new Column("y", ColumnRole.Target, [1, 2, 3, 4]),
            new Column("x", ColumnRole.PastCovariate, [10, 20, 30, 40], availableAt: [Day(1), Day(2), Day(9), Day(4)]),
            new Column("s", ColumnRole.Static, [7])));
        var view = panel.AsOf(Day(4), window: 2)["a"];
        view.Target.ToArray().ShouldBe([3, 4]);
        view.Values("x").ToArray().ShouldBe([double.NaN, 40]);
        view.Values("s").ToArray().ShouldBe([7]);
        view.Times.ToArray().ShouldBe([Day(3), Day(4)]);
        panel.AsOf(Day(4), window: 99)["a"].Length.ShouldBe(4);
        Should.Throw<ArgumentOutOfRangeException>(() => panel.AsOf(Day(4), window: 0));
    }

    [Fact]
    public void Whatever_changes_after_the_cutoff_leaves_the_view_as_it_was()
    {
        Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (cutoff, seed, otherSeed) =>
        {
            var (one, other) = (Random(cutoff, seed, seed), Random(cutoff, seed, otherSeed));
            var (a, b) = (one.AsOf(Day(cutoff))["a"], other.AsOf(Day(cutoff))["a"]);
            return a.Times.SequenceEqual(b.Times)
                && a.LatestAvailableAt == b.LatestAvailableAt && a.LatestAvailableAt <= Day(cutoff)
                && Same(a.Target, b.Target) && Same(a.Values("x"), b.Values("x"));
        }).QuickCheckThrowOnFailure();

        // Rows up to the cutoff come from one seed, rows, publications and revisions after it from the other.
        static Panel Random(int cutoff, int seed, int later)
        {
            var (before, after) = (new Random(seed), new Random(later));
            var rows = cutoff + after.Next(0, 6);
            double[] y = new double[rows], x = new double[rows];
            var availableAt = new Instant[rows];
            var revisions = new List<Revision>();
            for (var t = 0; t < rows; t++)
            {
                var day = t + 1;
                if (day <= cutoff)
                {
                    (y[t], x[t]) = (before.NextDouble(), before.NextDouble());
                    availableAt[t] = Day(day + before.Next(0, 4));
                    var revisedAt = availableAt[t] + Duration.FromDays(1 + before.Next(0, 4));
                    var revised = before.NextDouble();
                    if (availableAt[t] > Day(cutoff)) x[t] = after.NextDouble();
                    revisions.Add(new Revision(t, revisedAt, revisedAt > Day(cutoff) ? after.NextDouble() : revised));
                }
                else
                {
                    (y[t], x[t], availableAt[t]) = (after.NextDouble(), after.NextDouble(), Day(day + after.Next(0, 4)));
                }
            }

            return Panel(With("a", new Column("y", ColumnRole.Target, y), new Column("x", ColumnRole.PastCovariate, x, availableAt, revisions)));
        }

        static bool Same(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b));
    }

    [Fact]
    public void The_future_is_dated_from_the_last_visible_row()
    {
        var series = TimeSeries.Univariate("a", Frequency.BusinessDay, [Day(4), Day(5)], [1, 2], TradingCalendar.Get("XNYS"));
        var view = new Panel([series]).AsOf(Day(5))["a"];
        view.FutureTimes(6)[^1].ShouldBe(Day(16));  // the 15th is Martin Luther King day
        Should.Throw<ForecastException>(() => new Panel([series]).AsOf(Day(1))["a"].FutureTimes(1)).Code.ShouldBe("series-empty");
    }

    [Fact]
    public void A_transformed_target_leaves_rows_and_other_columns()
    {
        var view = Panel(With("a", new Column("y", ColumnRole.Target, [1, 2]), new Column("x", ColumnRole.PastCovariate, [5, 6]))).AsOf(Day(2))["a"];
        var changed = view.WithTarget([10, 20]);
        changed.Target.ToArray().ShouldBe([10, 20]);
        changed.Values("x").ToArray().ShouldBe([5, 6]);
        view.Target.ToArray().ShouldBe([1, 2]);
        Should.Throw<ArgumentException>(() => view.WithTarget([1]));
    }
}
