using Forecast.Core;
using Forecast.Models.Arima;

namespace Forecast.Models.Tests.Arima;

public class ArimaFitTests
{
    private static readonly ArimaOptions Ar1 = new() { Order = new ArimaOrder(1, 0, 0) };
    private static readonly double[] Wave = [.. Enumerable.Range(0, 60).Select(t => Math.Sin(0.7 * t) + (0.3 * Math.Cos(2.3 * t * t)))];

    [Fact]
    public void White_noise_with_a_mean_by_hand()
    {
        // Mean 3, S = 4 + 1 + 0 + 1 + 4 = 10, sigma2 = 2, l = -5/2 (ln(4 pi) + 1).
        var fit = ArimaFit.Estimate("s", [1, 2, 3, 4, 5], new ArimaOptions(), cancellation: TestContext.Current.CancellationToken);
        fit.Names.ShouldBe(["intercept"]);
        fit.Coefficients[0].ShouldBe(3, 1e-12);
        fit.Sigma2Ml.ShouldBe(2, 1e-12);
        fit.Sigma2Df.ShouldBe(2.5, 1e-12); // 10 / (5 - 2 + 1)
        fit.LogLikelihood.ShouldBe(-2.5 * (Math.Log(4 * Math.PI) + 1), 1e-12);
        fit.StandardErrors()[0].ShouldBe(Math.Sqrt(2.0 / 5), 1e-4);
        var ahead = fit.Project(3);
        ahead.Mean.ShouldBe([3, 3, 3], 1e-12);
        ahead.UnitVariance.ShouldBe([1, 1, 1], 1e-12);
    }

    [Fact]
    public void A_random_walk_by_hand()
    {
        var options = new ArimaOptions { Order = new ArimaOrder(0, 1, 0) };
        var fit = ArimaFit.Estimate("s", [0, 1, -1, 2, 2], options, cancellation: TestContext.Current.CancellationToken);
        fit.Sigma2Ml.ShouldBe((1 + 4 + 9 + 0) / 4.0, 1e-12);
        var ahead = fit.Project(3);
        ahead.Mean.ShouldBe([2, 2, 2], 1e-12);
        ahead.UnitVariance.ShouldBe([1, 2, 3], 1e-12);
    }

    [Fact]
    public void A_gap_in_a_random_walk_is_a_longer_step()
    {
        // Increments 1 and (over two steps) 3: l = -(2/2)(ln(2 pi S/2) + 1) - ln(2)/2, S = 1 + 9/2.
        var options = new ArimaOptions { Order = new ArimaOrder(0, 1, 0) };
        var fit = ArimaFit.Estimate("s", [0, 1, double.NaN, 4], options, cancellation: TestContext.Current.CancellationToken);
        fit.LogLikelihood.ShouldBe(-(Math.Log(Math.PI * 5.5) + 1) - (0.5 * Math.Log(2)), 1e-12);
        fit.Project(2).Mean.ShouldBe([4, 4], 1e-12);
        double.IsNaN(fit.Residuals[2]).ShouldBeTrue();
        fit.Residuals[3].ShouldBe(3 / Math.Sqrt(2), 1e-5);
    }

    [Theory]
    [InlineData(1, 1, 1, 0, 0, 0, 1)]
    [InlineData(1, 0, 1, 0, 1, 1, 4)]
    [InlineData(2, 2, 0, 0, 0, 0, 1)]
    [InlineData(0, 1, 1, 1, 1, 0, 5)]
    public void Differencing_first_and_the_exact_diffuse_filter_agree(int p, int d, int q, int sp, int sd, int sq, int m)
    {
        // The same data with and without one interior gap filled by a free regressor pulse: the pulse removes the observation,
        // so both likelihood paths see the same information. Maximised over the pulse, S and the forecasts must be equal.
        var options = new ArimaOptions { Order = new ArimaOrder(p, d, q), Seasonal = new ArimaOrder(sp, sd, sq), Period = m };
        var count = p + q + sp + sq;
        var coefficients = new double[count];
        Array.Fill(coefficients, 0.3);
        var gap = (double[])Wave.Clone();
        gap[30] = double.NaN;
        var withGap = ArimaFit.At("s", gap, options, coefficients);

        var pulse = new double[Wave.Length];
        pulse[30] = 1;
        var sample = ArimaSample.Create("s", Wave, options, options.IsSeasonal ? m : 1, new ArimaRegressors(["pulse"], [pulse]));
        var likelihood = new ArimaLikelihood(sample);
        likelihood.Profile(coefficients);
        (withGap.Sigma2Ml * withGap.EffectiveObservations).ShouldBe(likelihood.SumOfSquares, 1e-8);

        var withPulse = ArimaFit.At("s", Wave, options, [.. coefficients, likelihood.Beta[0]], new ArimaRegressors(["pulse"], [pulse]));
        var expected = withPulse.Project(6, new ArimaRegressors(["pulse"], [new double[6]]));
        var actual = withGap.Project(6);
        for (var h = 0; h < 6; h++)
            actual.Mean[h].ShouldBe(expected.Mean[h], 1e-8);
    }

