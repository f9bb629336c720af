using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Forecast.Models.Garch;

/// <summary>
/// GARCH(1,1) with constant or zero mean and no missing value: log-likelihood, gradient and Hessian in one pass without
/// allocation. The four first derivatives of h in (mu, omega, alpha, beta) are one vector; of its ten second derivatives only
/// six are ever different from 0.
/// </summary>
/// <remarks>Equal to <see cref="GarchDerivatives"/>, the plain version, up to rounding; a test holds them together.</remarks>
internal static class Garch11Kernel
{
    /// <summary>Length of the gradient: mu, omega, alpha1, beta1, shape.</summary>
    public const int Size = 5;

    /// <summary>The log-likelihood.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Value<TError>(ReadOnlySpan<double> x, double mu, double omega, double alpha, double beta, TError error)
        where TError : struct, IErrorKernel
    {
        var e2 = Spans.Moments(x, mu).Squares / x.Length;
        var h = e2;
        foreach (var v in x)
        {
            h = Math.FusedMultiplyAdd(beta, h, omega + alpha * e2);
            var e = v - mu;
            e2 = e * e;
            error.Add(e, h);
        }

        return error.Total(x.Length);
    }

    /// <summary>The log-likelihood with gradient (5) and Hessian (5 × 5), both left 0 in mu when the mean is fixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Differentiate<TError>(
        ReadOnlySpan<double> x, double mu, double omega, double alpha, double beta, bool freeMean, TError error, Span<double> gradient, Span<double> hessian)
        where TError : struct, IErrorKernel
    {
        var (sum, squares) = Spans.Moments(x, mu);
        var n = x.Length;
        var de = freeMean ? -1.0 : 0.0;
        var dde2 = 2 * de * de;
        var vBeta = Vector256.Create(beta);
        var twice = Vector256.Create(1.0, 1, 1, 2);

        // State: squared input and variance with their derivatives in mu; rows (mu,mu), (mu,alpha) and the column of beta.
        var e2 = squares / n;
        var h = e2;
        var de2 = 2 * de * sum / n;
        var dh = Vector256.Create(de2, 0, 0, 0);
        double hMuMu = dde2, hMuAlpha = 0;
        var hBeta = Vector256<double>.Zero;

        var d = default(TermDerivatives);
        double sE = 0, sEE = 0, sMuMu = 0, sMuAlpha = 0, sS = 0, sES = 0, sSS = 0;
        var gH = Vector256<double>.Zero;
        var sEH = Vector256<double>.Zero;
        var sHS = Vector256<double>.Zero;
        var sBeta = Vector256<double>.Zero;
        var diagonal = Vector256<double>.Zero;
        var neighbours = Vector256<double>.Zero;
        var opposites = Vector256<double>.Zero;
        foreach (var v in x)
        {
            hBeta = Vector256.FusedMultiplyAdd(vBeta, hBeta, dh * twice);
            hMuMu = beta * hMuMu + alpha * dde2;
            hMuAlpha = beta * hMuAlpha + de2;
            dh = Vector256.FusedMultiplyAdd(vBeta, dh, Vector256.Create(alpha * de2, 1, e2, h));
            h = Math.FusedMultiplyAdd(beta, h, omega + alpha * e2);
            var e = v - mu;
            e2 = e * e;
            de2 = 2 * e * de;
            error.Add(e, h, ref d);

            var lh = Vector256.Create(d.H);
            var weighted = Vector256.Create(d.HH) * dh;
            gH = Vector256.FusedMultiplyAdd(lh, dh, gH);
            sBeta = Vector256.FusedMultiplyAdd(lh, hBeta, sBeta);
            diagonal = Vector256.FusedMultiplyAdd(weighted, dh, diagonal);
            neighbours = Vector256.FusedMultiplyAdd(weighted, Vector256.Shuffle(dh, Vector256.Create(1L, 2, 3, 0)), neighbours);
            opposites = Vector256.FusedMultiplyAdd(weighted, Vector256.Shuffle(dh, Vector256.Create(2L, 3, 0, 1)), opposites);
            sEH = Vector256.FusedMultiplyAdd(Vector256.Create(d.EH), dh, sEH);
            sE += d.E;
            sEE += d.EE;
            sMuMu += d.H * hMuMu;
            sMuAlpha += d.H * hMuAlpha;
            if (typeof(TError) == typeof(NormalErrorKernel)) continue;
            sHS = Vector256.FusedMultiplyAdd(Vector256.Create(d.HS), dh, sHS);
            sS += d.S;
            sES += d.ES;
            sSS += d.SS;
        }

        gH.CopyTo(gradient);
        gradient[0] += de * sE;
        gradient[4] = sS + error.ShapeRest(n);

        hessian[0] = diagonal[0] + de * de * sEE + 2 * de * sEH[0] + sMuMu;
        hessian[6] = diagonal[1];
        hessian[12] = diagonal[2];
        hessian[18] = diagonal[3] + sBeta[3];
        hessian[24] = sSS + error.ShapeSecondRest(n);
        hessian[1] = hessian[5] = neighbours[0] + de * sEH[1];
        hessian[2] = hessian[10] = opposites[0] + de * sEH[2] + sMuAlpha;
        hessian[3] = hessian[15] = neighbours[3] + de * sEH[3] + sBeta[0];
        hessian[7] = hessian[11] = neighbours[1];
        hessian[8] = hessian[16] = opposites[1] + sBeta[1];
        hessian[13] = hessian[17] = neighbours[2] + sBeta[2];
        hessian[4] = hessian[20] = sHS[0] + de * sES;
        hessian[9] = hessian[21] = sHS[1];
        hessian[14] = hessian[22] = sHS[2];
        hessian[19] = hessian[23] = sHS[3];
        return error.Total(n);
    }
}
