namespace Forecast.Models.Garch;

/// <summary>
/// The log-likelihood of FIGARCH at one θ with all sums over the lags at once (<see cref="LagSums"/>). Equal to
/// <see cref="GarchRecursion.LogLikelihood"/>, the plain version, up to rounding; a test holds them together. Holds workspace: one instance a thread.
/// </summary>
internal sealed class FigarchLikelihood(GarchSpecification specification, GarchSample sample)
{
    private readonly LagSums _lagSums = new(sample.Length);
    private readonly double[] _y = new double[sample.Length];
    private readonly double[] _e = new double[sample.Length];
    private readonly double[] _squares = new double[sample.Length];
    private readonly double[] _sums = new double[LagSums.Room(sample.Length)];

    /// <summary>NaN where a variance is not positive and finite.</summary>
    public double Value(ReadOnlySpan<double> theta, FigarchWeights weights)
    {
        var presample = GarchRecursion.FilterMean(specification, sample, theta, _y, _e);
        var x = sample.Values;
        for (var t = 0; t < _squares.Length; t++) _squares[t] = double.IsNaN(x[t]) ? presample : _e[t] * _e[t];
        _lagSums.Set(_squares, presample);
        _lagSums.Of(weights.NewestLast, weights.BeyondAll, _sums);
        var constant = theta[specification.OmegaIndex] / (1 - (specification.GarchOrder > 0 ? theta[specification.BetaIndex] : 0));
        var innovation = specification.CreateInnovation(theta);
        var logs = new LogProduct();
        double total = 0;
        for (var t = 0; t < _squares.Length; t++)
        {
            var h = constant + _sums[t];
            if (!(h > 0 && h < double.MaxValue)) return double.NaN;
            if (double.IsNaN(x[t])) continue;
            total += innovation.LogDensity(_e[t] / Math.Sqrt(h));
            logs.Add(h);
        }

        return total - 0.5 * logs.Total;
    }
}
