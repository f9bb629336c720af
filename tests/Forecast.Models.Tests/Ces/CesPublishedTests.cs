using System.Globalization;
using System.Numerics;
using Forecast.Models.Ces;

namespace Forecast.Models.Tests.Ces;

/// <summary>
/// Against the authors' own software: what the vignette "ces() - Complex Exponential Smoothing" of the R package smooth (I. Svetunkov, CRAN)
/// prints for BJsales and AirPassengers without their last 12 rows. Its first states come from filtering backwards, ours from least
/// squares, so at equal parameters our likelihood is a little higher and the forecasts agree as far as first states are forgotten.
/// And against the recursion as the paper writes it, in complex numbers.
/// </summary>
public sealed class CesPublishedTests
{
    private const int Holdout = 12;

    private static readonly double[] Sales = Column("bj_sales.csv");

    private static readonly double[] Passengers = Column("air_passengers.csv");

    // a0 + i a1, minus the log-likelihood, and ME, MAE, RMSE of the holdout as printed.
    [Fact]
    public void At_the_published_parameters_of_BJsales_likelihood_and_holdout_errors_are_the_published_ones()
    {
        var fit = CesFit.At("s", Sales.AsSpan()[..^Holdout], CesSeasonality.None, 1, [2.0004, 1.0035]);
        (-fit.LogLikelihood).ShouldBeInRange(249.4688 - 0.2, 249.4688);
        var (mean, absolute, squared) = Errors(fit, Sales);
        mean.ShouldBe(0.072, 0.01);
        absolute.ShouldBe(1.037, 0.005);
        squared.ShouldBe(1.276, 0.005);
    }

    [Fact]
    public void Our_optimum_of_BJsales_is_beside_the_published_one_and_not_worse()
    {
        var fit = CesFit.Estimate("s", Sales.AsSpan()[..^Holdout], CesSeasonality.None, 1, TestContext.Current.CancellationToken);
        (-fit.LogLikelihood).ShouldBeLessThanOrEqualTo(249.4613);
        fit.A.Real.ShouldBe(2.0004, 0.01);
        fit.A.Imaginary.ShouldBe(1.0035, 0.002);
    }

    // Printed by two releases: 1.49 + i, b 0.9485, 516.9014, RMSE 22.061 and 1.4921 + i, b 0.942, 516.9044.
    [Fact]
    public void AirPassengers_with_a_partial_season_agrees_with_the_published_fit()
    {
        var given = CesFit.At("s", Passengers.AsSpan()[..^Holdout], CesSeasonality.Partial, 12, [1.49, 1.0, 0.9485]);
        var own = CesFit.Estimate("s", Passengers.AsSpan()[..^Holdout], CesSeasonality.Partial, 12, TestContext.Current.CancellationToken);
        (-given.LogLikelihood).ShouldBeLessThanOrEqualTo(516.9014);
        (-own.LogLikelihood).ShouldBeLessThanOrEqualTo(-given.LogLikelihood);
        var (mean, absolute, squared) = Errors(given, Passengers);
        mean.ShouldBe(10.817, 0.2);
        absolute.ShouldBe(18.844, 0.2);
        squared.ShouldBe(22.061, 0.2);
    }

    [Theory]
    [InlineData(1.2, 0.9)]
    [InlineData(2.0004, 1.0035)]
    [InlineData(1.6, 1.02)]
    public void Without_a_season_it_is_the_paper_s_complex_recursion(double a0, double a1)
    {
        // y^ + i p^ of the next row = a (y + i e) + (1 + i - a) (y^ + i p^), with e = y - y^.
        var fit = CesFit.At("s", Sales, CesSeasonality.None, 1, [a0, a1]);
        var a = new Complex(a0, a1);
        var unit = fit.Fitted[0] / fit.Start.Level;
        var forecast = unit * new Complex(fit.Start.Level, fit.Start.Potential);
        for (var t = 0; t < Sales.Length; t++)
        {
            fit.Fitted[t].ShouldBe(forecast.Real, 1e-10 * Sales[t], $"row {t}");
            forecast = (a * new Complex(Sales[t], Sales[t] - forecast.Real)) + ((1 + Complex.ImaginaryOne - a) * forecast);
        }

        fit.Forecast(1)[0].ShouldBe(forecast.Real, 1e-10 * forecast.Real);
    }

    private static (double Mean, double Absolute, double Squared) Errors(CesFit fit, double[] y)
    {
        double[] errors = [.. fit.Forecast(Holdout).Select((f, h) => y[y.Length - Holdout + h] - f)];
        return (errors.Average(), errors.Average(Math.Abs), Math.Sqrt(errors.Average(e => e * e)));
    }

    private static double[] Column(string file) =>
        [.. File.ReadLines(Repository.At("datasets", file)).Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
}
