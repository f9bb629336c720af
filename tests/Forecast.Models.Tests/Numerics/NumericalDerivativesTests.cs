using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Numerics;

public class NumericalDerivativesTests
{
    // f = exp(x) y^2 + sin(y), at (0.3, 1.7)
    private static double F(ReadOnlySpan<double> x) => (Math.Exp(x[0]) * x[1] * x[1]) + Math.Sin(x[1]);

    private static double FWithGradient(ReadOnlySpan<double> x, Span<double> g)
    {
        g[0] = Math.Exp(x[0]) * x[1] * x[1];
        g[1] = (2 * Math.Exp(x[0]) * x[1]) + Math.Cos(x[1]);
        return F(x);
    }

    private static readonly double[] Point = [0.3, 1.7];

    private static double[] ExactHessian()
    {
        var e = Math.Exp(Point[0]);
        return [e * Point[1] * Point[1], 2 * e * Point[1], 2 * e * Point[1], (2 * e) - Math.Sin(Point[1])];
    }

    [Fact]
    public void The_gradient_is_good_to_ten_digits()
    {
        var exact = new double[2];
        FWithGradient(Point, exact);
        var gradient = new double[2];
        NumericalDerivatives.WithGradient(F)(Point, gradient).ShouldBe(F(Point));
        gradient[0].ShouldBe(exact[0], 1e-9);
        gradient[1].ShouldBe(exact[1], 1e-9);
    }

    [Fact]
    public void The_gradient_is_one_sided_beside_a_wall()
    {
        static double Walled(ReadOnlySpan<double> x) => x[0] > 1 ? double.NaN : x[0] * x[0];
        var gradient = new double[1];
        NumericalDerivatives.Gradient(Walled, [1.0], gradient);
        gradient[0].ShouldBe(2, 1e-4);
    }

    [Fact]
    public void The_Hessian_from_values_is_good_to_eight_digits()
    {
        var hessian = NumericalDerivatives.Hessian(F, Point);
        var exact = ExactHessian();
        for (var i = 0; i < 4; i++)
            hessian[i].ShouldBe(exact[i], 1e-7);
    }

    [Fact]
    public void The_Hessian_from_gradients_is_good_to_nine_digits()
    {
        var exact = ExactHessian();
        var plain = NumericalDerivatives.HessianFromGradient(FWithGradient, Point);
        var extrapolated = NumericalDerivatives.HessianFromGradient(FWithGradient, Point, 1e-3, richardson: true);
        for (var i = 0; i < 4; i++)
        {
            plain[i].ShouldBe(exact[i], 1e-8);
            extrapolated[i].ShouldBe(exact[i], 1e-9);
        }
    }
}
