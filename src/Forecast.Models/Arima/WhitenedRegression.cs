using System.Runtime.Intrinsics;

namespace Forecast.Models.Arima;

/// <summary>
/// Least squares of the first column on the others by modified Gram-Schmidt (Golub and Van Loan 2013, section 5.2.8);
/// applied to standardised innovations this is generalised least squares.
/// </summary>
internal static class WhitenedRegression
{
    private const double RankTolerance = 1e-9;

    /// <summary>Solves in place.</summary>
    /// <param name="columns">Dependent column, then the k regressors; overwritten: the first becomes the residuals, the others orthonormal.</param>
    /// <param name="count">Rows in use.</param>
    /// <param name="triangle">Work space for R, k x k.</param>
    /// <param name="beta">Receives the k coefficients.</param>
    /// <returns>Sum of squared residuals, or NaN when the regressors are linearly dependent.</returns>
    public static double Solve(ReadOnlySpan<double[]> columns, int count, Span<double> triangle, Span<double> beta)
    {
        var k = beta.Length;
        var y = columns[0].AsSpan(0, count);
        for (var j = 0; j < k; j++)
        {
            var column = columns[j + 1].AsSpan(0, count);
            var before = Dot(column, column);
            for (var i = 0; i < j; i++)
                triangle[(i * k) + j] = Project(columns[i + 1].AsSpan(0, count), column);
            var norm = Math.Sqrt(Dot(column, column));
            if (!(norm > RankTolerance * Math.Sqrt(before)))
                return double.NaN;
            triangle[(j * k) + j] = norm;
            for (var t = 0; t < column.Length; t++)
                column[t] /= norm;
            beta[j] = Project(column, y);
        }

        for (var j = k - 1; j >= 0; j--)
        {
            for (var i = j + 1; i < k; i++)
                beta[j] -= triangle[(j * k) + i] * beta[i];
            beta[j] /= triangle[(j * k) + j];
        }

        return Dot(y, y);
    }

    /// <summary>a'b in four lanes, the same on every machine.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = Vector256<double>.Zero;
        var t = 0;
        for (; t + 4 <= a.Length; t += 4)
            sum += Vector256.Create(a.Slice(t, 4)) * Vector256.Create(b.Slice(t, 4));
        var total = Vector256.Sum(sum);
        for (; t < a.Length; t++)
            total += a[t] * b[t];
        return total;
    }

    private static double Project(ReadOnlySpan<double> unit, Span<double> column)
    {
        var length = Dot(unit, column);
        for (var t = 0; t < column.Length; t++)
            column[t] -= length * unit[t];
        return length;
    }
}
