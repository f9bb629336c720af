namespace Forecast.Models.Arima;

/// <summary>Where the process stands after the last row: everything that forecasting needs, and the residuals on the way.</summary>
/// <param name="Model">State space at the given coefficients; not changed any more.</param>
/// <param name="Mean">E[x_(n+1) | data], without regression effects.</param>
/// <param name="Covariance">Its covariance over the innovation variance, row by row.</param>
/// <param name="Residuals">v_t / sqrt(F_t) a row, NaN where missing.</param>
/// <param name="Beta">Regression coefficients.</param>
internal sealed record ArimaState(ArimaStateSpace Model, double[] Mean, double[] Covariance, double[] Residuals, double[] Beta)
{
    /// <summary>R's substitute for an infinite starting variance, in units of the innovation variance.</summary>
    private const double LargeVariance = 1e6;

    /// <summary>Filters the sample at fixed coefficients.</summary>
    public static ArimaState AtEnd(ArimaSample sample, ReadOnlySpan<double> coefficients, double[] beta)
    {
        var arma = new ArmaPolynomials(sample.Options.Order, sample.Options.Seasonal, sample.Period);
        if (!arma.TrySet(coefficients))
            throw new ArgumentException("the autoregressive coefficients are not stationary", nameof(coefficients));
        var model = new ArimaStateSpace(arma, sample.Delta);
        var errors = sample.WithoutRegression(beta);
        var residuals = new double[errors.Length];
        Array.Fill(residuals, double.NaN);
        var (mean, covariance) = sample.HasGaps
            ? WithGaps(model, sample, errors, residuals)
            : WithoutGaps(model, sample, errors, residuals);
        for (var t = sample.Last + 1; t < errors.Length; t++)
        {
            model.Transition(mean);
            model.Propagate(covariance, withNoise: true);
        }

        return new ArimaState(model, mean, covariance, residuals, beta);
    }

    private static (double[] Mean, double[] Covariance) WithGaps(ArimaStateSpace model, ArimaSample sample, double[] errors, double[] residuals)
    {
        var exact = new KalmanFilter(model, 1);
        var large = new KalmanFilter(model, 1);
        exact.StartDiffuse();
        large.StartLarge(LargeVariance);
        Span<double> innovation = stackalloc double[1];
        for (var t = sample.First; t <= sample.Last; t++)
        {
            if (exact.IsDiffuse && large.Step(errors.AsSpan(t, 1), innovation) != ObservationKind.Missing)
                residuals[t] = innovation[0] / Math.Sqrt(large.F);
            if (exact.Step(errors.AsSpan(t, 1), innovation) == ObservationKind.Regular)
                residuals[t] = innovation[0] / Math.Sqrt(exact.F);
        }

        return exact.IsDiffuse
            ? throw ArimaSample.Undetermined(sample)
            : (exact.State(0).ToArray(), exact.Covariance.ToArray());
    }

    /// <summary>The differenced series fixes the stationary part of the state; the last observations are the rest, known exactly.</summary>
    private static (double[] Mean, double[] Covariance) WithoutGaps(ArimaStateSpace model, ArimaSample sample, double[] errors, double[] residuals)
    {
        var (r, nd, n) = (model.Arma.Dimension, model.Differences, model.Dimension);
        var window = errors.AsSpan(sample.First, sample.Last - sample.First + 1);
        var large = new KalmanFilter(model, 1);
        large.StartLarge(LargeVariance);
        Span<double> innovation = stackalloc double[1];
        for (var t = 0; t < nd; t++)
        {
            large.Step(window.Slice(t, 1), innovation);
            residuals[sample.First + t] = innovation[0] / Math.Sqrt(large.F);
        }

        var differenced = LagPolynomial.Difference(window, sample.Options.Order.Differences, sample.Options.Seasonal.Differences, sample.Period);
        var standardised = new double[differenced.Length];
        var stationary = new double[r * r];
        model.Arma.FillCovariance(stationary);
        var filter = new FastInnovations(r, 1);
        filter.Run(model.Arma, [differenced], [standardised], stationary);
        standardised.CopyTo(residuals, sample.First + nd);

        var mean = new double[n];
        filter.State(0).CopyTo(mean);
        for (var k = 0; k < nd; k++)
            mean[r + k] = window[^(k + 1)];
        var covariance = new double[n * n];
        for (var i = 0; i < r; i++)
            stationary.AsSpan(i * r, r).CopyTo(covariance.AsSpan(i * n, r));
        return (mean, covariance);
    }
}
