using System.Runtime.CompilerServices;

namespace Forecast.Models.Garch;

/// <summary>
/// What one lag adds to the state v of an asymmetric variance equation (h, ln h or σ^δ), N(e, v; α, γ, x), with its first and second
/// derivatives; x is δ for APARCH and E|z| for EGARCH. N is linear in α, so AA = 0.
/// </summary>
internal readonly struct NewsTerm
{
    public double Value { get; init; }

    public double E { get; init; }

    public double V { get; init; }

    public double A { get; init; }

    public double G { get; init; }

    public double X { get; init; }

    public double EE { get; init; }

    public double EV { get; init; }

    public double VV { get; init; }

    public double EA { get; init; }

    public double EG { get; init; }

    public double EX { get; init; }

    public double VA { get; init; }

    public double VG { get; init; }

    public double AG { get; init; }

    public double AX { get; init; }

    public double GG { get; init; }

    public double GX { get; init; }

    public double XX { get; init; }

    /// <summary>(α + γ 1[e &lt; 0]) e².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewsTerm Gjr(double e, double alpha, double gamma)
    {
        var negative = e < 0 ? 1.0 : 0.0;
        var weight = alpha + gamma * negative;
        return new NewsTerm
        {
            Value = weight * e * e, E = 2 * weight * e, EE = 2 * weight, A = e * e, G = negative * e * e, EA = 2 * e, EG = 2 * negative * e,
        };
    }

    /// <summary>α (|z| - x) + γ z with z = e r, r = exp(-v/2), v = ln h, x = E|z|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewsTerm Egarch(double e, double r, double alpha, double gamma, double absoluteMean)
    {
        var z = e * r;
        double sign = e > 0 ? 1 : e < 0 ? -1 : 0, absolute = Math.Abs(z);
        var slope = alpha * sign + gamma;
        return new NewsTerm
        {
            Value = alpha * (absolute - absoluteMean) + gamma * z,
            E = slope * r,
            V = -0.5 * slope * z,
            A = absolute - absoluteMean,
            G = z,
            X = -alpha,
            EV = -0.5 * slope * r,
            VV = 0.25 * slope * z,
            EA = sign * r,
            EG = r,
            VA = -0.5 * absolute,
            VG = -0.5 * z,
            AX = -1,
        };
    }

    /// <summary>α (|e| - γe)^δ, x = δ.</summary>
    public static NewsTerm Aparch(double e, double alpha, double gamma, double delta)
    {
        var log = Math.Log(Math.Abs(e) - gamma * e);
        return Aparch(e, log, Math.Exp(delta * log), alpha, gamma, delta);
    }

    /// <summary>The same from the logarithm of |e| - γe and its power u.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewsTerm Aparch(double e, double log, double u, double alpha, double gamma, double delta)
    {
        var side = (e > 0 ? 1 : -1) - gamma;
        var a = side * e;
        if (!(a > 0)) return default;
        var u1 = delta * u / a;
        var u2 = (delta - 1) * u1 / a;
        var ux = u / a * (1 + delta * log);
        return new NewsTerm
        {
            Value = alpha * u,
            E = alpha * u1 * side,
            EE = alpha * u2 * side * side,
            A = u,
            G = -alpha * u1 * e,
            X = alpha * u * log,
            EA = u1 * side,
            EG = -alpha * (u2 * e * side + u1),
            EX = alpha * ux * side,
            AG = -u1 * e,
            AX = u * log,
            GG = alpha * u2 * e * e,
            GX = -alpha * ux * e,
            XX = alpha * u * log * log,
        };
    }

    /// <summary>This and w times another, for terms that do not depend on the state.</summary>
    public NewsTerm Plus(NewsTerm other, double w) => new()
    {
        Value = Value + w * other.Value,
        E = E + w * other.E,
        A = A + w * other.A,
        G = G + w * other.G,
        X = X + w * other.X,
        EE = EE + w * other.EE,
        EA = EA + w * other.EA,
        EG = EG + w * other.EG,
        EX = EX + w * other.EX,
        AG = AG + w * other.AG,
        AX = AX + w * other.AX,
        GG = GG + w * other.GG,
        GX = GX + w * other.GX,
        XX = XX + w * other.XX,
    };
}
