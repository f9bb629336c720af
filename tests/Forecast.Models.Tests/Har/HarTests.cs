using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using MathNet.Numerics.LinearAlgebra;
using NodaTime;

namespace Forecast.Models.Tests.Har;

public sealed class HarTests
{
    private static readonly double[] Series = Draw(600, 3);

    [Fact]
    public void Coefficients_and_errors_are_those_of_the_normal_equations()
    {
        const int N = 578;
        var x = Matrix<double>.Build.Dense(N, 4, (t, j) => j == 0 ? 1 : Mean(Series, t + 22, j == 1 ? 1 : j == 2 ? 5 : 22));
        var y = Vector<double>.Build.DenseOfArray(Series[22..]);
        var inverse = (x.Transpose() * x).Inverse();
        var expected = inverse * x.Transpose() * y;
        var residuals = y - x * expected;
        var sigma2 = residuals.DotProduct(residuals) / (N - 4);
        var summary = Fit("har", Series).Summaries["s"];
        summary.Observations.ShouldBe(N);
        summary.Parameters.Keys.ShouldBe(["intercept", "mean1", "mean5", "mean22"]);
        summary.Criteria["sigma2"].ShouldBe(sigma2, 1e-10 * sigma2);
        var j = 0;
        foreach (var name in summary.Parameters.Keys)
        {
            summary.Parameters[name].ShouldBe(expected[j], 1e-9, name);
            summary.StdErrors["hessian"][name].ShouldBe(Math.Sqrt(sigma2 * inverse[j, j]), 1e-9, name);

            // Newey and West by matrices: (X'X)⁻¹ M (X'X)⁻¹, five lags for 578 rows.
            var meat = Matrix<double>.Build.Dense(4, 4);
            for (var lag = 0; lag <= 5; lag++)
            {
                for (var t = lag; t < N; t++)
                {
                    var product = x.Row(t).OuterProduct(x.Row(t - lag)) * residuals[t] * residuals[t - lag] * (lag == 0 ? 1 : 1 - lag / 6.0);
                    meat += lag == 0 ? product : product + product.Transpose();
                }
            }

            summary.StdErrors["robust"][name].ShouldBe(Math.Sqrt((inverse * meat * inverse)[j, j]), 1e-9, name);
            j++;
        }

        summary.Paths["fitted"][21].ShouldBe(double.NaN);
        summary.Paths["residuals"][22].ShouldBe(residuals[0], 1e-10);
    }

    [Fact]
    public void Forecasts_iterate_the_regression_and_their_variance_is_that_of_the_paths()
    {
        var fitted = Fit("har(1,5,22)", Series);
        var b = fitted.Summaries["s"].Parameters;
        var path = Series.ToList();
        for (var h = 0; h < 8; h++)
        {
            var values = path.ToArray();
            path.Add(b["intercept"] + b["mean1"] * Mean(values, values.Length, 1) + b["mean5"] * Mean(values, values.Length, 5) + b["mean22"] * Mean(values, values.Length, 22));
        }

        var prediction = fitted.Predict(KnownFuture.None, 8, 4)["s"];
        for (var h = 1; h <= 8; h++) prediction.Mean(h).ShouldBe(path[599 + h], 1e-10);
        prediction.TryPaths(20_000, out var paths).ShouldBeTrue();
        foreach (var h in (int[])[1, 3, 8])
        {
            var variance = prediction.Marginal(h).Variance;
            paths.Step(h).Average(v => Math.Pow(v - prediction.Mean(h), 2)).ShouldBe(variance, 0.05 * variance);
        }
    }

    [Fact]
    public void Missing_values_are_left_out_inside_and_forecast_over_at_the_end()
    {
        var gaps = (double[])Series.Clone();
        gaps[3] = gaps[300] = double.NaN;
        var fitted = Fit("har(1,5)", gaps);
        fitted.Summaries["s"].Observations.ShouldBe(595 - 4 - 6);
        var later = fitted.Condition(View([.. gaps, double.NaN, double.NaN])).Predict(KnownFuture.None, 1, 1)["s"];
        var whole = fitted.Predict(KnownFuture.None, 3, 1)["s"];
        later.Mean(1).ShouldBe(whole.Mean(3));
        later.Marginal(1).Variance.ShouldBe(whole.Marginal(3).Variance);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Units_do_not_matter(double unit)
    {
        var plain = Fit("har", Series).Summaries["s"];
        var scaled = Fit("har", [.. Series.Select(v => v * unit)]).Summaries["s"];
        foreach (var name in plain.Parameters.Keys) scaled.Parameters[name].ShouldBe(plain.Parameters[name] * (name == "intercept" ? unit : 1), 1e-8 * (name == "intercept" ? unit : 1), name);
    }

    [Fact]
    public void Series_that_cannot_be_fitted_are_named()
    {
        Should.Throw<ForecastException>(() => Fit("har", [1, 2, 3])).Code.ShouldBe("series-too-short");
        Should.Throw<ForecastException>(() => Fit("har", [.. Enumerable.Repeat(0.1, 60)])).Code.ShouldBe("series-constant");
        Should.Throw<ForecastException>(() => Fit("har", new double[60])).Code.ShouldBe("series-constant");
        Should.Throw<ForecastException>(() => Fit("har", [.. Enumerable.Range(0, 90).Select(t => 3.0 * t)])).Code.ShouldBe("series-constant");
        Should.Throw<ForecastException>(() => Fit("har", [.. Enumerable.Repeat(double.NaN, 60)])).Series.ShouldBe("s");
        var shortOne = Fit("har", Series).Condition(View(Series[..9])).Predict(KnownFuture.None, 1, 1).Failures["s"];
        shortOne.Message.ShouldContain("last 22 values");
    }

    [Theory]
    [InlineData("har", "har(1,5,22)")]
    [InlineData("har(1,7,30)", "har(1,7,30)")]
    public void Model_strings(string text, string canonical) => ModelCatalogue.Default.Create(text).Name.ShouldBe(canonical);

    [Theory]
    [InlineData("har(5,1)")]
    [InlineData("har(0,1)")]
    [InlineData("har()")]
    [InlineData("har(1,5)(1)")]
    [InlineData("har(1,x)")]
    [InlineData("har(1,2000)")]
    public void Wrong_model_strings_are_refused(string text) => Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(text));

    private static double Mean(double[] y, int end, int window) => y[(end - window)..end].Average();

    private static double[] Draw(int n, ulong seed)
    {
        var random = new RandomSource(seed);
        var y = new double[n + 22];
        for (var t = 0; t < y.Length; t++)
            y[t] = t < 22 ? 1 : 0.1 + 0.4 * y[t - 1] + 0.3 * Mean(y, t, 5) + 0.2 * Mean(y, t, 22) + 0.3 * random.NextNormal();
        return y[22..];
    }

    private static IFittedForecaster Fit(string model, double[] values) =>
        ModelCatalogue.Default.Create(model).Fit(View(values), new ForecastTask(1, ForecastTask.DefaultLevels), new FitContext(1));

    private static PanelView View(double[] values)
    {
        var start = Instant.FromUtc(2020, 1, 1, 0, 0);
        var times = Enumerable.Range(0, values.Length).Select(i => start + Duration.FromDays(i)).ToArray();
        return new Panel([TimeSeries.Univariate("s", Frequency.Daily, times, values)]).AsOf(times[^1]);
    }
}
