namespace Forecast.Models.Theta;

/// <summary>
/// The state of a theta model before row t (Fiorucci et al. 2016, eqs. 14 to 20): mu_t = l_(t-1) + w g_t with w = 1 - 1 / theta and
/// g_t = (1 - alpha)^(t-1) A + (1 - (1 - alpha)^t) / alpha B, l_t = alpha y_t + (1 - alpha) l_(t-1). A and B are the least squares line
/// of the whole sample, or, in the dynamic models, of the rows before t (0 before the first, a flat line after it).
/// </summary>
internal struct ThetaState
{
    private readonly double _alpha;
    private readonly double _weight;
    private readonly bool _dynamic;
    private double _decay = 1;
    private double _mean;
    private double _intercept;
    private double _slope;
    private int _rows;

    /// <param name="alpha">Smoothing parameter.</param>
    /// <param name="weight">w.</param>
    /// <param name="level">l_0.</param>
    public ThetaState(double alpha, double weight, double level)
    {
        (_alpha, _weight, _dynamic) = (alpha, weight, true);
        Level = level;
    }

    /// <param name="alpha">Smoothing parameter.</param>
    /// <param name="weight">w.</param>
    /// <param name="level">l_0.</param>
    /// <param name="intercept">A.</param>
    /// <param name="slope">B.</param>
    public ThetaState(double alpha, double weight, double level, double intercept, double slope)
    {
        (_alpha, _weight, _intercept, _slope) = (alpha, weight, intercept, slope);
        Level = level;
    }

    public double Level { get; private set; }

    /// <summary>Intercept and slope of the line that the next forecast leans on.</summary>
    public readonly (double Intercept, double Slope) Line => (_intercept, _slope);

    /// <summary>g_t.</summary>
    public readonly double Lean() => (_decay * _intercept) + ((1 - (_decay * (1 - _alpha))) / _alpha * _slope);

    public readonly double Mean() => Level + (_weight * Lean());

    public void Move(double y) => Move(y, y);

    /// <param name="y">What the level learns from: the value, or its forecast where it is missing.</param>
    /// <param name="forLine">What the line learns from: the value, or its bridge where it is missing.</param>
    public void Move(double y, double forLine)
    {
        Level = (_alpha * y) + ((1 - _alpha) * Level);
        _decay *= 1 - _alpha;
        if (!_dynamic) return;
        double t = ++_rows;
        _slope = t < 2 ? 0 : (((t - 2) * _slope) + (6 / t * (forLine - _mean))) / (t + 1);
        _mean = (((t - 1) * _mean) + forLine) / t;
        _intercept = _mean - (_slope * (t + 1) / 2);
    }
}
