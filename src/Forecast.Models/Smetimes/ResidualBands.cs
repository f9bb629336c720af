namespace Forecast.Models.Smetimes;

/// <summary>
/// Split conformal intervals (Lei et al. 2018) around point forecasts: for each step the sizes of the errors on held-out windows, in units
/// of the window's own deviation. The interval that is to cover a share c is the forecast -+ the ceil((m + 1) c)-th smallest of m sizes
/// times the deviation of its window; where that is more than m, the largest.
/// </summary>
internal static class ResidualBands
{
    /// <param name="sizes">For each step the sizes of the errors on held-out windows, |y - f| / deviation, in any order.</param>
    /// <param name="levels">Quantile levels.</param>
    /// <returns>[steps][levels]: what to add to the forecast, in deviations. A step without errors has those of the step before it.</returns>
    public static double[][] Of(IReadOnlyList<List<double>> sizes, IReadOnlyList<double> levels)
    {
        var bands = new double[sizes.Count][];
        for (var h = 0; h < bands.Length; h++)
        {
            if (sizes[h].Count == 0)
            {
                bands[h] = h > 0 ? bands[h - 1] : new double[levels.Count];
                continue;
            }

            double[] sorted = [.. sizes[h].Order()];
            bands[h] = [.. levels.Select(level => Math.Sign(level - 0.5) * Radius(sorted, Math.Abs((2 * level) - 1)))];
        }

        return bands;
    }

    private static double Radius(double[] sorted, double coverage)
    {
        // A hair below, so that 0.8 (m + 1) = 4.000..1 is the fourth.
        var rank = (int)Math.Ceiling((coverage * (sorted.Length + 1)) - 1e-9);
        return rank < 1 ? 0 : sorted[Math.Min(rank, sorted.Length) - 1];
    }
}
