using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Arima;
using Forecast.Models.Catalogue;
using NodaTime;
using static Forecast.Models.Tests.TestPanels;

namespace Forecast.Models.Tests.Arima;

/// <summary>Coefficients that are not estimated, and covariates at a lag.</summary>
public class ArimaFixedTests
{
    private static readonly double[] Values = Simulated(150);

    [Fact]
    public void A_coefficient_fixed_at_its_estimate_changes_nothing_but_the_count()
    {
        var options = new ArimaOptions { Order = new(2, 0, 1) };
        var free = Fit(options);
        var held = Fit(options with { Fixed = Given(("ar1", free.Coefficients[0]), ("intercept", free.Coefficients[3])) });
        held.Names.ShouldBe(free.Names);
        held.LogLikelihood.ShouldBe(free.LogLikelihood, 1e-6);
        held.ParameterCount.ShouldBe(free.ParameterCount - 2);
        for (var i = 0; i < free.Coefficients.Count; i++)
            held.Coefficients[i].ShouldBe(free.Coefficients[i], 2e-4);
        var errors = held.StandardErrors();
        errors.Select(double.IsNaN).ShouldBe([true, false, false, true]);
        held.Project(5).Mean[4].ShouldBe(free.Project(5).Mean[4], 1e-3);
    }

    [Fact]
    public void A_subset_autoregression_is_the_best_of_its_kind()
    {
        var subset = Fit(new ArimaOptions { Order = new(3, 0, 0), Fixed = Given(("ar2", 0)) });
        subset.Converged.ShouldBeTrue(subset.Reason);
        subset.Coefficients[1].ShouldBe(0);
        foreach (var (i, step) in new[] { (0, 0.01), (0, -0.01), (2, 0.01), (2, -0.01) })
        {
            double[] near = [.. subset.Coefficients];
            near[i] += step;
            ArimaFit.At("s", Values, subset.Options, near).LogLikelihood.ShouldBeLessThan(subset.LogLikelihood);
        }
    }

    [Fact]
    public void Everything_fixed_is_the_model_at_those_coefficients()
    {
        var options = new ArimaOptions { Order = new(1, 0, 1) };
        var held = Fit(options with { Fixed = Given(("ar1", 0.5), ("ma1", 0.2), ("intercept", 1)) });
        held.LogLikelihood.ShouldBe(ArimaFit.At("s", Values, options, [0.5, 0.2, 1]).LogLikelihood, 1e-10);
        held.ParameterCount.ShouldBe(1);
        Fit(options with { Fixed = Given(("intercept", 0)) }).LogLikelihood.ShouldBe(Fit(options with { IncludeMean = false }).LogLikelihood, 1e-6);
    }

    [Fact]
    public void A_fixed_drift_is_taken_out_of_the_data()
    {
        var options = new ArimaOptions { Order = new(1, 1, 0) };
        double[] less = [.. Values.Select((v, t) => v - (0.3 * (t + 1)))];
        var held = Fit(options with { IncludeDrift = true, Fixed = Given(("drift", 0.3)) });
        var other = ArimaFit.Estimate("s", less, options, cancellation: TestContext.Current.CancellationToken);
        held.LogLikelihood.ShouldBe(other.LogLikelihood, 1e-8);
        held.Project(3).Mean[2].ShouldBe(other.Project(3).Mean[2] + (0.3 * (Values.Length + 3)), 1e-6);
    }

    [Fact]
    public void What_cannot_be_fixed_is_refused()
    {
        Should.Throw<ForecastException>(() => Fit(new ArimaOptions { Order = new(1, 0, 0), Fixed = Given(("ma1", 0.1)) })).Message.ShouldContain("has no coefficient 'ma1'; it has ar1, intercept");
        Should.Throw<ForecastException>(() => Fit(new ArimaOptions { Order = new(1, 0, 0), Fixed = Given(("ar1", 1.2)) })).Code.ShouldBe("arima-no-start");
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create("arima(1,0,0){fixed: [ar1]}")).Code.ShouldBe("model-argument");
        ModelCatalogue.Default.Create("arima(2,0,1){fixed: [ar1=0.5, intercept=0]}").Name.ShouldBe("arima(2,0,1){fixed: [ar1=0.5, intercept=0]}");
    }

    [Fact]
    public void A_past_covariate_serves_at_a_lag_and_no_further()
    {
        var random = new RandomSource(4);
        var x = new double[120];
        random.FillNormal(x);
        double[] y = [.. Enumerable.Range(0, 120).Select(t => 5 + (t >= 3 ? 2 * x[t - 3] : 0) + (0.1 * random.NextNormal()))];
        var columns = new[] { new Column("y", ColumnRole.Target, y), new Column("x", ColumnRole.PastCovariate, x) };
        var view = new Panel([new TimeSeries("s", Frequency.Index, Times(Frequency.Index, 120), columns)]).AsOf(Instant.MaxValue);
        var fitted = ModelCatalogue.Default.Create("arima(0,0,0){regressors: [x@3]}").Fit(view, SixSteps, Context);
        var summary = fitted.Summaries["s"];
        summary.Parameters["x@3"].ShouldBe(2, 0.05);
        summary.Observations.ShouldBe(117);
        summary.Paths["fitted"][10].ShouldBe(y[10] - summary.Paths["residuals"][10], 1e-12);
        var law = fitted.Predict(KnownFuture.None, 3, 1)["s"];
        for (var h = 1; h <= 3; h++)
            law.Mean(h).ShouldBe(5 + (2 * x[116 + h]), 0.15);
        fitted.Predict(KnownFuture.None, 4, 1).Failures["s"].Code.ShouldBe("past-covariate-horizon");
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create("arima(0,0,0){regressors: x}").Fit(view, SixSteps, Context)).Code.ShouldBe("past-covariate-lag");
    }

    private static ArimaFit Fit(ArimaOptions options) => ArimaFit.Estimate("s", Values, options, cancellation: TestContext.Current.CancellationToken);

    private static Dictionary<string, double> Given(params (string Name, double Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);

    private static double[] Simulated(int n)
    {
        var random = new RandomSource(9);
        var values = new double[n];
        for (var t = 3; t < n; t++)
            values[t] = 0.8 + (0.5 * values[t - 1]) - (0.3 * values[t - 3]) + random.NextNormal();
        return values;
    }
}
