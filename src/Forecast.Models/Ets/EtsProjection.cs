namespace Forecast.Models.Ets;

/// <summary>
/// Point forecasts of every form, and mean and variance where they have closed forms (Hyndman, Koehler, Ord and Snyder 2008,
/// chapter 6). Parameter uncertainty is not included.
/// </summary>
/// <param name="Point">The recursion with all future innovations at 0: what the method of the same name forecasts.</param>
/// <param name="Mean">E[y_(T+h)], or null where it has no closed form. It differs from the point forecast where error, level and season multiply.</param>
/// <param name="Variance">Var[y_(T+h)], or null.</param>
public sealed record EtsProjection(double[] Point, double[]? Mean, double[]? Variance)
{
    internal static EtsProjection Of(EtsOrigin origin, double sigma2, int horizon)
    {
        var form = origin.Form;
        var point = new double[horizon];
        var filter = new EtsFilter(form, origin.Point, (double[])origin.Season.Clone());
        for (var h = 0; h < horizon; h++)
        {
            point[h] = filter.Mean();
            filter.Skip();
        }

        if (!form.HasClosedForms) return new EtsProjection(point, null, null);
        if (form.Error == EtsPart.Additive) return new EtsProjection(point, point, Additive(origin, sigma2, horizon));
        if (form.Season != EtsPart.Multiplicative) return new EtsProjection(point, point, MultiplicativeError(origin, sigma2, point));
        var (mean, variance) = MultiplicativeSeason(origin, sigma2, horizon);
        return new EtsProjection(point, mean, variance);
    }

    /// <summary>
    /// What an innovation adds to the forecast j steps later: c_j = alpha + beta (phi + .. + phi^j) + gamma 1[m divides j].
    /// </summary>
    private static double[] Responses(EtsOrigin origin, int horizon)
    {
        var p = origin.Point;
        var responses = new double[horizon];
        double power = 1, sum = 0;
        for (var j = 1; j < horizon; j++)
        {
            power *= p.Phi;
            sum += power;
            responses[j] = p.Alpha + (p.Beta * sum);
            if (origin.Form.HasSeason && j % origin.Season.Length == 0) responses[j] += p.Gamma;
        }

        return responses;
    }

    /// <summary>Class 1 (eq. 6.1): sigma2 (1 + sum_(j&lt;h) c_j^2).</summary>
    private static double[] Additive(EtsOrigin origin, double sigma2, int horizon)
    {
        var responses = Responses(origin, horizon);
        var variance = new double[horizon];
        var sum = 1.0;
        for (var h = 0; h < horizon; h++)
        {
            sum += responses[h] * responses[h];
            variance[h] = sigma2 * sum;
        }

        return variance;
    }

    /// <summary>
    /// Class 2 (eq. 6.2): (1 + sigma2) theta_h - mu_h^2 with theta_h = mu_h^2 + sigma2 sum_(j&lt;h) c_j^2 theta_(h-j).
    /// </summary>
    private static double[] MultiplicativeError(EtsOrigin origin, double sigma2, double[] mean)
    {
        var responses = Responses(origin, mean.Length);
        var theta = new double[mean.Length];
        var variance = new double[mean.Length];
        for (var h = 0; h < mean.Length; h++)
        {
            var excess = 0.0;
            for (var j = 1; j <= h; j++) excess += responses[j] * responses[j] * theta[h - j];
            theta[h] = (mean[h] * mean[h]) + (sigma2 * excess);
            variance[h] = (sigma2 * theta[h]) + (sigma2 * excess);
        }

        return variance;
    }

    /// <summary>
    /// Class 3, exactly: with w = (1, phi) and g = (alpha, beta) the products z_k = (l, b) s_k follow z_k' = (F + g w' e) z_k, times
    /// (1 + gamma e) in the season of the step, so that the mean and second moment of each season's z_k obey a recursion of
    /// their own; y = w' z_k (1 + e).
    /// </summary>
    private static (double[] Mean, double[] Variance) MultiplicativeSeason(EtsOrigin origin, double sigma2, int horizon)
    {
        var (mean, variance) = (new double[horizon], new double[horizon]);
        var period = origin.Season.Length;
        for (var season = 0; season < Math.Min(period, horizon); season++)
        {
            var moments = new EtsProductMoments(origin, season);
            for (var h = 0; h < horizon; h++)
            {
                var isTurn = h % period == season;
                if (isTurn) (mean[h], variance[h]) = moments.Observe(sigma2);
                moments.Advance(sigma2, isTurn);
            }
        }

        return (mean, variance);
    }
}
