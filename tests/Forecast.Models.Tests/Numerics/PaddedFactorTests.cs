using Forecast.Models.Numerics;

namespace Forecast.Models.Tests.Numerics;

/// <summary>Padded rows against the plain versions.</summary>
public sealed class PaddedFactorTests
{
    public static TheoryData<int> Orders => [1, 2, 3, 4, 5, 7, 8, 17, 29, 70];

    [Theory]
    [MemberData(nameof(Orders))]
    public void It_solves_what_the_plain_factor_solves(int n)
    {
        var random = new Random(n);
        var stride = PaddedFactor.Stride(n);
        double[] plain = Plain(Rows(random, 2 * n, n), n), padded = new double[n * stride], right = new double[stride], expected = new double[n], x = new double[n];
        for (var i = 0; i < n; i++)
        {
            right[i] = expected[i] = random.NextDouble() - 0.5;
            for (var j = 0; j < n; j++) padded[(i * stride) + j] = plain[(i * n) + j];
        }

        SymmetricMatrix.TryFactor(plain, n).ShouldBeTrue();
        SymmetricMatrix.Solve(plain, n, expected);
        PaddedFactor.TryFactor(padded, n).ShouldBeTrue();
        PaddedFactor.Solve(padded, n, right, x);
        for (var i = 0; i < n; i++) x[i].ShouldBe(expected[i], 1e-9 * (1 + Math.Abs(expected[i])));
    }

    [Theory]
    [InlineData(1, 2, 2, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(double.NaN, 0, 0, 1)]
    [InlineData(0, 0, 0, 1)]
    public void It_refuses_what_is_not_positive_definite(double a, double b, double c, double d)
    {
        double[] padded = [a, b, 0, 0, c, d, 0, 0];
        PaddedFactor.TryFactor(padded, 2).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void The_gram_matrix_is_the_sum_of_products(int n)
    {
        const double weight = 0.7;
        var rows = Rows(new Random(n), 31, n);
        var stride = PaddedFactor.Stride(n);
        double[] padded = new double[31 * stride], gram = new double[n * stride];
        for (var t = 0; t < 31; t++) rows.AsSpan(t * n, n).CopyTo(padded.AsSpan(t * stride));
        GramMatrix.Fill(padded, n, weight, gram);
        var plain = Plain(rows, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < stride; j++) gram[(i * stride) + j].ShouldBe(j < n ? weight * plain[(i * n) + j] : 0, 1e-13);
        }
    }

    private static double[] Rows(Random random, int count, int n) => [.. Enumerable.Range(0, count * n).Select(_ => random.NextDouble() - 0.5)];

    private static double[] Plain(double[] rows, int n)
    {
        var gram = new double[n * n];
        for (var t = 0; t < rows.Length / n; t++)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) gram[(i * n) + j] += rows[(t * n) + i] * rows[(t * n) + j];
            }
        }

        return gram;
    }
}
