using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Garch;

/// <summary>
/// GJR, EGARCH and APARCH of orders (1,1) with constant or zero mean and no missing value: log-likelihood, gradient and Hessian in
/// one pass without allocation, in the coordinates mu, omega, alpha, beta, gamma, x, shape (x = δ or E|z|).
/// </summary>
/// <remarks>
/// The first derivatives of the state in the first four coordinates are one vector, those in gamma and x two numbers. Of the second
/// derivatives the 4 × 4 block is kept as its diagonal, its neighbours (01, 12, 23, 30) and its opposites (02, 13, 20, 31), the rows
/// of gamma and x as vectors. Equal to <see cref="GarchDerivatives"/>, the plain version, up to rounding; a test holds them together.
/// </remarks>
internal static class News11Kernel
{
    /// <summary>Length of the gradient.</summary>
    public const int Size = 7;

    /// <summary>The log-likelihood; NaN where a variance is not positive and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Value<TNews, TError>(ReadOnlySpan<double> x, double mu, double omega, double beta, TNews news, TError error)
        where TNews : struct, INewsKernel
        where TError : struct, IErrorKernel
    {
        var m = Spans.Moments(x, mu).Squares / x.Length;
        news.Prepare(x, mu);
        var v = news.StateBefore(m).Value;
        var term = news.ValueBefore(m, x.Length);
        for (var t = 0; t < x.Length; t++)
        {
            v = omega + term + beta * v;
            var h = news.Variance(v, out var inverseRoot);
            if (!(h > 0 && h < double.MaxValue)) return double.NaN;
            var e = x[t] - mu;
            error.Add(e, h);
            term = news.Value(t, e, inverseRoot);
        }

        return error.Total(x.Length);
    }

