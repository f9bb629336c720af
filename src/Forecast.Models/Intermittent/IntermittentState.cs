namespace Forecast.Models.Intermittent;

/// <summary>
/// The recursions. At a demand y after q observed rows: z' = z + alpha (y - z), p' = p + beta (q - p); the first demand and the number of
/// rows up to it start both. TSB has the probability b instead: b' = b + beta (1[y &gt; 0] - b) in every row after the first demand,
/// b = 1 / q there. Rows that are missing change nothing and are not counted.
/// </summary>
/// <param name="Variant">Which model.</param>
/// <param name="Alpha">Smoothing of sizes.</param>
/// <param name="Beta">Smoothing of intervals or probability.</param>
internal record struct IntermittentState(IntermittentVariant Variant, double Alpha, double Beta)
{
    private int _rows;
    private double _interval;
    private double _probability;

    /// <summary>z, the smoothed size of a demand; 0 before the first.</summary>
    public double Size { get; private set; }

    /// <summary>p, the smoothed number of rows from one demand to the next (1 / b in TSB); infinite before the first.</summary>
    public readonly double Interval => Size == 0 ? double.PositiveInfinity : Variant == IntermittentVariant.Tsb ? 1 / _probability : _interval;

    /// <summary>Probability of a demand in the next row, as the forecast has it: 1 / p, (1 - beta / 2) / p, or b.</summary>
    public readonly double Probability => Size == 0 ? 0 : Variant switch
    {
        IntermittentVariant.Croston => 1 / _interval,
        IntermittentVariant.Sba => (1 - (0.5 * Beta)) / _interval,
        _ => _probability,
    };

    /// <summary>The forecast of every later row.</summary>
    public readonly double Rate => Probability * Size;

    /// <summary>Moves on by one row.</summary>
    public void Move(double y)
    {
        if (double.IsNaN(y)) return;
        _rows++;
        if (y > 0)
        {
            (Size, _interval, _probability) = Size == 0
                ? (y, _rows, 1.0 / _rows)
                : (Size + (Alpha * (y - Size)), _interval + (Beta * (_rows - _interval)), _probability + (Beta * (1 - _probability)));
            _rows = 0;
        }
        else
        {
            _probability -= Beta * _probability;
        }
    }
}
