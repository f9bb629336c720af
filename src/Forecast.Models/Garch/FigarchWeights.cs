namespace Forecast.Models.Garch;

/// <summary>
/// The ARCH(∞) weights of FIGARCH, cut at lag 1000: δ_1 = d, δ_i = δ_{i-1} (i-1-d)/i of the fractional difference, and
/// λ_1 = phi - beta + d, λ_i = beta λ_{i-1} + δ_i - phi δ_{i-1} (Baillie, Bollerslev and Mikkelsen 1996).
/// </summary>
internal sealed class FigarchWeights
{
    /// <summary>N, as rugarch and arch cut them.</summary>
    public const int Lags = 1000;

    private readonly double[] _reversed = new double[Lags];
    private readonly double[] _beyond = new double[Lags + 1];

    private FigarchWeights(double phi, double d, double beta)
    {
        double delta = d, lambda = phi - beta + d;
        for (var i = 1; i <= Lags; i++)
        {
            if (i > 1)
            {
                var next = delta * (i - 1 - d) / i;
                lambda = beta * lambda + next - phi * delta;
                delta = next;
            }

            _reversed[Lags - i] = lambda;
        }

        for (var i = Lags; i > 0; i--) _beyond[i - 1] = _beyond[i] + _reversed[Lags - i];
    }

    /// <summary>λ_1000 .. λ_1, in the order of the observations that they weigh.</summary>
    public double[] NewestLast => _reversed;

    /// <summary>Whether every weight is at least 0, so that no data can make the variance negative.</summary>
    public bool AreNonNegative => !_reversed.Any(w => w < 0);

    /// <summary>Σ_{i &gt; t} λ_i.</summary>
    public double Beyond(int t) => _beyond[t];

    /// <summary><see cref="Beyond"/> of every t.</summary>
    public double[] BeyondAll => _beyond;

    public static FigarchWeights At(GarchSpecification specification, ReadOnlySpan<double> theta) => new(
        specification.ArchOrder > 0 ? theta[specification.AlphaIndex] : 0,
        theta[specification.MemoryIndex],
        specification.GarchOrder > 0 ? theta[specification.BetaIndex] : 0);
}