    [Theory]
    [InlineData(0, 0, 1, new[] { 5, 6, 20 })]
    [InlineData(1, 0, 1, new[] { 9 })]
    [InlineData(1, 1, 4, new[] { 1, 3, 8, 9, 10, 30 })]
    [InlineData(0, 1, 5, new[] { 2, 4, 33 })]
    [InlineData(2, 0, 1, new[] { 1, 2, 40, 58 })]
    [InlineData(1, 1, 12, new[] { 1, 2, 3, 14, 15, 29, 50 })]
    public void Pulses_and_the_diffuse_filter_give_the_same_likelihood(int d, int seasonalD, int m, int[] gaps)
    {
        var options = new ArimaOptions { Order = new ArimaOrder(1, d, 1), Seasonal = new ArimaOrder(seasonalD, seasonalD, seasonalD), Period = m, IncludeDrift = d + seasonalD <= 1 };
        var values = (double[])Wave.Clone();
        foreach (var t in gaps)
            values[t] = double.NaN;
        double[] x = [.. Enumerable.Range(0, 60).Select(t => Math.Cos(0.9 * t))];
        var sample = ArimaSample.Create("s", values, options, m, new ArimaRegressors(["x"], [x]));
        var pulses = new ArimaLikelihood(sample, GapTreatment.Pulses);
        var filter = new ArimaLikelihood(sample, GapTreatment.Filter);
        double[] coefficients = [0.5, -0.4, .. Enumerable.Repeat(0.3, 2 * seasonalD)];
        pulses.Profile(coefficients).ShouldBe(filter.Profile(coefficients), 1e-8);
        pulses.SumOfSquares.ShouldBe(filter.SumOfSquares, 1e-8);
        pulses.Count.ShouldBe(filter.Count);
        for (var j = 0; j < filter.Beta.Length; j++)
            pulses.Beta[j].ShouldBe(filter.Beta[j], 1e-8);
        double[] beta = [.. filter.Beta.Select(b => b + 0.1)];
        pulses.At(coefficients, beta).ShouldBe(filter.At(coefficients, beta), 1e-8);
    }

    [Fact]
    public void Trailing_gaps_only_move_the_origin()
    {
        var fit = ArimaFit.At("s", Wave, Ar1, [0.6, 0.1]);
        var later = ArimaFit.At("s", [double.NaN, .. Wave, double.NaN, double.NaN], Ar1, [0.6, 0.1]);
        later.LogLikelihood.ShouldBe(fit.LogLikelihood, 1e-12);
        var (a, b) = (fit.Project(5), later.Project(3));
        for (var h = 0; h < 3; h++)
        {
            b.Mean[h].ShouldBe(a.Mean[h + 2], 1e-12);
            b.UnitVariance[h].ShouldBe(a.UnitVariance[h + 2], 1e-12);
        }
    }

