using Forecast.Models.Arima;

namespace Forecast.Models.UnitRoots;

/// <summary>Ordinary least squares with the standard errors that unit-root tests need.</summary>
/// <param name="Coefficients">One a regressor.</param>
/// <param name="StdErrors">Their standard errors.</param>
/// <param name="Residuals">y - X b.</param>
/// <param name="SumOfSquares">Of the residuals.</param>
internal sealed record LeastSquaresFit(double[] Coefficients, double[] StdErrors, double[] Residuals, double SumOfSquares)
{
    public int Observations => Residuals.Length;

    public int DegreesOfFreedom => Residuals.Length - Coefficients.Length;

    public double TStatistic(int regressor) => Coefficients[regressor] / StdErrors[regressor];

    /// <summary>n ln(S / n) + penalty (k + 1), up to what is equal for all models on the same y.</summary>
    public double Criterion(double penalty) =>
        (Observations * Math.Log(SumOfSquares / Observations)) + (penalty * (Coefficients.Length + 1));

    /// <summary>Regresses y on the columns; null when they are linearly dependent or leave no degree of freedom.</summary>
    public static LeastSquaresFit? Of(ReadOnlySpan<double> y, IReadOnlyList<double[]> regressors)
    {
        var (n, k) = (y.Length, regressors.Count);
        if (n <= k)
            return null;
        double[][] columns = [y.ToArray(), .. regressors.Select(c => (double[])c.Clone())];
        var triangle = new double[k * k];
        var beta = new double[k];
        var squares = WhitenedRegression.Solve(columns, n, triangle, beta);
        if (double.IsNaN(squares))
            return null;
        var sigma = Math.Sqrt(squares / (n - k));
        var errors = new double[k];
        var row = new double[k];
        for (var i = 0; i < k; i++)
            errors[i] = sigma * RowNorm(triangle, k, i, row);
        return new LeastSquaresFit(beta, errors, columns[0], squares);
    }

    /// <summary>Length of row i of R^-1, the square root of a diagonal entry of (X'X)^-1.</summary>
    private static double RowNorm(double[] triangle, int k, int i, double[] row)
    {
        var sum = 0.0;
        for (var j = i; j < k; j++)
        {
            var value = j == i ? 1.0 : 0.0;
            for (var l = i; l < j; l++)
                value -= row[l] * triangle[(l * k) + j];
            row[j] = value / triangle[(j * k) + j];
            sum += row[j] * row[j];
        }

        return Math.Sqrt(sum);
    }
}
