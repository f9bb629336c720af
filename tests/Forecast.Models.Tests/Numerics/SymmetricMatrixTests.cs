using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Numerics;

public class SymmetricMatrixTests
{
    // A = L L' with L = [[2,0,0],[6,1,0],[-8,5,3]]; det A = (2*1*3)^2 = 36.
    private static readonly double[] A = [4, 12, -16, 12, 37, -43, -16, -43, 98];

    [Fact]
    public void Factors_and_solves_the_textbook_matrix()
    {
        var factor = (double[])A.Clone();
        SymmetricMatrix.TryFactor(factor, 3).ShouldBeTrue();
        factor[0].ShouldBe(2, 1e-14);
        factor[3].ShouldBe(6, 1e-14);
        factor[6].ShouldBe(-8, 1e-14);
        factor[7].ShouldBe(5, 1e-14);
        factor[8].ShouldBe(3, 1e-13);
        SymmetricMatrix.LogDeterminant(factor, 3).ShouldBe(Math.Log(36), 1e-12);

        double[] b = [0, 6, 39]; // A (1, 1, 1)'
        SymmetricMatrix.Solve(factor, 3, b);
        foreach (var x in b)
            x.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Inverts_badly_scaled_matrices()
    {
        double[] scale = [1e-8, 1, 1e8];
        var scaled = new double[9];
        for (var i = 0; i < 9; i++)
            scaled[i] = A[i] * scale[i / 3] * scale[i % 3];
        SymmetricMatrix.TryInvert(scaled, 3, out var inverse).ShouldBeTrue();
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < 3; k++)
                    sum += scaled[(i * 3) + k] * inverse[(k * 3) + j] * scale[j] / scale[i];
                sum.ShouldBe(i == j ? 1 : 0, 1e-9);
            }
        }
    }

    [Fact]
    public void Refuses_an_indefinite_matrix()
    {
        SymmetricMatrix.TryInvert([1.0, 2, 2, 1], 2, out _).ShouldBeFalse();
        SymmetricMatrix.TryInvert([1.0, 1, 1, 1], 2, out _).ShouldBeFalse();
        SymmetricMatrix.TryInvert([double.NaN], 1, out _).ShouldBeFalse();
    }
}
