using Forecast.Models.Arima;
using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Arima;

/// <summary>The fast filter, the plain filter and the multivariate normal density say the same.</summary>
public class KalmanFilterTests
{
    private static readonly double[] Series =
    [
        1.2, 0.4, -0.7, 0.3, 2.1, 1.7, 0.2, -1.1, -0.4, 0.9, 1.4, 0.1, -2.2, -0.8, 0.6, 1.9, 0.7, -0.3, -1.5, 0.2,
        0.8, 2.4, 1.1, -0.6, -1.3, 0.5, 0.9, -0.1, -0.9, 1.6, 0.3, -1.8, 0.4, 1.3, 0.6, -0.2, -1.0, 0.7, 1.5, 0.0,
    ];

    public static TheoryData<string, double[]> Models() => new()
    {
        { "0,0,0;0,0,0;1", [] },
        { "1,0,0;0,0,0;1", [0.7] },
        { "0,0,1;0,0,0;1", [-0.6] },
        { "0,0,1;0,0,0;1", [1.0] },
        { "2,0,2;0,0,0;1", [1.34, -0.67, -0.2, -0.26] },
        { "5,0,3;0,0,0;1", [0.2, -0.3, 0.1, 0.25, -0.4, 0.5, 0.2, -0.1] },
        { "1,0,1;1,0,1;4", [0.5, 0.3, -0.6, 0.4] },
        { "0,0,1;0,0,1;12", [-0.4, -0.55] },
        { "1,0,0;2,0,0;7", [0.9, 0.3, 0.4] },
        { "3,0,1;0,0,2;3", [0.4, 0.2, -0.5, 0.8, 0.3, 0.2] },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_three_agree_to_ten_digits(string model, double[] coefficients)
    {
        var arma = Polynomials(model, coefficients);
        var n = Series.Length;
        var standardised = new double[n];
        var r = arma.Dimension;
        var covariance = new double[r * r];
        arma.FillCovariance(covariance);
        var fast = new FastInnovations(r, 1);
        var logs = fast.Run(arma, [Series], [standardised], covariance);

        var plain = new KalmanFilter(new ArimaStateSpace(arma, []), 1);
        plain.StartDiffuse();
        Span<double> innovation = stackalloc double[1];
        double plainLogs = 0, squares = 0;
        for (var t = 0; t < n; t++)
        {
            plain.Step(Series.AsSpan(t, 1), innovation).ShouldBe(ObservationKind.Regular);
            standardised[t].ShouldBe(innovation[0] / Math.Sqrt(plain.F), 1e-10);
            plainLogs += Math.Log(plain.F);
            squares += innovation[0] * innovation[0] / plain.F;
        }

        logs.ShouldBe(plainLogs, 1e-10);
        for (var i = 0; i < r; i++)
            fast.State(0)[i].ShouldBe(plain.State(0)[i], 1e-10);
        for (var i = 0; i < r * r; i++)
            covariance[i].ShouldBe(plain.Covariance[i], 1e-10);

        var (logDeterminant, quadratic) = Density(arma);
        plainLogs.ShouldBe(logDeterminant, 1e-9);
        squares.ShouldBe(quadratic, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_stationary_covariance_is_a_fixed_point(string model, double[] coefficients)
    {
        var arma = Polynomials(model, coefficients);
        var p = new double[arma.Dimension * arma.Dimension];
        arma.FillCovariance(p);
        var moved = (double[])p.Clone();
        new ArimaStateSpace(arma, []).Propagate(moved, withNoise: true);
        for (var i = 0; i < p.Length; i++)
            moved[i].ShouldBe(p[i], 1e-10 * Math.Max(1, p[0]));
    }

    [Fact]
    public void Coefficients_beyond_the_stationary_region_are_refused()
    {
        new ArmaPolynomials(new ArimaOrder(1, 0, 0), default, 1).TrySet([1.0]).ShouldBeFalse();
        new ArmaPolynomials(new ArimaOrder(2, 0, 0), default, 1).TrySet([0.5, 0.6]).ShouldBeFalse();
        new ArmaPolynomials(default, new ArimaOrder(1, 0, 0), 4).TrySet([-1.01]).ShouldBeFalse();
    }

    [Fact]
    public void Long_sums_of_logarithms_survive_extreme_factors()
    {
        var logs = new LogAccumulator();
        for (var i = 0; i < 1000; i++)
            logs.Add(i % 2 == 0 ? 1e60 : 1e-30);
        logs.Value.ShouldBe(500 * 30 * Math.Log(10), 1e-8);
    }

    /// <summary>ln det and quadratic form of the n x n autocovariance matrix, from a psi-weight expansion of its own.</summary>
    private static (double LogDeterminant, double Quadratic) Density(ArmaPolynomials arma)
    {
        const int terms = 20_000;
        var psi = new double[terms];
        for (var j = 0; j < terms; j++)
        {
            psi[j] = j <= arma.Dimension ? arma.Theta[j] : 0;
            for (var i = 1; i <= Math.Min(j, arma.Dimension); i++)
                psi[j] += arma.Phi[i - 1] * psi[j - i];
        }

        var n = Series.Length;
        var gamma = new double[n * n];
        for (var h = 0; h < n; h++)
        {
            var sum = 0.0;
            for (var j = 0; j + h < terms; j++)
                sum += psi[j] * psi[j + h];
            for (var i = 0; i + h < n; i++)
                gamma[(i * n) + i + h] = gamma[((i + h) * n) + i] = sum;
        }

        SymmetricMatrix.TryFactor(gamma, n).ShouldBeTrue();
        var white = (double[])Series.Clone();
        SymmetricMatrix.SolveLower(gamma, n, white);
        return (SymmetricMatrix.LogDeterminant(gamma, n), white.Sum(v => v * v));
    }

    private static ArmaPolynomials Polynomials(string model, double[] coefficients)
    {
        var parts = model.Split(';');
        var arma = new ArmaPolynomials(Order(parts[0]), Order(parts[1]), int.Parse(parts[2]));
        arma.TrySet(coefficients).ShouldBeTrue();
        return arma;
    }

    private static ArimaOrder Order(string text)
    {
        var numbers = text.Split(',').Select(int.Parse).ToArray();
        return new ArimaOrder(numbers[0], numbers[1], numbers[2]);
    }
}
