using Forecast.Core.Distributions;
using Forecast.Models.Transforms;

namespace Forecast.Backtest.Wrappers.Ensemble;

/// <summary>
/// The law whose quantile at every level is the members' combined: Q(p) = sum w_i Q_i(p), or the median of the Q_i(p). Both ascend, so
/// nothing can cross. See <c>docs/decisions/0003-ensembles-average-quantiles.md</c>.
/// </summary>
/// <remarks>
/// With weights the mean is sum w_i mean_i and the expected shortfall sum w_i ES_i, exactly, since both are integrals of Q. Of a median they
/// are integrals by quadrature. The distribution function is Q inverted by bisection.
/// </remarks>
internal sealed class CombinedMarginal : IMarginal
{
    private const double Edge = 8.2;  // Phi(-8.2) is 1e-16: the outermost levels
    private readonly IMarginal[] _members;
    private readonly double[]? _weights;
    private readonly Lazy<double> _mean;
    private readonly Lazy<double> _variance;
    private readonly Lazy<(double Low, double High)> _reach;

    /// <param name="members">Laws of the members.</param>
    /// <param name="weights">Their weights, above 0 and of sum 1; null = the median.</param>
    private CombinedMarginal(IMarginal[] members, double[]? weights)
    {
        _members = members;
        _weights = weights;
        _mean = new Lazy<double>(ComputeMean);
        _variance = new Lazy<double>(() => QuantileIntegral.TryMean(this, q => (q - Mean) * (q - Mean), out var variance) ? variance : double.NaN);
        _reach = new Lazy<(double, double)>(() => (Reach(-1), Reach(1)));
    }

    public double Mean => _mean.Value;

    public double Variance => _variance.Value;

    /// <summary>Combines laws; members without weight are left out, and a single one is itself.</summary>
    public static IMarginal Of(IReadOnlyList<IMarginal> members, double[]? weights)
    {
        if (weights is null) return members.Count == 1 ? members[0] : new CombinedMarginal([.. members], null);
        int[] active = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0)];
        return active.Length == 1 ? members[active[0]] : new CombinedMarginal([.. active.Select(i => members[i])], [.. active.Select(i => weights[i])]);
    }

    public bool TryQuantile(double level, out double value)
    {
        value = double.NaN;
        if (_weights is null)
        {
            Span<double> quantiles = stackalloc double[_members.Length];
            for (var i = 0; i < quantiles.Length; i++)
            {
                if (!_members[i].TryQuantile(level, out quantiles[i])) return false;
            }

            value = Median(quantiles);
            return true;
        }

        double sum = 0;
        for (var i = 0; i < _members.Length; i++)
        {
            if (!_members[i].TryQuantile(level, out var quantile)) return false;
            sum += _weights[i] * quantile;
        }

        value = sum;
        return true;
    }

    /// <summary>The greatest p with Q(p) at most x; false beyond the levels that every member knows.</summary>
    public bool TryCdf(double x, out double probability)
    {
        probability = double.NaN;
        var (low, high) = _reach.Value;
        if (double.IsNaN(low)) return false;
        if (!AtMost(low, x))
        {
            probability = 0;
            return low <= -Edge;
        }

        if (AtMost(high, x))
        {
            probability = 1;
            return high >= Edge;
        }

        for (var i = 0; i < 100 && high - low > 1e-15 * Math.Max(1, Math.Abs(low)); i++)
        {
            var middle = 0.5 * (low + high);
            if (AtMost(middle, x)) low = middle;
            else high = middle;
        }

        probability = NormalDistribution.Cdf(0.5 * (low + high));
        return true;
    }

    public bool TryExpectedShortfall(double alpha, out double value)
    {
        if (_weights is null) return QuantileIntegral.TryExpectedShortfall(this, alpha, out value);
        value = 0;
        for (var i = 0; i < _members.Length; i++)
        {
            if (!_members[i].TryExpectedShortfall(alpha, out var own)) return false;
            value += _weights[i] * own;
        }

        return true;
    }

    public bool TryCrps(double actual, out double score) => QuantileIntegral.TryCrps(this, actual, out score);

    /// <summary>The middle value; of an even number the mean of the two in the middle. Sorts in place.</summary>
    internal static double Median(Span<double> values)
    {
        values.Sort();
        var half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
    }

    /// <summary>Of a median law whose members do not know their tails, the median of the means stands in.</summary>
    private double ComputeMean()
    {
        if (_weights is not null) return _members.Select((m, i) => _weights[i] * m.Mean).Sum();
        return QuantileIntegral.TryMean(this, q => q, out var mean) ? mean : Median(Array.ConvertAll(_members, m => m.Mean));
    }

    private bool AtMost(double z, double x) => TryQuantile(Level(z), out var q) && q <= x;

    /// <summary>How far from the middle (in z) every member knows its quantiles; NaN when not even there.</summary>
    private double Reach(int sign)
    {
        if (TryQuantile(Level(sign * Edge), out _)) return sign * Edge;
        if (!TryQuantile(0.5, out _)) return double.NaN;
        double known = 0, unknown = Edge;
        for (var i = 0; i < 60; i++)
        {
            var middle = 0.5 * (known + unknown);
            if (TryQuantile(Level(sign * middle), out _)) known = middle;
            else unknown = middle;
        }

        return sign * known;
    }

    private static double Level(double z) => z <= 0 ? NormalDistribution.Cdf(z) : 1 - NormalDistribution.Cdf(-z);
}
