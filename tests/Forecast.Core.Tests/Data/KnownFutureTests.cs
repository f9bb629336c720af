using Forecast.Core.Data;
using static Forecast.Core.Tests.Data.Build;

namespace Forecast.Core.Tests.Data;

public class KnownFutureTests
{
    private static readonly Panel Holidays = Panel(
        With("a", new Column("y", ColumnRole.Target, [1, 2, 3, 4]), new Column("holiday", ColumnRole.FutureCovariate, [0, 1, double.NaN, 1]), new Column("x", ColumnRole.PastCovariate, [9, 9, 9, 9])),
        Daily("b", 1, 2, 3, 4));

    [Fact]
    public void Only_future_covariates_lead_past_the_cutoff()
    {
        var future = Holidays.KnownFutureAfter(Day(1), 1);
        future["a"].Columns.ShouldBe(["holiday"]);
        future["a"].Require("holiday", 1, "a").ToArray().ShouldBe([1]);
        future["b"].Columns.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 2, "series 'a': 'holiday' is not known for step 2 of 2")]
    [InlineData(4, 1, "series 'a': 'holiday' is not known for step 1 of 1")]
    public void A_gap_is_an_error_that_names_the_step(int cutoff, int horizon, string message)
    {
        var error = Should.Throw<ForecastException>(() => Holidays.KnownFutureAfter(Day(cutoff), horizon)["a"].Require("holiday", horizon, "a").ToArray());
        error.Code.ShouldBe("future-covariate-missing");
        error.Message.ShouldBe(message);
    }

    [Fact]
    public void A_horizon_longer_than_what_was_asked_or_an_absent_column_is_an_error()
    {
        var future = Holidays.KnownFutureAfter(Day(1), 1)["a"];
        Should.Throw<ForecastException>(() => future.Require("holiday", 2, "a").ToArray()).Code.ShouldBe("future-covariate-missing");
        Should.Throw<ForecastException>(() => SeriesFuture.None.Require("holiday", 1, "a").ToArray()).Message.ShouldBe("series 'a' needs 'holiday' for 1 future steps");
        Should.Throw<ForecastException>(() => KnownFuture.None["a"].Require("holiday", 1, "a").ToArray()).Code.ShouldBe("future-covariate-missing");
    }

    [Fact]
    public void A_plan_is_known_from_its_publication_and_in_the_revision_of_the_cutoff()
    {
        var plan = new Column("plan", ColumnRole.FutureCovariate, [1, 2, 3], availableAt: [Day(1), Day(1), Day(2)], revisions: [new Revision(1, Day(2), 22)]);
        var panel = Panel(With("a", new Column("y", ColumnRole.Target, [1, 2, 3]), plan));
        panel.KnownFutureAfter(Day(1), 1)["a"].Require("plan", 1, "a")[0].ShouldBe(2);
        Should.Throw<ForecastException>(() => panel.KnownFutureAfter(Day(1), 2)["a"].Require("plan", 2, "a").ToArray());
        panel.KnownFutureAfter(Day(2), 1)["a"].Require("plan", 1, "a")[0].ShouldBe(3);
        panel.AsOf(Day(2))["a"].Values("plan").ToArray().ShouldBe([1, 22]);
    }
}
