namespace Forecast.Core.Distributions;

/// <summary>X = mean + sd Z with Z standard: every quantity follows from the standard law in closed form.</summary>
public sealed class LocationScaleMarginal : IMarginal
{
    private readonly IStandardDistribution _z;
    private readonly double _sd;

    /// <param name="mean">Mean of X.</param>
    /// <param name="sd">Standard deviation of X, not negative; 0 is the point mass.</param>
    /// <param name="standard">Law of Z.</param>
    public LocationScaleMarginal(double mean, double sd, IStandardDistribution standard)
    {
        if (!double.IsFinite(mean) || !double.IsFinite(sd) || sd < 0)
            throw new ForecastException("forecast-not-finite", $"the forecast has mean {mean} and standard deviation {sd}");
        Mean = mean;
        _sd = sd;
        _z = standard;
    }

    public double Mean { get; }

    public double Variance => _sd * _sd;

    /// <summary>Whether exp(X) has a mean.</summary>
    public bool HasExponentialMoments => _sd == 0 || _z.HasExponentialMoments;

    public static LocationScaleMarginal Normal(double mean, double sd) => new(mean, sd, NormalDistribution.Standard);

    public bool TryQuantile(double level, out double value)
    {
        CheckLevel(level, nameof(level));
        value = _sd == 0 ? Mean : Mean + (_sd * _z.Quantile(level));
        return true;
    }

    public bool TryCdf(double x, out double probability)
    {
        probability = _sd == 0 ? (x >= Mean ? 1 : 0) : _z.Cdf((x - Mean) / _sd);
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        CheckLevel(alpha, nameof(alpha));
        value = _sd == 0 ? -Mean : -(Mean + (_sd * _z.LowerTailMean(alpha)));
        return true;
    }

    public bool TryCrps(double actual, out double score)
    {
        score = _sd == 0 ? Math.Abs(actual - Mean) : _sd * _z.Crps((actual - Mean) / _sd);
        return true;
    }

    private static void CheckLevel(double level, string name)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(name, level, "a level lies strictly between 0 and 1");
    }
}
