using Forecast.Core.Numerics;
using Forecast.Models.Arima;
using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Arima;

public sealed class ConditionalSquaresTests
{
    [Theory]
    [InlineData(2, 0, 1, 0, 0, false)]
    [InlineData(2, 1, 2, 1, 1, true)]
    [InlineData(0, 1, 2, 2, 1, false)]
    [InlineData(3, 0, 0, 1, 0, true)]
    public void Its_gradient_is_that_of_differences(int p, int d, int q, int seasonalP, int seasonalQ, bool constant)
    {
        var options = new ArimaOptions { Order = new ArimaOrder(p, d, q), Seasonal = new ArimaOrder(seasonalP, 0, seasonalQ), Period = 4, IncludeMean = constant && d == 0, IncludeDrift = constant && d == 1 };
        var squares = ConditionalSquares.Of(ArimaSample.Create("s", Walk(80), options, 4, ArimaRegressors.None)).ShouldNotBeNull();
        double[] x = [.. Enumerable.Range(0, p + q + seasonalP + seasonalQ + (constant ? 1 : 0)).Select(i => 0.3 * Math.Cos(i + 1))];
        double[] analytic = new double[x.Length], numeric = new double[x.Length], none = new double[x.Length];
        squares.Value(x, analytic);
        NumericalDerivatives.Gradient(point => squares.Value(point, none), x, numeric);
        for (var i = 0; i < x.Length; i++) analytic[i].ShouldBe(numeric[i], 1e-7 * (1 + Math.Abs(numeric[i])), $"variable {i + 1}");
    }

    [Fact]
    public void Growth_by_a_factor_has_no_stationary_start_and_noise_has_one()
    {
        var options = new ArimaOptions { Order = new ArimaOrder(1, 0, 0) };
        bool IsStationary(double[] values) => ConditionalSquares.IsStationary(ArimaSample.Create("s", values, options, 1, ArimaRegressors.None), TestContext.Current.CancellationToken);
        IsStationary([.. Walk(40).Select((w, t) => Math.Pow(1.1, t) * (1 + (0.01 * w)))]).ShouldBeFalse();
        IsStationary([.. Walk(81).Zip(Walk(81).Skip(1), (a, b) => b - a)]).ShouldBeTrue();
    }

    private static double[] Walk(int count)
    {
        var random = new RandomSource(11);
        var level = 0.0;
        return [.. Enumerable.Range(0, count).Select(_ => level += random.NextNormal())];
    }
}
