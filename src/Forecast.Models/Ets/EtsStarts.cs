using Forecast.Models.Decomposition;

namespace Forecast.Models.Ets;

/// <summary>
/// First guesses of the initial states, as in R's forecast package: a classical decomposition (a harmonic and a line where there
/// are less than three periods), then a line through the first max(10, 2m) seasonally adjusted values.
/// </summary>
/// <param name="Level">l_0.</param>
/// <param name="Slope">b_0: a step, or a factor for a multiplicative trend.</param>
/// <param name="Season">s_(1-m) .. s_0, oldest first.</param>
internal readonly record struct EtsStarts(double Level, double Slope, double[] Season)
{
    private const double LeastSeason = 1e-2;

    /// <param name="y">The sample without gaps, or its beginning: seasons may change much over a long sample.</param>
    /// <param name="form">The form.</param>
    /// <param name="period">m.</param>
    public static EtsStarts Of(ReadOnlySpan<double> y, EtsForm form, int period)
    {
        ReadOnlySpan<double> adjusted = y;
        double[] season = [];
        if (form.HasSeason)
        {
            var multiplicative = form.Season == EtsPart.Multiplicative;
            var effects = Effects(y, period, multiplicative);
            var left = new double[y.Length];
            for (var t = 0; t < y.Length; t++)
                left[t] = multiplicative ? y[t] / Math.Max(effects[t], LeastSeason) : y[t] - effects[t];
            adjusted = left;
            season = effects[..period];
            Normalise(season, multiplicative);
        }

        var count = Math.Min(Math.Max(10, 2 * period), adjusted.Length);
        var (intercept, slope) = Line(adjusted[..count]);
        return form.Trend switch
        {
            EtsPart.None => new EtsStarts(Mean(adjusted[..count]), 0, season),
            EtsPart.Additive => new EtsStarts(intercept, slope, season),
            _ => Factor(intercept, slope, adjusted[0], season),
        };
    }

    /// <summary>The same level with less slope and season, for forms that must stay above zero.</summary>
    /// <param name="factor">0 to 1; 0 leaves the level alone.</param>
    /// <param name="form">The form.</param>
    public EtsStarts Shrunk(double factor, EtsForm form)
    {
        var neutral = form.Season == EtsPart.Multiplicative ? 1.0 : 0;
        return new EtsStarts(
            Math.Abs(Level),
            form.Trend == EtsPart.Multiplicative ? Math.Pow(Slope, factor) : factor * Slope,
            Array.ConvertAll(Season, s => neutral + (factor * (s - neutral))));
    }

    /// <summary>Least squares of the values on 1, 2, ...</summary>
    public static (double Intercept, double Slope) Line(ReadOnlySpan<double> y)
    {
        double n = y.Length, sum = 0, weighted = 0, middle = (n + 1) / 2;
        for (var t = 0; t < y.Length; t++)
        {
            sum += y[t];
            weighted += (t + 1 - middle) * y[t];
        }

        var slope = n > 1 ? weighted / (n * ((n * n) - 1) / 12) : 0;
        return ((sum / n) - (slope * middle), slope);
    }

    private static EtsStarts Factor(double intercept, double slope, double first, double[] season)
    {
        var one = intercept + slope;
        var two = one + slope;
        return one > 0 && two > 0 && one * one / two > 0
            ? new EtsStarts(one * one / two, Math.Clamp(two / one, 0.5, 2), season)
            : new EtsStarts(first, 1, season);
    }

    private static double[] Effects(ReadOnlySpan<double> y, int period, bool multiplicative)
    {
        var effects = new double[y.Length];
        if (y.Length >= 3 * period)
        {
            var figure = ClassicalDecomposition.Of(y, period, multiplicative).Figure;
            for (var t = 0; t < y.Length; t++) effects[t] = figure[t % period];
            return effects;
        }

        // Too short for a figure of its own: what a straight line leaves, with one harmonic in the way.
        var (intercept, slope) = HarmonicLine(y, period);
        for (var t = 0; t < y.Length; t++)
        {
            var line = intercept + (slope * (t + 1));
            effects[t] = multiplicative ? (line > 0 ? y[t] / line : 1) : y[t] - line;
        }

        return effects;
    }

    /// <summary>The line of the regression on 1, t, sin(2 pi t / m), cos(2 pi t / m).</summary>
    private static (double Intercept, double Slope) HarmonicLine(ReadOnlySpan<double> y, int period)
    {
        const int k = 4;
        var normal = new double[k * k];
        var right = new double[k];
        Span<double> x = stackalloc double[k];
        for (var t = 1; t <= y.Length; t++)
        {
            var angle = 2 * Math.PI * t / period;
            (x[0], x[1], x[2], x[3]) = (1, t, Math.Sin(angle), Math.Cos(angle));
            for (var i = 0; i < k; i++)
            {
                right[i] += x[i] * y[t - 1];
                for (var j = 0; j < k; j++) normal[(i * k) + j] += x[i] * x[j];
            }
        }

        // With a period of 2 the sine vanishes; a little weight keeps the system regular without moving the line.
        normal[10] += 1e-9 * y.Length;
        normal[15] += 1e-9 * y.Length;
        if (!Numerics.SymmetricMatrix.TryFactor(normal, k)) return Line(y);
        Numerics.SymmetricMatrix.Solve(normal, k, right);
        return (right[0], right[1]);
    }

    private static double Mean(ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        foreach (var v in y) sum += v;
        return sum / y.Length;
    }

    /// <summary>Brings the sum to 0, or to m with every effect above 0.</summary>
    private static void Normalise(double[] season, bool multiplicative)
    {
        if (multiplicative)
        {
            for (var i = 0; i < season.Length; i++) season[i] = Math.Max(season[i], LeastSeason);
        }

        var mean = season.Average();
        for (var i = 0; i < season.Length; i++) season[i] = multiplicative ? season[i] / mean : season[i] - mean;
    }
}
