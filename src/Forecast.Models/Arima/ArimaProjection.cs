namespace Forecast.Models.Arima;

/// <summary>
/// The Gaussian law of the next h observations: mean_i = Z T^(i-1) x + x_i' beta, covariance sigma2 C C' with C lower
/// triangular, found by running the filter's gains ahead (Durbin and Koopman 2012, section 4.11). Parameter uncertainty is
/// not included, as in R.
/// </summary>
public sealed class ArimaProjection
{
    private readonly ArimaState _state;

    private ArimaProjection(ArimaState state, double[] mean, double[] unitVariance)
    {
        _state = state;
        Mean = mean;
        UnitVariance = unitVariance;
    }

    /// <summary>Means of steps 1..h.</summary>
    public double[] Mean { get; }

    /// <summary>Variances of steps 1..h over the innovation variance.</summary>
    public double[] UnitVariance { get; }

    /// <summary>
    /// C, h x h row by row: observation i deviates from its mean by sigma sum_(j&lt;=i) C_ij z_j with z independent
    /// standard normals, so that <see cref="UnitVariance"/> holds the row sums of squares.
    /// </summary>
    public double[] Factor()
    {
        var h = Mean.Length;
        var model = _state.Model;
        var filter = new KalmanFilter(model, 0);
        filter.StartFrom(_state.Covariance);
        var factor = new double[h * h];
        for (var j = 0; j < h; j++)
        {
            var response = filter.Gain();
            var root = Math.Sqrt(filter.F);
            factor[(j * h) + j] = root;
            for (var i = j + 1; i < h; i++)
            {
                factor[(i * h) + j] = model.Observe(response) * root;
                model.Transition(response);
            }

            filter.AbsorbAndPredict();
        }

        return factor;
    }

    internal static ArimaProjection Of(ArimaState state, double[][] futureColumns, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        var model = state.Model;
        var x = (double[])state.Mean.Clone();
        var filter = new KalmanFilter(model, 0);
        filter.StartFrom(state.Covariance);
        var mean = new double[horizon];
        var variance = new double[horizon];
        for (var h = 0; h < horizon; h++)
        {
            mean[h] = model.Observe(x);
            for (var j = 0; j < futureColumns.Length; j++)
                mean[h] += state.Beta[j] * futureColumns[j][h];
            variance[h] = filter.PredictedVariance();
            model.Transition(x);
            filter.Predict();
        }

        return new ArimaProjection(state, mean, variance);
    }
}
