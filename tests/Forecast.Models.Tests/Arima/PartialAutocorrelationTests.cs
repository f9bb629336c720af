using Forecast.Models.Arima;

namespace Forecast.Models.Tests.Arima;

public class PartialAutocorrelationTests
{
    [Fact]
    public void Two_lags_by_hand()
    {
        // a1 = r1 (1 - r2), a2 = r2
        double[] a = [0, 0];
        PartialAutocorrelation.ToCoefficients([0.5, -0.4], a);
        a[0].ShouldBe(0.7, 1e-15);
        a[1].ShouldBe(-0.4, 1e-15);
    }

    [Fact]
    public void Going_there_and_back_changes_nothing()
    {
        double[] partial = [0.9, -0.8, 0.3, 0.95, -0.1];
        var a = new double[5];
        PartialAutocorrelation.ToCoefficients(partial, a);
        var back = new double[5];
        PartialAutocorrelation.TryFromCoefficients(a, back).ShouldBeTrue();
        for (var i = 0; i < 5; i++)
            back[i].ShouldBe(partial[i], 1e-12);
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.0, -1.0)]
    [InlineData(2.1, -0.9)]
    public void Coefficients_on_or_beyond_the_boundary_are_refused(double a1, double a2) =>
        PartialAutocorrelation.TryFromCoefficients([a1, a2], new double[2]).ShouldBeFalse();

    [Fact]
    public void Moving_averages_are_kept_invertible_with_the_opposite_sign()
    {
        var transform = new ArimaTransform(new ArimaOptions { Order = new ArimaOrder(1, 0, 2), Seasonal = new ArimaOrder(1, 0, 1), Period = 4 });
        var coefficients = new double[transform.Count];
        const double largest = 1 - 1e-6;
        double[] partial = [0.5, 0.5, -0.4, 0.2, 0.3];
        transform.ToCoefficients([.. partial.Select(r => Math.Atanh(r / largest))], coefficients);
        double[] expected = [0.5, -0.7, 0.4, 0.2, -0.3];
        for (var i = 0; i < expected.Length; i++)
            coefficients[i].ShouldBe(expected[i], 1e-14);
        var u = new double[transform.Count];
        transform.FromCoefficients(coefficients, u);
        u[2].ShouldBe(Math.Atanh(-0.4 / largest), 1e-12);
    }
}
