namespace Forecast.Backtest.Wrappers.Conformal;

/// <summary>
/// Past errors in ascending order: of n exchangeable ones the next lies below the k-th with probability k / (n + 1), whatever their law.
/// Levels between are interpolated; beyond 1 / (n + 1) and n / (n + 1) nothing is known, except that a magnitude is not below 0.
/// </summary>
/// <param name="sorted">Errors, ascending.</param>
/// <param name="signed">Whether they may be negative.</param>
internal sealed class ScoreLadder(double[] sorted, bool signed)
{
    public int Count => sorted.Length;

    /// <summary>Highest level that has a finite bound.</summary>
    public double Highest => (double)sorted.Length / (sorted.Length + 1);

    /// <summary>Lowest such level: 0 for magnitudes.</summary>
    public double Lowest => signed ? 1.0 / (sorted.Length + 1) : 0;

    /// <summary>Of errors in any order, those that are not missing.</summary>
    public static ScoreLadder Of(ReadOnlySpan<double> errors, bool signed)
    {
        var kept = new List<double>(errors.Length);
        foreach (var e in errors)
        {
            if (!double.IsNaN(e)) kept.Add(signed ? e : Math.Abs(e));
        }

        kept.Sort();
        return new ScoreLadder([.. kept], signed);
    }

    /// <summary>
    /// The bound that the next error stays at or below with probability <paramref name="level"/>: plus infinity above
    /// <see cref="Highest"/>, minus infinity below <see cref="Lowest"/>.
    /// </summary>
    public double Bound(double level)
    {
        var place = level * (sorted.Length + 1);
        var nearest = Math.Round(place);
        if (Math.Abs(place - nearest) < 1e-9) place = nearest;  // 0.9 * 10 should be the ninth
        if (place > sorted.Length) return double.PositiveInfinity;
        if (place < (signed ? 1 : 0)) return double.NegativeInfinity;
        var below = (int)place;
        var (low, share) = (below == 0 ? 0 : sorted[below - 1], place - below);
        return share == 0 ? low : low + (share * (sorted[below] - low));
    }
}
