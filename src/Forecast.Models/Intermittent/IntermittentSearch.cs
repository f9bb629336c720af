namespace Forecast.Models.Intermittent;

/// <summary>
/// The smoothing parameters with the least squared one-step errors after the first demand: a grid over (0, 1], and grids half as wide
/// around its best point until they are 0.0001 wide. What the options give stays.
/// </summary>
internal static class IntermittentSearch
{
    private const double Least0 = 1e-3;
    private const int Cells = 20;

    public static (double Alpha, double Beta) Least(IntermittentOptions options, ReadOnlySpan<double> y, double alpha, double beta)
    {
        var best = (Alpha: alpha, Beta: beta, Squares: Squares(options.Variant, alpha, beta, y));
        for (var width = 0.5; width > 1e-4; width /= 2)
        {
            var (centreAlpha, centreBeta) = width == 0.5 ? (0.5, 0.5) : (best.Alpha, best.Beta);
            var cells = width == 0.5 ? Cells : 4;
            for (var i = 0; i <= (options.Alpha is null ? cells : 0); i++)
            {
                var a = options.Alpha ?? Point(centreAlpha, width, i, cells);
                for (var j = 0; j <= (options.Beta is null ? cells : 0); j++)
                {
                    var b = options.Beta ?? Point(centreBeta, width, j, cells);
                    var squares = Squares(options.Variant, a, b, y);
                    if (squares < best.Squares) best = (a, b, squares);
                }
            }
        }

        return (best.Alpha, best.Beta);
    }

    /// <summary>Sum of squared errors of the forecasts made after the first demand.</summary>
    public static double Squares(IntermittentVariant variant, double alpha, double beta, ReadOnlySpan<double> y)
    {
        var state = new IntermittentState(variant, alpha, beta);
        var squares = 0.0;
        foreach (var value in y)
        {
            if (state.Size > 0 && !double.IsNaN(value))
            {
                var error = value - state.Rate;
                squares += error * error;
            }

            state.Move(value);
        }

        return squares;
    }

    private static double Point(double centre, double width, int i, int cells) => Math.Clamp(centre + (width * ((2.0 * i / cells) - 1)), Least0, 1);
}
