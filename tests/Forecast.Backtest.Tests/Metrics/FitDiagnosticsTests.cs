using Forecast.Backtest.Metrics;
using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Tests.Metrics;

/// <summary>Fit diagnostics against R 4.2.2.</summary>
public sealed class FitDiagnosticsTests
{
    [Theory]
    [InlineData(new[] { 2.1, 3.3, 1.7, 8.2, 4.4 }, 0.87474, 0.2861)]
    [InlineData(new double[] { 1, 2, 4, 3, 9, 7, 2, 12, 5, 30 }, 0.71917, 0.001505)]
    public void Shapiro_Wilk_is_that_of_R(double[] values, double w, double p)
    {
        var test = ShapiroWilk.Of(values);
        test.Statistic.ShouldBe(w, 5e-6);
        test.PValue.ShouldBe(p, 5e-5);
    }

    [Fact]
    public void Shapiro_Wilk_needs_three_to_five_thousand_values_that_vary()
    {
        Should.Throw<ArgumentException>(() => ShapiroWilk.Of([1, 2]));
        Should.Throw<ArgumentException>(() => ShapiroWilk.Of(new double[5001]));
        ShapiroWilk.Of([4, 4, 4, 4]).Statistic.ShouldBe(double.NaN);
    }

    [Fact]
    public void Training_errors_leave_gaps_out_as_R_does()
    {
        double[] errors = [1, 3, double.NaN, 2, 5, 4, 7, 1];
        var summary = new FitSummary { Paths = new Dictionary<string, double[]> { ["fitted"] = [.. errors.Select((e, t) => 10 + t - e)] } };
        double[] values = [.. Enumerable.Range(10, 8)];
        var measured = TrainingErrors.Of(values, summary, 1).ShouldNotBeNull();

        // acf(x, na.action = na.pass)$acf[2]
        measured.Acf1.ShouldBe(-0.2443366, 5e-8);
        measured.Me.ShouldBe(23.0 / 7, 1e-12);
        measured.Mase.ShouldBe(23.0 / 7, 1e-12);
        measured.Rmse.ShouldBe(Math.Sqrt(105.0 / 7), 1e-12);
        TrainingErrors.Of(values, new FitSummary(), 1).ShouldBeNull();
    }
}
