using Forecast.Models.Arima;

namespace Forecast.Models.Tests.Arima;

public class LagPolynomialTests
{
    [Fact]
    public void Multiplies_in_R_s_signs()
    {
        // (1 - 0.5 B)(1 - 0.2 B^4) = 1 - 0.5 B - 0.2 B^4 + 0.1 B^5
        var ar = new double[6];
        LagPolynomial.Multiply(-1, [0.5], [0.2], 4, ar);
        ar.ShouldBe([0.5, 0, 0, 0.2, -0.1, 0]);
        // (1 + 0.5 B)(1 + 0.2 B^4) = 1 + 0.5 B + 0.2 B^4 + 0.1 B^5
        var ma = new double[5];
        LagPolynomial.Multiply(1, [0.5], [0.2], 4, ma);
        ma.ShouldBe([0.5, 0, 0, 0.2, 0.1]);
    }

    [Fact]
    public void Differencing_polynomials_are_products()
    {
        LagPolynomial.Differencing(0, 0, 12).ShouldBeEmpty();
        LagPolynomial.Differencing(2, 0, 1).ShouldBe([2, -1]);
        LagPolynomial.Differencing(1, 1, 4).ShouldBe([1, 0, 0, 1, -1]);
    }

    [Fact]
    public void Differences_shorten_the_series() =>
        LagPolynomial.Difference([1, 2, 4, 7, 11, 16], 1, 1, 2).ShouldBe([2, 2, 2]); // lag-2 differences of 1, 2, 3, 4, 5
}