    /// <summary>The log-likelihood with gradient (7) and Hessian (7 × 7), both 0 in mu when the mean is fixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Differentiate<TNews, TError>(
        ReadOnlySpan<double> data, double mu, double omega, double beta, bool freeMean, TNews news, TError error, Span<double> gradient, Span<double> hessian)
        where TNews : struct, INewsKernel
        where TError : struct, IErrorKernel
    {
        var (sum, squares) = Spans.Moments(data, mu);
        var n = data.Length;
        var de = freeMean ? -1.0 : 0.0;
        double m = squares / n, m1 = 2 * sum / n;
        news.Prepare(data, mu);
        var before = news.StateBefore(m);
        var term = news.Before(data, mu, m, m1, 2);

        // The state and its derivatives.
        var v = before.Value;
        var a = Vector256.Create(before.V * m1 * de, 0, 0, 0);
        double g = 0, x = before.X;
        var diagonal = Vector256.Create((before.V * 2 + before.VV * m1 * m1) * de * de, 0, 0, 0);
        Vector256<double> neighbours = default, opposites = default, rowG = default;
        var rowX = Vector256.Create(before.VX * m1 * de, 0, 0, 0);
        double gg = 0, gx = 0, xx = before.XX;

        // Sums over the sample, in the same shape.
        var d = default(TermDerivatives);
        Vector256<double> sA = default, sDiagonal = default, sNeighbours = default, sOpposites = default, sRowG = default, sRowX = default, sEA = default, sSA = default;
        double sG = 0, sX = 0, sGG = 0, sGX = 0, sXX = 0, sE = 0, sEE = 0, sEG = 0, sEX = 0, sS = 0, sES = 0, sSG = 0, sSX = 0, sSS = 0;
        for (var t = 0; t < n; t++)
        {
            // Second derivatives first: they need the first ones of the step before.
            var slope = beta + term.V;
            var carry = Vector256.Create(slope);
            var w = Vector256.Create(term.EV * de, 0, term.VA, 1);
            var a1 = Vector256.Shuffle(a, Vector256.Create(1L, 2, 3, 0));
            var a2 = Vector256.Shuffle(a, Vector256.Create(2L, 3, 0, 1));
            var w1 = Vector256.Shuffle(w, Vector256.Create(1L, 2, 3, 0));
            var w2 = Vector256.Shuffle(w, Vector256.Create(2L, 3, 0, 1));
            var curved = Vector256.Create(term.VV) * a + w;
            var cross = term.EA * de;
            diagonal = carry * diagonal + a * (curved + w) + Vector256.Create(term.EE * de * de, 0, 0, 0);
            neighbours = carry * neighbours + curved * a1 + w1 * a;
            opposites = carry * opposites + curved * a2 + w2 * a + Vector256.Create(cross, 0, cross, 0);
            rowG = carry * rowG + curved * Vector256.Create(g) + a * Vector256.Create(term.VG) + Vector256.Create(term.EG * de, 0, term.AG, 0);
            gg = slope * gg + term.VV * g * g + 2 * term.VG * g + term.GG;
            if (TNews.HasExtra)
            {
                rowX = carry * rowX + curved * Vector256.Create(x) + Vector256.Create(term.EX * de, 0, term.AX, 0);
                gx = slope * gx + term.VV * g * x + term.VG * x + term.GX;
                xx = slope * xx + term.VV * x * x + term.XX;
                x = slope * x + term.X;
            }

            a = carry * a + Vector256.Create(term.E * de, 1, term.A, v);
            g = slope * g + term.G;
            v = omega + term.Value + beta * v;
            var link = news.Link(v);
            var h = link.Value;
            if (!(h > 0 && h < double.MaxValue)) return double.NaN;
            var e = data[t] - mu;
            error.Add(e, h, ref d);
            term = news.Term(t, e, link.InverseRoot);

            double lv = d.H * link.V, lvv = d.HH * link.V * link.V + d.H * link.VV, lev = d.EH * link.V;
            var first = Vector256.Create(lv);
            var second = Vector256.Create(lvv) * a;
            a1 = Vector256.Shuffle(a, Vector256.Create(1L, 2, 3, 0));
            a2 = Vector256.Shuffle(a, Vector256.Create(2L, 3, 0, 1));
            sA += first * a;
            sDiagonal += first * diagonal + second * a;
            sNeighbours += first * neighbours + second * a1;
            sOpposites += first * opposites + second * a2;
            sRowG += first * rowG + second * Vector256.Create(g);
            sEA += Vector256.Create(lev) * a;
            sG += lv * g;
            sGG += lv * gg + lvv * g * g;
            sE += d.E;
            sEE += d.EE;
            sEG += lev * g;
            if (TNews.HasExtra)
            {
                var lvx = d.HH * link.V * link.X + d.H * link.VX;
                sRowX += first * rowX + second * Vector256.Create(x) + a * Vector256.Create(lvx);
                sX += lv * x + d.H * link.X;
                sGX += lv * gx + lvv * g * x + lvx * g;
                sXX += lv * xx + lvv * x * x + 2 * lvx * x + d.HH * link.X * link.X + d.H * link.XX;
                sEX += lev * x + d.EH * link.X;
            }

            if (typeof(TError) == typeof(NormalErrorKernel)) continue;
            var lvs = d.HS * link.V;
            sSA += Vector256.Create(lvs) * a;
            sSG += lvs * g;
            sSX += lvs * x + d.HS * link.X;
            sS += d.S;
            sES += d.ES;
            sSS += d.SS;
        }

        sA.CopyTo(gradient);
        gradient[0] += de * sE;
        gradient[4] = sG;
        gradient[5] = sX;
        gradient[6] = sS + error.ShapeRest(n);
        for (var i = 0; i < 4; i++)
        {
            hessian[i * Size + i] = sDiagonal[i];
            Set(hessian, i, 4, sRowG[i]);
            Set(hessian, i, 5, sRowX[i]);
            Set(hessian, i, 6, sSA[i]);
            if (i < 3) Set(hessian, i, i + 1, sNeighbours[i]);
        }

        Set(hessian, 0, 2, sOpposites[0]);
        Set(hessian, 1, 3, sOpposites[1]);
        Set(hessian, 0, 3, sNeighbours[3]);
        Set(hessian, 4, 4, sGG);
        Set(hessian, 4, 5, sGX);
        Set(hessian, 5, 5, sXX);
        Set(hessian, 4, 6, sSG);
        Set(hessian, 5, 6, sSX);
        Set(hessian, 6, 6, sSS + error.ShapeSecondRest(n));

        // What runs through e = x - mu directly.
        hessian[0] += de * de * sEE + 2 * de * sEA[0];
        for (var i = 1; i < 4; i++) Set(hessian, 0, i, hessian[i] + de * sEA[i]);
        Set(hessian, 0, 4, hessian[4] + de * sEG);
        Set(hessian, 0, 5, hessian[5] + de * sEX);
        Set(hessian, 0, 6, hessian[6] + de * sES);
        return error.Total(n);
    }

    private static void Set(Span<double> hessian, int a, int b, double value) => hessian[a * Size + b] = hessian[b * Size + a] = value;
}
