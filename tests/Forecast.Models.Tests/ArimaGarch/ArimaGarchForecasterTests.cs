using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.ArimaGarch;
using Forecast.Models.Garch;
using Forecast.Models.Tests.Garch;
using NodaTime;

namespace Forecast.Models.Tests.ArimaGarch;

public sealed class ArimaGarchForecasterTests
{
    private static readonly double[] Returns = GarchOracle.Find("fcp_benchmark").Sample.Values.ToArray();

    [Fact]
    public void The_mean_forecast_follows_the_ARMA_recursion_to_mu()
    {
        var c = GarchOracle.Find("dem2gbp_garch_norm_ar1_ma1");
        var (mu, ar, ma) = (c.Coefficients[0], c.Coefficients[1], c.Coefficients[2]);
        var prediction = Fit(new ArimaGarchOptions(), Returns).Predict(KnownFuture.None, 40, 1)["s"];
        var first = mu + ar * (Returns[^1] - mu) + ma * c.Series("residual_last5")[^1];
        prediction.Mean(1).ShouldBe(first, 1e-6);
        prediction.Mean(2).ShouldBe(mu + ar * (first - mu), 1e-6);
        prediction.Mean(40).ShouldBe(mu, 1e-6);

        // Var(x_{T+2}) = h_{T+2} + (ar + ma)² h_{T+1}.
        var h = c.Series("variance_forecast");
        prediction.Marginal(2).Variance.ShouldBe(h[1] + (ar + ma) * (ar + ma) * h[0], 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Differencing_inside_equals_differencing_outside(int d)
    {
        var levels = (double[])Returns.Clone();
        for (var k = 0; k < d; k++)
            for (var t = 1; t < levels.Length; t++) levels[t] += levels[t - 1];
        var inside = Fit(new ArimaGarchOptions { Difference = d, MaOrder = 0 }, levels);
        var outside = Fit(new ArimaGarchOptions { MaOrder = 0 }, Returns[d..]);
        var (a, b) = (inside.Summaries["s"], outside.Summaries["s"]);
        foreach (var name in b.Parameters.Keys) a.Parameters[name].ShouldBe(b.Parameters[name], 1e-6 * (1 + Math.Abs(b.Parameters[name])), name);
        a.Paths["sigma"].Length.ShouldBe(levels.Length);
        a.Paths["sigma"][d - 1].ShouldBe(double.NaN);
        a.Paths["residuals"][500].ShouldBe(b.Paths["residuals"][500 - d], 1e-6);

        var (pa, pb) = (inside.Predict(KnownFuture.None, 3, 4)["s"], outside.Predict(KnownFuture.None, 3, 4)["s"]);
        pa.TryPaths(4, out var levelPaths).ShouldBeTrue();
        pb.TryPaths(4, out var returnPaths).ShouldBeTrue();
        for (var i = 0; i < 4; i++)
        {
            double[] path = [.. levels[^3..], levelPaths[i, 1], levelPaths[i, 2], levelPaths[i, 3]];
            for (var k = 0; k < d; k++)
                for (var t = path.Length - 1; t > 0; t--) path[t] -= path[t - 1];
            for (var h = 1; h <= 3; h++) path[h + 2].ShouldBe(returnPaths[i, h], 1e-5);
        }

        pa.Marginal(1).Variance.ShouldBe(pb.Marginal(1).Variance, 1e-6);
        pa.Marginal(3).Variance.ShouldBeGreaterThan(2 * pb.Marginal(3).Variance);
    }

    [Fact]
    public void Closed_form_variance_of_an_integrated_series_is_that_of_its_paths()
    {
        var specification = new GarchSpecification(1, 1, arOrder: 1, maOrder: 1);
        double[] theta = [0.1, 0.5, 0.3, 0.2, 0.15, 0.7];
        var path = GarchRecursion.Filter(specification, new GarchSample(GarchSimulator.Draw(specification, theta, 200, 5)), theta);
        var projection = new GarchProjection(specification, theta, path, [100, 0.4]);
        const int Count = 40_000;
        var draws = projection.Simulate(Count, 4, 6);
        double[] mean = projection.Mean(4), variance = projection.Variance(4);
        for (var k = 0; k < 4; k++)
        {
            var step = Enumerable.Range(0, Count).Select(i => draws[i * 4 + k]).ToArray();
            var average = step.Average();
            average.ShouldBe(mean[k], 4 * Math.Sqrt(variance[k] / Count));
            step.Average(x => (x - average) * (x - average)).ShouldBe(variance[k], 0.05 * variance[k]);
        }
    }

    [Fact]
    public void A_gap_before_the_end_that_hides_a_needed_level_is_named()
    {
        var levels = (double[])Returns.Clone();
        for (var t = 1; t < levels.Length; t++) levels[t] += levels[t - 1];
        var fitted = Fit(new ArimaGarchOptions { Difference = 2, ArOrder = 0, MaOrder = 1 }, levels);
        levels[^2] = double.NaN;
        var failed = fitted.Condition(View(levels)).Predict(KnownFuture.None, 1, 1).Failures["s"];
        failed.Code.ShouldBe("level-missing");
        failed.Message.ShouldContain("last 2 values");
    }

    [Fact]
    public void A_straight_line_has_no_variance_after_differencing()
    {
        var error = Should.Throw<ForecastException>(() => Fit(new ArimaGarchOptions { Difference = 1 }, [.. Enumerable.Range(0, 80).Select(t => 2.0 * t)]));
        error.Code.ShouldBe("series-constant");
        error.Series.ShouldBe("s");
    }

    private static IFittedForecaster Fit(ArimaGarchOptions options, double[] values) =>
        new ArimaGarchForecaster(options).Fit(View(values), new ForecastTask(1, ForecastTask.DefaultLevels), new FitContext(1));

    private static PanelView View(double[] values)
    {
        var start = Instant.FromUtc(2020, 1, 1, 0, 0);
        var times = Enumerable.Range(0, values.Length).Select(i => start + Duration.FromDays(i)).ToArray();
        return new Panel([TimeSeries.Univariate("s", Frequency.Daily, times, values)]).AsOf(times[^1]);
    }
}
