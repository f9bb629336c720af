using Forecast.Core.Numerics;
using Forecast.Models.Arima;

namespace Forecast.Models.Tests.Arima;

/// <summary>Where the search ends when the model does not suit the data.</summary>
public class ArimaOptimumTests
{
    private static readonly ArimaOptions Mixed = new() { Order = new(4, 1, 4), Period = 12 };

    [Theory]
    [InlineData(0, 1, 1, 0, 0, 0)]
    [InlineData(1, 1, 1, 0, 1, 1)]
    [InlineData(1, 0, 1, 1, 1, 1)]
    public void An_optimum_on_the_boundary_is_one(int p, int d, int q, int sp, int sd, int sq)
    {
        // White noise differenced once too often: the moving average belongs on the unit circle.
        var options = new ArimaOptions { Order = new(p, d, q), Seasonal = new(sp, sd, sq), Period = 12 };
        var onBoundary = 0;
        for (var seed = 0UL; seed < 8; seed++)
        {
            var fit = ArimaFit.Estimate("s", Noise(80, seed), options, cancellation: TestContext.Current.CancellationToken);
            fit.Converged.ShouldBeTrue(fit.Reason);
            onBoundary += fit.Reason.Contains("boundary", StringComparison.Ordinal) ? 1 : 0;
        }

        onBoundary.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void More_starts_find_no_worse_optimum_and_screening_finds_better_ones()
    {
        var (few, usual) = (0.0, 0.0);
        for (var seed = 20UL; seed < 26; seed++)
        {
            var values = Noise(70, seed);
            var one = ArimaFit.Estimate("s", values, Mixed with { Starts = 1 }, cancellation: TestContext.Current.CancellationToken).LogLikelihood;
            var three = ArimaFit.Estimate("s", values, Mixed, cancellation: TestContext.Current.CancellationToken).LogLikelihood;
            three.ShouldBeGreaterThanOrEqualTo(one - 1e-6);
            few += one;
            usual += three;
        }

        usual.ShouldBeGreaterThan(few + 1);
    }

    private static double[] Noise(int n, ulong seed)
    {
        var values = new double[n];
        new RandomSource(seed).FillNormal(values);
        return values;
    }
}
