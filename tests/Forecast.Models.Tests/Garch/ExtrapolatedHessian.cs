namespace Forecast.Models.Tests.Garch;

/// <summary>
/// Second derivatives as the reference took them (R's numDeriv): central differences over a tenth of each parameter, halved three
/// times, with Richardson's extrapolation. Such steps cross kinks of a likelihood and reach into explosive variances.
/// </summary>
internal static class ExtrapolatedHessian
{
    private const int Halvings = 4;

    public static double[] Of(Func<double[], double> f, double[] x)
    {
        var n = x.Length;
        double[] step = [.. x.Select(v => 0.1 * Math.Abs(v) + (Math.Abs(v) < 1.78e-5 ? 1e-4 : 0))], hessian = new double[n * n];
        var centre = f(x);
        for (var i = 0; i < n; i++) hessian[i * n + i] = Extrapolate(s => (Both(f, x, step, s, i, i) - 2 * centre) / (s * s * step[i] * step[i]));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var own = hessian[i * n + i] * step[i] * step[i] + hessian[j * n + j] * step[j] * step[j];
                hessian[i * n + j] = hessian[j * n + i] = Extrapolate(s => ((Both(f, x, step, s, i, j) - 2 * centre) / (s * s) - own) / (2 * step[i] * step[j]));
            }
        }

        return hessian;
    }

    /// <summary>f on both sides of x along two coordinates at once (or along one, when they are the same).</summary>
    private static double Both(Func<double[], double> f, double[] x, double[] step, double s, int i, int j)
    {
        double sum = 0;
        foreach (var side in (double[])[s, -s])
        {
            var at = (double[])x.Clone();
            at[i] += side * step[i];
            if (j != i) at[j] += side * step[j];
            sum += f(at);
        }

        return sum;
    }

    private static double Extrapolate(Func<double, double> difference)
    {
        double[] a = [.. Enumerable.Range(0, Halvings).Select(k => difference(Math.Pow(2, -k)))];
        for (var m = 1; m < Halvings; m++)
            for (var k = 0; k < Halvings - m; k++) a[k] = (a[k + 1] * Math.Pow(4, m) - a[k]) / (Math.Pow(4, m) - 1);
        return a[0];
    }
}
