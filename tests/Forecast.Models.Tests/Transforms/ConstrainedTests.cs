using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Models.Catalogue;
using Forecast.Models.Innovations;
using Forecast.Models.Transforms;

namespace Forecast.Models.Tests.Transforms;

/// <summary>Censored and rounded laws against closed forms of the normal law and against draws.</summary>
public sealed class ConstrainedTests
{
    private static readonly double[] Counts = [.. Enumerable.Range(0, 60).Select(t => Math.Floor(3 + (2 * Math.Sin(t)) + (t * 7 % 3)))];

    public static TheoryData<double, double, double, double> Bounds => new()
    {
        { 1, 2, 0, double.PositiveInfinity },
        { 1, 2, double.NegativeInfinity, 1.5 },
        { 1, 2, -1, 2.5 },
        { -5, 1, 0, double.PositiveInfinity },
        { 1e6, 1, 0, 1e300 },
        { 3, 0.5, 10, 12 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void The_mean_of_a_censored_normal_law_is_the_closed_one(double mean, double sd, double min, double max)
    {
        var law = Constrained(mean, sd, new Constraint(min, max, Integer: false));
        law.Mean.ShouldBe(CensoredMean(mean, sd, min, max), 1e-9 * (1 + Math.Abs(mean)));
    }

    [Fact]
    public void The_tobit_mean_is_the_textbook_one() =>
        Constrained(1, 2, new Constraint(0, double.PositiveInfinity, Integer: false)).Mean.ShouldBe((1 * NormalDistribution.Cdf(0.5)) + (2 * NormalDistribution.Density(0.5)), 1e-12);

    [Fact]
    public void The_mean_of_a_rounded_law_is_the_sum_over_whole_numbers()
    {
        foreach (var sd in new[] { 0.05, 0.4, 3, 50 })
        {
            var law = Constrained(2.3, sd, new Constraint(0, 7, Integer: true));
            double expected = 0;
            for (var k = 1; k <= 7; k++) expected += 1 - NormalDistribution.Cdf((k - 0.5 - 2.3) / sd);
            law.Mean.ShouldBe(expected, 1e-12);
            Constrained(2.3, sd, new Constraint(double.NegativeInfinity, double.PositiveInfinity, Integer: true)).Mean.ShouldBe(Free(sd), 1e-9);
        }

        static double Free(double sd)
        {
            double sum = 0;
            for (var k = -1000; k <= 1000; k++) sum += k * (NormalDistribution.Cdf((k + 0.5 - 2.3) / sd) - NormalDistribution.Cdf((k - 0.5 - 2.3) / sd));
            return sum;
        }
    }

    [Fact]
    public void A_law_that_is_wide_against_a_whole_number_keeps_its_mean() =>
        Constrained(1e9, 1e7, new Constraint(0, double.PositiveInfinity, Integer: true)).Mean.ShouldBe(1e9, 1);

    /// <summary>Against draws of X carried over: mean, variance, shortfall, CRPS, probabilities.</summary>
    [Theory]
    [InlineData(0, 3, false, false)]
    [InlineData(0, double.PositiveInfinity, true, false)]
    [InlineData(double.NegativeInfinity, 2, true, true)]
    [InlineData(-1, 4, false, true)]
    public void All_that_is_said_agrees_with_draws(double min, double max, bool integer, bool heavy)
    {
        const int Count = 200_000;
        var constraint = new Constraint(min, max, integer);
        IMarginal x = heavy ? new LocationScaleMarginal(1.2, 1.7, new StudentTInnovation(5)) : LocationScaleMarginal.Normal(1.2, 1.7);
        var law = constraint.Apply(x, "s");
        var draws = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            x.TryQuantile((i + 0.5) / Count, out var q).ShouldBeTrue();
            draws[i] = constraint.Nearest(q);
        }

        var sample = new EmpiricalMarginal(draws);
        law.Mean.ShouldBe(sample.Mean, 1e-3);
        law.Variance.ShouldBe(sample.Variance, 5e-3 * sample.Variance);
        foreach (var alpha in new[] { 0.02, 0.1, 0.4, 0.7 })
        {
            law.TryExpectedShortfall(alpha, out var shortfall).ShouldBeTrue();
            sample.TryExpectedShortfall(alpha, out var expected).ShouldBeTrue();
            shortfall.ShouldBe(expected, 2e-3);
        }

        foreach (var y in new[] { -2.0, 0, 0.3, 1, 3, 9 })
        {
            law.TryCrps(y, out var score).ShouldBeTrue();
            sample.TryCrps(y, out var expected).ShouldBeTrue();
            score.ShouldBe(expected, 2e-3, $"CRPS at {y}");
            law.TryCdf(y, out var p).ShouldBeTrue();
            p.ShouldBe(draws.Count(d => d <= y) / (double)Count, 1e-4);
        }
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("mean")]
    [InlineData("theta")]
    [InlineData("arima(1,0,0)")]
    [InlineData("ets(M,N,N)")]
    [InlineData("linear-ar(3)")]
    [InlineData("garch(1,1)")]
    [InlineData("mean{log: true}")]
    public void Whole_numbers_are_forecast_in_whole_numbers_within_the_bounds(string model)
    {
        double[] values = [.. Counts.Select(v => v + 1)];
        var text = ModelSpec.WithOption(ModelSpec.WithOption(ModelSpec.WithOption(model, "integer", "true"), "min", "1"), "max", "6.5");
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create(text), values);
        for (var h = 1; h <= 6; h++)
        {
            var before = double.NegativeInfinity;
            foreach (var level in new[] { 0.02, 0.2, 0.5, 0.8, 0.98 })
            {
                if (!law.TryQuantile(h, level, out var q)) continue;
                q.ShouldBe(Math.Round(q));
                q.ShouldBeInRange(Math.Max(1, before), 6);
                before = q;
            }

            before.ShouldBeGreaterThan(0);
            law.Mean(h).ShouldBeInRange(1, 6);
        }

        if (!law.TryPaths(500, out var paths)) return;
        for (var h = 1; h <= 6; h++) paths.Step(h).ShouldAllBe(v => v == Math.Round(v) && v >= 1 && v <= 6);
    }

