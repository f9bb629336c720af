using Forecast.Backtest.Drift;
using Forecast.Core.Data;
using Forecast.Core.Time;
using NodaTime;

namespace Forecast.Backtest.Tests.Drift;

/// <summary>Monitors against values worked out by hand.</summary>
public sealed class DriftTests
{
    /// <summary>Two bins, five reference values in each; half a value more a bin makes 1/2, 1/2 against 1/10, 9/10: 0.4 ln 5 + 0.4 ln 1.8.</summary>
    [Fact]
    public void Stability_of_a_distribution()
    {
        var found = PopulationStability.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [6, 7, 8, 9], bins: 2);
        found.Value.ShouldBe(0.8788898, 1e-7);
        found.ByChance.ShouldBe(0.35 * 6.634897, 1e-5); // the 99 % point of chi-squared with one degree of freedom
        found.Bins.ShouldBe(2);
        found.Drifted.ShouldBeFalse("four values prove nothing");
    }

    [Fact]
    public void Ties_leave_fewer_bins_and_a_constant_none_to_compare()
    {
        PopulationStability.Of([1, 1, 1, 1, 1, 1, 1, 2], [1, 2]).Bins.ShouldBe(2);
        PopulationStability.Of([3, 3, 3], [3, 4]).ShouldBe(new PopulationStability(0, 0, 1));
    }

    /// <summary>Means 2 and 5, variances 1 and 4, three values each: 3 / sqrt(5/3) with 25/9 / (17/18) degrees of freedom.</summary>
    [Fact]
    public void Shift_of_the_mean()
    {
        var found = MeanShift.Of([1, 2, 3], [3, 5, 7]).ShouldNotBeNull();
        found.Statistic.ShouldBe(3 / Math.Sqrt(5.0 / 3), 1e-12);
        found.Freedom.ShouldBe(50.0 / 17, 1e-12);
        found.PValue.ShouldBe(0.1044789, 1e-6);
        MeanShift.Of([1, 1], [1, 1]).ShouldBeNull();
        MeanShift.Of([1], [1, 2]).ShouldBeNull();
    }

    /// <summary>Distances to the medians are 1, 0, 1 and 3, 0, 3: between 8/3 with one, within 20/3 with four degrees of freedom.</summary>
    [Fact]
    public void Shift_of_the_variance()
    {
        var found = VarianceShift.Of([1, 2, 3], [2, 5, 8]).ShouldNotBeNull();
        (found.Reference, found.Current).ShouldBe((1, 9));
        found.Statistic.ShouldBe(1.6, 1e-12);
        found.PValue.ShouldBe(0.2745766, 1e-6);
    }

    /// <summary>10 of 100 against 15 of 50: 0.2 / sqrt(1/6 * 5/6 * 0.03).</summary>
    [Fact]
    public void Shift_of_the_rate_of_missing_values()
    {
        var found = MissingShift.Of(WithMissing(100, 10), WithMissing(50, 15));
        (found.Reference, found.Current).ShouldBe((0.1, 0.3));
        found.Statistic.ShouldBe(3.0983867, 1e-7);
        found.PValue.ShouldBe(0.0019458, 1e-6);
        MissingShift.Of(WithMissing(5, 0), WithMissing(5, 0)).ShouldSatisfyAllConditions(m => m.Statistic.ShouldBe(0), m => m.PValue.ShouldBe(1, 1e-12));
    }

    /// <summary>Mean 2 and deviation 1: steps of -0.5 (held at 0), 1.5, 2.5, 3.5, -1.5.</summary>
    [Fact]
    public void Cumulative_sum_of_errors()
    {
        var found = ErrorCusum.Of([1, 2, 3], [2, 4, 5, 6, 1]).ShouldNotBeNull();
        found.Path.ShouldBe([0, 1.5, 4, 7.5, 6]);
        found.AlarmAt.ShouldBe(3);
        found.RollingMean.ShouldBe(3.6, 1e-12);
        ErrorCusum.Of([1, 2, 3], [2, 2, 2])!.AlarmAt.ShouldBeNull();
        ErrorCusum.Of([2, 2, 2], [9]).ShouldBeNull("errors that do not vary give no scale");
    }

    [Fact]
    public void A_series_that_steps_up_drifts_in_its_values_and_one_that_only_trends_does_not_in_its_changes()
    {
        var cutoff = At(99);
        DataDrift.Of(Series(t => (t % 5) + (t < 100 ? 0 : 4)), cutoff, DriftSubject.Values).Alarms.ShouldBe(["psi", "mean"]);
        DataDrift.Of(Series(t => (3 * t) + (t % 5)), cutoff, DriftSubject.Changes).Alarms.ShouldBeEmpty();
        DataDrift.Of(Series(t => (t % 5) * (t < 100 ? 1 : 6)), cutoff, DriftSubject.Changes).Alarms.ShouldContain("variance");
        DataDrift.Of(Series(t => t >= 100 && t % 3 == 0 ? double.NaN : t % 5), cutoff, DriftSubject.Values).Alarms.ShouldBe(["missing"]);
        DataDrift.Of(Series(t => t), At(145), DriftSubject.Values).ShouldSatisfyAllConditions(d => d.Current.ShouldBe(4), d => d.Stability.ShouldBeNull(), d => d.Alarms.ShouldBeEmpty());
    }

    private static Instant At(int day) => Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromDays(day);

    private static TimeSeries Series(Func<int, double> value) =>
        TimeSeries.Univariate("s", Frequency.Daily, [.. Enumerable.Range(0, 150).Select(At)], [.. Enumerable.Range(0, 150).Select(value)]);

    private static double[] WithMissing(int count, int missing) => [.. Enumerable.Range(0, count).Select(i => i < missing ? double.NaN : i)];
}
