namespace Forecast.Models.Ets;

/// <summary>
/// First moment u and second central moment C of z = (l, b) s for one season of an (M, N or A or Ad, M) form, as innovations
/// e ~ N(0, sigma2) come in. In other rows z' = (F + e G) z; in the season's own z' = (F + e G)(1 + gamma e) z
/// = (F + e (G + gamma F) + e^2 gamma G) z, with E e^2 = sigma2 and E e^4 = 3 sigma2^2.
/// </summary>
internal struct EtsProductMoments
{
    private readonly double _alpha;
    private readonly double _beta;
    private readonly double _gamma;
    private readonly double _phi;
    private Pair _mean;
    private Square _spread;

    public EtsProductMoments(EtsOrigin origin, int season)
    {
        var p = origin.Point;
        var trend = origin.Form.HasTrend;
        (_alpha, _beta, _gamma, _phi) = (p.Alpha, trend ? p.Beta : 0, p.Gamma, trend ? p.Phi : 0);
        var s = origin.Season[season];
        _mean = new Pair(p.Level * s, trend ? p.Slope * s : 0);
    }

    /// <summary>Mean and variance of y = w' z (1 + e): w' u, and (1 + sigma2) w' C w + sigma2 (w' u)^2.</summary>
    public readonly (double Mean, double Variance) Observe(double sigma2)
    {
        var mean = _mean.L + (_phi * _mean.B);
        var spread = _spread.Ll + (2 * _phi * _spread.Lb) + (_phi * _phi * _spread.Bb);
        return (mean, ((1 + sigma2) * spread) + (sigma2 * mean * mean));
    }

    public void Advance(double sigma2, bool isTurn)
    {
        // E[z z'] = C + u u'; each of the matrices below is applied to both parts.
        var still = Still(_mean);
        var pushed = Pushed(_mean);
        if (!isTurn)
        {
            _spread = Still(_spread) + (sigma2 * (Pushed(_spread) + Square.Of(pushed)));
            _mean = still;
            return;
        }

        // A0 = F, A1 = G + gamma F, A2 = gamma G: E[A z z' A'] with A = A0 + A1 e + A2 e^2, less the square of the new mean.
        var first = pushed + (_gamma * still);
        var second = _gamma * pushed;
        var mixed = Mixed(_spread);
        var firstSpread = Pushed(_spread) + (_gamma * mixed) + (_gamma * _gamma * Still(_spread));
        var secondSpread = _gamma * _gamma * Pushed(_spread);
        _spread = Still(_spread)
            + (sigma2 * (firstSpread + (_gamma * mixed) + Square.Of(first)))
            + (3 * sigma2 * sigma2 * secondSpread)
            + (2 * sigma2 * sigma2 * Square.Of(second));
        _mean = still + (sigma2 * second);
    }

    /// <summary>F z = (l + phi b, phi b).</summary>
    private readonly Pair Still(Pair z) => new(z.L + (_phi * z.B), _phi * z.B);

    /// <summary>G z = (alpha, beta) w' z.</summary>
    private readonly Pair Pushed(Pair z)
    {
        var q = z.L + (_phi * z.B);
        return new Pair(_alpha * q, _beta * q);
    }

    /// <summary>F C F'.</summary>
    private readonly Square Still(Square c)
    {
        var cross = c.Lb + (_phi * c.Bb);
        return new Square(c.Ll + (_phi * c.Lb) + (_phi * cross), _phi * cross, _phi * _phi * c.Bb);
    }

    /// <summary>G C G' = (w' C w) g g'.</summary>
    private readonly Square Pushed(Square c)
    {
        var q = c.Ll + (2 * _phi * c.Lb) + (_phi * _phi * c.Bb);
        return new Square(q * _alpha * _alpha, q * _alpha * _beta, q * _beta * _beta);
    }

    /// <summary>F C G' + G C F', with C w = (w_l, w_b) and F C G' = (F C w) g'.</summary>
    private readonly Square Mixed(Square c)
    {
        var response = Still(new Pair(c.Ll + (_phi * c.Lb), c.Lb + (_phi * c.Bb)));
        return new Square(2 * response.L * _alpha, (response.L * _beta) + (response.B * _alpha), 2 * response.B * _beta);
    }

    private readonly record struct Pair(double L, double B)
    {
        public static Pair operator +(Pair a, Pair b) => new(a.L + b.L, a.B + b.B);

        public static Pair operator *(double f, Pair a) => new(f * a.L, f * a.B);
    }

    private readonly record struct Square(double Ll, double Lb, double Bb)
    {
        public static Square Of(Pair a) => new(a.L * a.L, a.L * a.B, a.B * a.B);

        public static Square operator +(Square a, Square b) => new(a.Ll + b.Ll, a.Lb + b.Lb, a.Bb + b.Bb);

        public static Square operator *(double f, Square a) => new(f * a.Ll, f * a.Lb, f * a.Bb);
    }
}