    [Fact]
    public void What_the_constraint_does_not_touch_stays_as_it_is()
    {
        var (plain, held) = (TestPanels.FitAndPredict(ModelCatalogue.Default.Create("naive"), Counts), TestPanels.FitAndPredict(ModelCatalogue.Default.Create("naive{min: -1000, max: 1000}"), Counts));
        held.Mean(3).ShouldBe(plain.Mean(3), 1e-12);
        held.TryQuantile(3, 0.2, out var q).ShouldBeTrue();
        plain.TryQuantile(3, 0.2, out var same).ShouldBeTrue();
        q.ShouldBe(same);
    }

    [Fact]
    public void A_fit_tells_of_values_that_cannot_be_and_is_otherwise_the_models_own()
    {
        var fitted = ModelCatalogue.Default.Create("mean{min: 2, integer: true}").Fit(TestPanels.View([1, 2, 3.5, 4]), TestPanels.SixSteps, TestPanels.Context);
        fitted.Summaries["s"].Parameters["mean"].ShouldBe(2.625);
        fitted.Summaries["s"].Notes.ShouldBe(["forecasts are of whole numbers from 2 to Infinity; estimates are those of the model without this constraint; 2 observed values cannot be under it"]);
        var again = TestPanels.Reload(ModelCatalogue.Default.Create("mean{min: 2, integer: true}"), fitted).Condition(TestPanels.View([1, 2, 3.5, 4])).Predict(KnownFuture.None, 2, 1)["s"];
        again.Mean(1).ShouldBe(fitted.Predict(KnownFuture.None, 2, 1)["s"].Mean(1));
    }

    [Theory]
    [InlineData("naive{min: 3, max: 2}", "there is no value from min 3 to max 2")]
    [InlineData("naive{min: 0.2, max: 0.8, integer: true}", "there is no whole number from min 0.2 to max 0.8")]
    [InlineData("naive{min: low}", "'low' is no number")]
    public void An_empty_range_is_refused(string model, string what)
    {
        var error = Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model));
        error.Code.ShouldBe("model-argument");
        error.Message.ShouldContain(what);
    }

    [Theory]
    [InlineData("naive", "naive{min: 0}")]
    [InlineData("garch(1,1){dist: ged, min: 5}", "garch(1,1){dist: ged, min: 0}")]
    [InlineData("stl(arima(1,0,0){mean: true})[7]", "stl(arima(1,0,0){mean: true})[7]{min: 0}")]
    [InlineData("stl(theta{log: true})[7]{robust: true}", "stl(theta{log: true})[7]{robust: true, min: 0}")]
    public void An_option_goes_to_the_outer_model(string model, string with) => ModelSpec.WithOption(model, "min", "0").ShouldBe(with);

    private static IMarginal Constrained(double mean, double sd, Constraint constraint) => constraint.Apply(LocationScaleMarginal.Normal(mean, sd), "s");

    /// <summary>a F(a) + b (1 - F(b)) + mean (F(b) - F(a)) - sd (f(b) - f(a)), in standard units.</summary>
    private static double CensoredMean(double mean, double sd, double a, double b)
    {
        var (za, zb) = ((a - mean) / sd, (b - mean) / sd);
        var low = double.IsNegativeInfinity(a) ? 0 : a * NormalDistribution.Cdf(za);
        var high = double.IsPositiveInfinity(b) || NormalDistribution.Cdf(-zb) == 0 ? 0 : b * NormalDistribution.Cdf(-zb);
        return low + high + (mean * (NormalDistribution.Cdf(zb) - NormalDistribution.Cdf(za))) - (sd * (NormalDistribution.Density(zb) - NormalDistribution.Density(za)));
    }
}
