namespace Forecast.Models.Ces;

/// <summary>
/// The recursion of complex exponential smoothing (Svetunkov, Kourentzes and Ord 2022). A complex component has a level l and a potential c;
/// with the one-step error e,
/// <code>
/// l' = l - (1 - a1) c + (a0 - a1) e
/// c' = l + (1 - a0) c + (a0 + a1) e
/// </code>
/// None: y = l + e. Simple: the same with the states of m rows ago. Partial: y = l + s_(t-m) + e, s' = s + b0 e. Full: y = l + l2_(t-m) + e, the second
/// component with b.
/// </summary>
/// <param name="point">Smoothing parameters.</param>
/// <param name="period">m; 1 without a season.</param>
internal sealed class CesFilter(CesPoint point, int period)
{
    private readonly bool _hasLevel = point.Seasonality != CesSeasonality.Simple;
    private readonly bool _hasComplexSeason = point.Seasonality is CesSeasonality.Simple or CesSeasonality.Full;

    /// <summary>Parameters of the complex season: a in the simple form.</summary>
    private readonly (double Real, double Imaginary) _season = point.Seasonality == CesSeasonality.Simple ? (point.A0, point.A1) : (point.B0, point.B1);

    public double Level { get; set; }

    public double Potential { get; set; }

    /// <summary>Seasonal levels, the one of row t at t mod m.</summary>
    public double[] Season { get; } = new double[point.Seasonality == CesSeasonality.None ? 0 : period];

    /// <summary>Seasonal potentials of the simple and the full form.</summary>
    public double[] SeasonPotential { get; } = new double[point.Seasonality is CesSeasonality.Simple or CesSeasonality.Full ? period : 0];

    public CesFilter Clone()
    {
        var copy = new CesFilter(point, period);
        copy.CopyFrom(this);
        return copy;
    }

    public void CopyFrom(CesFilter other)
    {
        (Level, Potential) = (other.Level, other.Potential);
        other.Season.CopyTo(Season, 0);
        other.SeasonPotential.CopyTo(SeasonPotential, 0);
    }

    /// <summary>Forecast of row <paramref name="t"/>, the next one.</summary>
    public double Mean(int t) => (_hasLevel ? Level : 0) + (Season.Length > 0 ? Season[t % period] : 0);

    /// <summary>Moves over row <paramref name="t"/>, whose error was <paramref name="e"/>.</summary>
    public void Move(int t, double e)
    {
        if (_hasLevel)
        {
            (Level, Potential) = (
                Level - ((1 - point.A1) * Potential) + ((point.A0 - point.A1) * e),
                Level + ((1 - point.A0) * Potential) + ((point.A0 + point.A1) * e));
        }

        if (_hasComplexSeason)
        {
            ref var l = ref Season[t % period];
            ref var c = ref SeasonPotential[t % period];
            (l, c) = (
                l - ((1 - _season.Imaginary) * c) + ((_season.Real - _season.Imaginary) * e),
                l + ((1 - _season.Real) * c) + ((_season.Real + _season.Imaginary) * e));
        }
        else if (Season.Length > 0)
        {
            Season[t % period] += point.B0 * e;
        }
    }

    /// <summary>Responses of the rows 0, 1, .. to an error of 1 in row 0.</summary>
    public static double[] Responses(CesPoint point, int period, int count)
    {
        var filter = new CesFilter(point, period);
        var responses = new double[count];
        for (var h = 0; h < count; h++)
        {
            responses[h] = h == 0 ? 1 : filter.Mean(h);
            filter.Move(h, h == 0 ? 1 : 0);
        }

        return responses;
    }
}
