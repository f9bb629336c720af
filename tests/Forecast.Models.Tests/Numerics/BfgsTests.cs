using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Numerics;

public class BfgsTests
{
    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> g)
    {
        var f = 0.0;
        g.Clear();
        for (var i = 0; i + 1 < x.Length; i++)
        {
            var a = x[i + 1] - (x[i] * x[i]);
            var b = 1 - x[i];
            f += (100 * a * a) + (b * b);
            g[i] += (-400 * a * x[i]) - (2 * b);
            g[i + 1] += 200 * a;
        }

        return f;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void Finds_the_bottom_of_the_Rosenbrock_valley(int n)
    {
        var start = new double[n];
        for (var i = 0; i < n; i++)
            start[i] = i % 2 == 0 ? -1.2 : 1;
        var result = Bfgs.Minimize(Rosenbrock, start, new BfgsOptions { GradientTolerance = 1e-9, RelativeTolerance = 0 }, TestContext.Current.CancellationToken);
        result.Converged.ShouldBeTrue(result.Reason);
        // n = 10 has a second local minimum near x1 = -1 with f = 3.98; this start leads to the global one.
        result.Value.ShouldBeLessThan(1e-14);
        foreach (var x in result.X)
            x.ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Solves_a_quadratic_of_condition_1e12_when_told_the_scale()
    {
        double F(ReadOnlySpan<double> x, Span<double> g)
        {
            g[0] = 2e-6 * (x[0] - 1e4);
            g[1] = 2e6 * (x[1] - 3e-3);
            return (1e-6 * (x[0] - 1e4) * (x[0] - 1e4)) + (1e6 * (x[1] - 3e-3) * (x[1] - 3e-3));
        }

        var options = new BfgsOptions { Scale = [1e3, 1e-3], GradientTolerance = 1e-10 };
        var result = Bfgs.Minimize(F, [0.0, 1.0], options, TestContext.Current.CancellationToken);
        result.Converged.ShouldBeTrue(result.Reason);
        result.X[0].ShouldBe(1e4, 1e-3);
        result.X[1].ShouldBe(3e-3, 1e-9);
        result.Gradient[1].ShouldBe(2e6 * (result.X[1] - 3e-3), 1e-6);
    }

    [Fact]
    public void Solves_a_quadratic_of_condition_1e6_without_a_scale()
    {
        double F(ReadOnlySpan<double> x, Span<double> g)
        {
            var f = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                var w = Math.Pow(10, i * 6.0 / (x.Length - 1));
                g[i] = 2 * w * (x[i] - i);
                f += w * (x[i] - i) * (x[i] - i);
            }

            return f;
        }

        var result = Bfgs.Minimize(F, new double[6], new BfgsOptions { GradientTolerance = 1e-8 }, TestContext.Current.CancellationToken);
        result.Converged.ShouldBeTrue(result.Reason);
        for (var i = 0; i < 6; i++)
            result.X[i].ShouldBe(i, 1e-6);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Backs_off_from_infeasible_points(double wall)
    {
        // x - ln(x): minimum 1 at x = 1, infeasible for x <= 0. From 50 the first quasi-Newton steps overshoot.
        double F(ReadOnlySpan<double> x, Span<double> g)
        {
            if (x[0] <= 0)
                return wall;
            g[0] = 1 - (1 / x[0]);
            return x[0] - Math.Log(x[0]);
        }

        var result = Bfgs.Minimize(F, [50.0], new BfgsOptions { InitialStep = 100, MaxStep = 1000 }, TestContext.Current.CancellationToken);
        result.Converged.ShouldBeTrue(result.Reason);
        result.X[0].ShouldBe(1, 1e-4);
        result.Value.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Says_so_when_it_is_stuck_at_a_wall()
    {
        double F(ReadOnlySpan<double> x, Span<double> g)
        {
            g[0] = 1;
            return x[0] < 2 ? double.PositiveInfinity : x[0];
        }

        var result = Bfgs.Minimize(F, [5.0], new BfgsOptions { RelativeTolerance = 0 }, TestContext.Current.CancellationToken);
        result.Converged.ShouldBeFalse();
        result.Reason.ShouldBe("line search failed");
        result.X[0].ShouldBe(2, 1e-3);
    }

    [Fact]
    public void Stops_at_the_iteration_limit()
    {
        var result = Bfgs.Minimize(Rosenbrock, [-1.2, 1.0], new BfgsOptions { MaxIterations = 3 }, TestContext.Current.CancellationToken);
        result.Converged.ShouldBeFalse();
        result.Iterations.ShouldBe(3);
        result.Value.ShouldBeLessThan(24.2);
    }

    [Fact]
    public void Refuses_an_infeasible_start() =>
        Should.Throw<ArgumentException>(() => Bfgs.Minimize((_, _) => double.NaN, [1.0], new BfgsOptions(), TestContext.Current.CancellationToken));

    [Fact]
    public void Refuses_a_scale_of_the_wrong_length() =>
        Should.Throw<ArgumentException>(() => Bfgs.Minimize(Rosenbrock, [1.0, 2.0], new BfgsOptions { Scale = [1.0] }, TestContext.Current.CancellationToken));

    [Fact]
    public void Evaluates_a_constant_of_no_variables()
    {
        var result = Bfgs.Minimize((_, _) => 7, [], new BfgsOptions(), TestContext.Current.CancellationToken);
        result.Value.ShouldBe(7);
        result.Converged.ShouldBeTrue();
    }

    [Fact]
    public void Can_be_cancelled() =>
        Should.Throw<OperationCanceledException>(() => Bfgs.Minimize(Rosenbrock, [-1.2, 1.0], new BfgsOptions(), new CancellationToken(canceled: true)));
}
