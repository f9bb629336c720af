using Forecast.Core.Data;
using Forecast.Hosting.Data;
using NodaTime;

namespace Forecast.Hosting.Tests.Data;

public sealed class PublicationTests : IDisposable
{
    private static readonly DataOptions Quarterly = new() { Frequency = "P3M" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Late_rows_are_missing_until_they_are_published_and_revised_from_then_on()
    {
        const string csv = """
            unique_id,ds,available_at,y
            gdp,2024-01-01,2024-04-25,1.1
            gdp,2024-04-01,2024-07-25,2.0
            gdp,2024-01-01,2024-06-27,1.4
            gdp,2024-01-01,2024-05-30,1.3

            """;
        var panel = await Read(csv, Quarterly);
        Target(panel, 2024, 4, 24).ShouldBe([double.NaN, double.NaN]);
        Target(panel, 2024, 4, 25).ShouldBe([1.1, double.NaN]);
        Target(panel, 2024, 5, 29).ShouldBe([1.1, double.NaN]);
        Target(panel, 2024, 5, 30).ShouldBe([1.3, double.NaN]);
        Target(panel, 2024, 6, 27).ShouldBe([1.4, double.NaN]);
        Target(panel, 2024, 7, 25).ShouldBe([1.4, 2.0]);
        panel.AsOf(Instant.FromUtc(2024, 7, 24, 0, 0)).LatestAvailableAt.ShouldBe(Instant.FromUtc(2024, 6, 27, 0, 0));
    }

    [Fact]
    public async Task A_publication_states_the_whole_row_so_that_an_empty_field_withdraws_a_value()
    {
        const string csv = "ds,available_at,y,x\n2024-01-01,2024-04-25,1.1,5\n2024-01-01,2024-05-30,,5\n2024-04-01,2024-07-25,2,6\n";
        var panel = await Read(csv, Quarterly with { Past = ["x"] });
        Target(panel, 2024, 5, 1)[0].ShouldBe(1.1);
        Target(panel, 2024, 6, 1)[0].ShouldBe(double.NaN);
        panel.AsOf(Instant.FromUtc(2024, 6, 1, 0, 0))["f"].Values("x")[0].ShouldBe(5);
        panel["f"].Columns.Single(c => c.Name == "x").Revisions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Past_covariates_are_as_late_as_their_row_and_future_covariates_known_always()
    {
        const string csv = "ds,available_at,y,past,plan\n2024-01-01,2024-04-25,1,7,1\n2024-04-01,2024-07-25,2,8,0\n";
        var panel = await Read(csv, Quarterly with { Past = ["past"], Future = ["plan"] });
        var view = panel.AsOf(Instant.FromUtc(2024, 4, 1, 0, 0))["f"];
        view.Values("past").ToArray().ShouldBe([double.NaN, double.NaN]);
        view.Values("plan").ToArray().ShouldBe([1, 0]);
        panel.KnownFutureAfter(Instant.FromUtc(2024, 1, 1, 0, 0), 1)["f"].Require("plan", 1, "f")[0].ShouldBe(0);
    }

    [Fact]
    public async Task An_empty_time_of_availability_is_the_time_of_the_row()
    {
        var panel = await Read("ds,known,y\n2024-01-01,,1\n2024-04-01,2024-07-25,2\n", Quarterly with { AvailableAtColumn = "known" });
        Target(panel, 2024, 1, 1).ShouldBe([1]);
        Target(panel, 2024, 4, 1).ShouldBe([1, double.NaN]);
    }

    [Fact]
    public async Task A_return_is_known_when_the_later_of_its_prices_is()
    {
        const string csv = "ds,available_at,y\n2024-01-01,2024-12-01,100\n2024-04-01,2024-05-01,150\n2024-07-01,2024-08-01,75\n";
        var panel = await Read(csv, Quarterly with { Returns = Returns.Simple });
        Target(panel, 2024, 8, 1).ShouldBe([double.NaN, -0.5]);
        Target(panel, 2024, 12, 1).ShouldBe([0.5, -0.5]);
    }

    [Fact]
    public async Task Absent_periods_between_late_rows_move_revisions_to_their_new_places()
    {
        const string csv = "ds,available_at,y\n2024-01-01,2024-01-02,1\n2024-01-02,2024-01-03,2\n2024-01-04,2024-01-05,4\n2024-01-05,2024-01-06,5\n2024-01-04,2024-01-09,44\n";
        var panel = await Read(csv, new DataOptions { Frequency = "P1D" });
        Target(panel, 2024, 1, 8).ShouldBe([1, 2, double.NaN, 4, 5]);
        Target(panel, 2024, 1, 9).ShouldBe([1, 2, double.NaN, 44, 5]);
    }

    private static double[] Target(Panel panel, int year, int month, int day) =>
        panel.AsOf(Instant.FromUtc(year, month, day, 0, 0)).Series[0].Target.ToArray();

    private Task<Panel> Read(string csv, DataOptions options) =>
        new DataSource(_folder.Path).ReadAsync(_folder.Write("f.csv", csv), options, TestContext.Current.CancellationToken);
}
