using Forecast.Core.Distributions;
using NodaTime;

namespace Forecast.Core.Tests.Distributions;

public class PredictiveDistributionTests
{
    private static readonly Instant[] Times = [Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2024, 1, 2, 0, 0)];

    [Fact]
    public void Steps_count_from_1()
    {
        var forecast = new PredictiveDistribution(Times, [LocationScaleMarginal.Normal(1, 1), LocationScaleMarginal.Normal(2, 1)]);
        forecast.Mean(1).ShouldBe(1);
        forecast.Mean(2).ShouldBe(2);
        Should.Throw<ArgumentOutOfRangeException>(() => forecast.Mean(0));
        Should.Throw<ArgumentOutOfRangeException>(() => forecast.Mean(3));
    }

    [Fact]
    public void What_the_model_lacks_is_denied_not_invented()
    {
        var forecast = new PredictiveDistribution(Times, [new MeanOnly(1), new MeanOnly(2)]);
        forecast.TryQuantile(1, 0.5, out _).ShouldBeFalse();
        forecast.TryExpectedShortfall(1, 0.05, out _).ShouldBeFalse();
        forecast.TryPaths(10, out _).ShouldBeFalse();
        var error = Should.Throw<ForecastException>(() => forecast.Quantile(1, 0.01, "m"));
        error.Code.ShouldBe("level-unavailable");
        error.Message.ShouldBe("model 'm' has no quantile at level 0.01");
    }

    [Fact]
    public void Paths_lie_path_by_step_by_target()
    {
        var paths = new SamplePaths(2, 2, 2, [1, 2, 3, 4, 5, 6, 7, 8]);
        paths[0, 1, 1].ShouldBe(2);
        paths[0, 2, 0].ShouldBe(3);
        paths[1, 1, 0].ShouldBe(5);
        paths.Step(2, 1).ShouldBe([4, 8]);
        Should.Throw<ArgumentException>(() => new SamplePaths(2, 2, 2, new double[7]));
    }

    [Fact]
    public void Each_target_needs_a_law_for_each_step()
    {
        Should.Throw<ArgumentException>(() => new PredictiveDistribution(Times, [new MeanOnly(1)]));
        Should.Throw<ArgumentException>(() => new PredictiveDistribution(Times, ["a", "b"], [[new MeanOnly(1), new MeanOnly(2)]], null, 0));
    }

    private sealed class MeanOnly(double mean) : IMarginal
    {
        public double Mean => mean;

        public double Variance => double.NaN;

        public bool TryQuantile(double level, out double value) => Deny(out value);

        public bool TryCdf(double x, out double probability) => Deny(out probability);

        public bool TryExpectedShortfall(double alpha, out double value) => Deny(out value);

        public bool TryCrps(double actual, out double score) => Deny(out score);

        private static bool Deny(out double value)
        {
            value = double.NaN;
            return false;
        }
    }
}