    [Fact]
    public void The_factor_of_the_joint_law_has_the_marginal_variances_and_the_right_correlations()
    {
        // Random walk: Cov(y_i, y_j) = min(i, j).
        var walk = ArimaFit.At("s", Wave, new ArimaOptions { Order = new ArimaOrder(0, 1, 0) }, []).Project(4).Factor();
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                var covariance = Enumerable.Range(0, 4).Sum(k => walk[(i * 4) + k] * walk[(j * 4) + k]);
                covariance.ShouldBe(Math.Min(i, j) + 1, 1e-12);
            }
        }

        // A short MA with a unit root, where the state is still uncertain at the end of the data.
        var projection = ArimaFit.At("s", Wave[..20], new ArimaOptions { Order = new ArimaOrder(1, 0, 1), Seasonal = new ArimaOrder(0, 1, 1), Period = 4 }, [0.4, -1, -0.9]).Project(10);
        var factor = projection.Factor();
        projection.UnitVariance[0].ShouldBeGreaterThan(1.01);
        for (var i = 0; i < 10; i++)
            Enumerable.Range(0, 10).Sum(k => factor[(i * 10) + k] * factor[(i * 10) + k]).ShouldBe(projection.UnitVariance[i], 1e-10);
    }

    [Fact]
    public void Estimates_do_not_depend_on_units()
    {
        var token = TestContext.Current.CancellationToken;
        var options = new ArimaOptions { Order = new ArimaOrder(1, 0, 1), Regressors = [] };
        var time = Enumerable.Range(0, 60).Select(t => (double)t).ToArray();
        var small = ArimaFit.Estimate("s", Wave, options, new ArimaRegressors(["t"], [time]), token);
        var large = ArimaFit.Estimate("s", [.. Wave.Select(v => 1e9 * v)], options, new ArimaRegressors(["t"], [[.. time.Select(v => 1e-6 * v)]]), token);
        large.Coefficients[0].ShouldBe(small.Coefficients[0], 1e-5);
        large.Coefficients[3].ShouldBe(1e15 * small.Coefficients[3], 1e-4 * Math.Abs(1e15 * small.Coefficients[3]));
        large.StandardErrors()[3].ShouldBe(1e15 * small.StandardErrors()[3], 1e-3 * 1e15 * small.StandardErrors()[3]);
    }

    public static TheoryData<string, double[], string> BadData() => new()
    {
        { "(1,0,0)", [1, 2, 3], "series-too-short" },
        { "(1,0,0)", [], "series-empty" },
        { "(1,0,0)", [double.NaN, double.NaN], "series-empty" },
        { "(1,0,0)", [5, 5, 5, 5, 5, 5, 5, 5], "series-constant" },
        { "(1,0,0)", [0, 0, 0, 0, 0, 0, 0, 0], "series-constant" },
        { "(0,1,1)", [1, 2, 3, 4, 5, 6, 7, 8], "none" }, // increments 1: a random walk without drift fits these
        { "(0,2,1)", [1, 2, 3, 4, 5, 6, 7, 8], "series-constant" },
        { "(1,0,0)", [1, 2, double.PositiveInfinity, 4, 5, 6, 7, 8], "value-infinite" },
        { "(5,1,5)", [1, 3, 2, 5, 1, 4, 2, 6], "series-too-short" },
    };

    [Theory]
    [MemberData(nameof(BadData))]
    public void Data_that_cannot_be_fitted_are_refused_with_the_series_named(string order, double[] values, string code)
    {
        var numbers = order.Trim('(', ')').Split(',').Select(int.Parse).ToArray();
        var options = new ArimaOptions { Order = new ArimaOrder(numbers[0], numbers[1], numbers[2]) };
        if (string.Equals(code, "none", StringComparison.Ordinal))
        {
            ArimaFit.Estimate("s7", values, options, cancellation: TestContext.Current.CancellationToken).Project(2).Mean.ShouldAllBe(v => double.IsFinite(v));
            return;
        }

        var error = Should.Throw<ForecastException>(() => ArimaFit.Estimate("s7", values, options, cancellation: TestContext.Current.CancellationToken));
        error.Code.ShouldBe(code);
        error.Series.ShouldBe("s7");
        error.Message.ShouldContain("s7");
    }

    [Fact]
    public void A_season_without_any_observation_is_refused()
    {
        var values = Enumerable.Range(0, 48).Select(t => t % 4 == 2 ? double.NaN : Math.Sin(t) + t).ToArray();
        var options = new ArimaOptions { Order = new ArimaOrder(1, 0, 0), Seasonal = new ArimaOrder(0, 1, 0), Period = 4 };
        Should.Throw<ForecastException>(() => ArimaFit.Estimate("s", values, options, cancellation: TestContext.Current.CancellationToken))
            .Code.ShouldBe("series-too-short");
    }

    [Fact]
    public void Dependent_or_broken_regressors_are_refused()
    {
        var token = TestContext.Current.CancellationToken;
        var ones = new double[60];
        Array.Fill(ones, 1);
        Should.Throw<ForecastException>(() => ArimaFit.Estimate("s", Wave, Ar1, new ArimaRegressors(["one"], [ones]), token)).Code.ShouldBe("regressors-dependent");
        ones[3] = double.NaN;
        Should.Throw<ForecastException>(() => ArimaFit.Estimate("s", Wave, Ar1, new ArimaRegressors(["one"], [ones]), token)).Code.ShouldBe("regressor-missing");
        Should.Throw<ForecastException>(() => ArimaFit.Estimate("s", Wave, Ar1, new ArimaRegressors(["one"], [[1, 2]]), token)).Code.ShouldBe("regressor-length");
    }

    [Fact]
    public void Options_that_cannot_work_are_refused()
    {
        ArimaOptions[] bad =
        [
            new() { Order = new ArimaOrder(-1, 0, 0) },
            new() { Seasonal = new ArimaOrder(1, 0, 0), Period = 1 },
            new() { Order = new ArimaOrder(0, 1, 0), IncludeMean = true },
            new() { Order = new ArimaOrder(0, 2, 0), IncludeDrift = true },
            new() { Starts = 0 },
            new() { MaxIterations = 0 },
            new() { Period = 0 },
        ];
        foreach (var options in bad)
            Should.Throw<ForecastException>(() => options.Validated()).Code.ShouldBe("arima-option-invalid");
    }

    [Fact]
    public void Non_stationary_coefficients_are_refused() =>
        Should.Throw<ForecastException>(() => ArimaFit.At("s", Wave, Ar1, [1.2, 0])).Code.ShouldBe("arima-coefficients");
}
