namespace Forecast.Models.Ets;

/// <summary>
/// The admissible parameters of Hyndman, Akram and Archibald (2008): those for which the first states are forgotten, that is,
/// the characteristic polynomial of the additive form has no root outside the unit circle. R asks the same of the forms that
/// multiply.
/// </summary>
internal static class EtsStability
{
    /// <summary>Longest season whose polynomial is kept on the stack.</summary>
    private const int StackLimit = 400;

    /// <param name="form">Which parameters exist.</param>
    /// <param name="period">m.</param>
    /// <param name="p">Smoothing parameters; phi is 1 without damping.</param>
    public static bool IsAdmissible(EtsForm form, int period, in EtsPoint p)
    {
        double alpha = p.Alpha, phi = p.Phi, beta = form.HasTrend ? p.Beta : 0;
        if (!form.HasSeason)
        {
            if (alpha < 1 - (1 / phi) || alpha > 1 + (1 / phi)) return false;
            return !form.HasTrend || (beta >= alpha * (phi - 1) && beta <= (1 + phi) * (2 - alpha));
        }

        var gamma = p.Gamma;
        if (gamma < Math.Max(1 - (1 / phi) - alpha, 0) || gamma > 1 + (1 / phi) - alpha) return false;
        if (alpha < 1 - (1 / phi) - (gamma * (1 - period + phi + (phi * period)) / (2 * phi * period))) return false;
        if (beta < -(1 - phi) * ((gamma / period) + alpha)) return false;
        return RootsInside(alpha, beta, gamma, phi, period);
    }

    /// <summary>
    /// z^(m+1) + (alpha + beta - phi) z^m + (alpha + beta - alpha phi) (z^(m-1) + .. + z^2) + (alpha + beta - alpha phi + gamma - 1) z
    /// + phi (1 - alpha - gamma), by the step-down recursion of Schur and Cohn. Without a trend z = 1 is a root for every parameter
    /// and is divided out.
    /// </summary>
    private static bool RootsInside(double alpha, double beta, double gamma, double phi, int period)
    {
        var hasUnitRoot = beta == 0 && phi == 1;
        var degree = hasUnitRoot ? period : period + 1;
        var size = degree + 1;
        var a = size <= StackLimit ? stackalloc double[size] : new double[size];
        a[0] = 1;
        if (hasUnitRoot)
        {
            a[1..].Fill(alpha);
            a[degree] = alpha + gamma - 1;
        }
        else
        {
            a[1] = alpha + beta - phi;
            a[2..].Fill(alpha + beta - (alpha * phi));
            a[degree - 1] = alpha + beta - (alpha * phi) + gamma - 1;
            a[degree] = phi * (1 - alpha - gamma);
        }

        for (var order = degree; order > 0; order--)
        {
            var k = a[order];
            if (!(Math.Abs(k) < 1)) return false;
            var scale = 1 / (1 - (k * k));
            for (int i = 1, j = order - 1; i <= j; i++, j--)
            {
                double low = a[i], high = a[j];
                a[i] = (low - (k * high)) * scale;
                a[j] = (high - (k * low)) * scale;
            }
        }

        return true;
    }
}
