using Forecast.Models.Arima;

namespace Forecast.Models.Tests.Arima;

/// <summary>The gradient by reverse accumulation against Richardson-extrapolated central differences of the likelihood itself.</summary>
public class ArimaGradientTests
{
    [Theory]
    [InlineData(1, 0, 0, 0, 0, 0, 1, false)]
    [InlineData(0, 1, 1, 0, 1, 1, 12, false)]
    [InlineData(2, 0, 2, 0, 0, 0, 1, true)]
    [InlineData(3, 1, 1, 1, 0, 1, 4, true)]
    [InlineData(2, 1, 3, 2, 1, 1, 12, false)]
    public void Agrees_with_differences(int p, int d, int q, int sp, int sd, int sq, int period, bool drift)
    {
        var options = new ArimaOptions { Order = new(p, d, q), Seasonal = new(sp, sd, sq), Period = period, IncludeDrift = drift };
        var values = new double[90];
        var random = new Random(5);
        for (var t = 0; t < values.Length; t++)
            values[t] = 100 + (0.3 * t) + (10 * Math.Sin(Math.Tau * t / 12)) + (random.NextDouble() * 8);
        var sample = ArimaSample.Create("s", values, options, period, ArimaRegressors.None);
        var likelihood = new ArimaLikelihood(sample);
        likelihood.HasGradient.ShouldBeTrue();
        var transform = new ArimaTransform(options);
        var coefficients = new double[transform.Count];
        for (var point = 0; point < 4; point++)
        {
            double[] u = [.. Enumerable.Range(0, transform.Count).Select(_ => (random.NextDouble() * 2.4) - 1.2)];
            var gradient = new double[u.Length];
            var value = likelihood.ProfileWithGradient(u, transform, gradient);
            value.ShouldBe(Value(u), 1e-12 * Math.Abs(value));
            var scale = 1 + gradient.Max(Math.Abs);
            for (var k = 0; k < u.Length; k++)
            {
                var expected = ((4 * Slope(u, k, 5e-4)) - Slope(u, k, 1e-3)) / 3;
                gradient[k].ShouldBe(expected, 2e-7 * scale, $"coordinate {k} at point {point}");
            }
        }

        double Value(double[] u)
        {
            transform.ToCoefficients(u, coefficients);
            return likelihood.Profile(coefficients);
        }

        double Slope(double[] u, int k, double h)
        {
            var at = u[k];
            u[k] = at + h;
            var above = Value(u);
            u[k] = at - h;
            var below = Value(u);
            u[k] = at;
            return (above - below) / (2 * h);
        }
    }

    [Fact]
    public void Gaps_have_no_gradient_and_are_differenced()
    {
        double[] values = [1, 3, double.NaN, 4, 2, 5, 3, 6, 4, 7, 3, 8];
        var sample = ArimaSample.Create("s", values, new ArimaOptions { Order = new(1, 0, 1) }, 1, ArimaRegressors.None);
        new ArimaLikelihood(sample).HasGradient.ShouldBeFalse();
        ArimaFit.Estimate("s", values, new ArimaOptions { Order = new(1, 0, 0) }, cancellation: TestContext.Current.CancellationToken).Converged.ShouldBeTrue();
    }
}
