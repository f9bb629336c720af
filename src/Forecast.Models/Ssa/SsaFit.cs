using Forecast.Core;

namespace Forecast.Models.Ssa;

/// <summary>
/// Basic singular spectrum analysis of one series (Golyandina, Nekrutkin and Zhigljavsky 2001): the L x K trajectory matrix of the
/// values, K = n - L + 1, its singular value decomposition, and the first r triples as signal.
/// </summary>
public sealed class SsaFit
{
    private readonly double[] _values;
    private readonly double _scale;
    private readonly TrajectorySpectrum _spectrum;

    private SsaFit(SsaSample sample, TrajectorySpectrum spectrum, SignalSpace space)
    {
        (_values, _scale, _spectrum, Space) = (sample.Values, sample.Scale, spectrum, space);
        Observed = sample.Observed;
        SingularValues = Array.ConvertAll(spectrum.Values, s => s * _scale);
    }

    public int Window => Space.Window;

    /// <summary>r: that asked for, or the number of singular values that are not rounding where that is less.</summary>
    public int Rank => Space.Rank;

    /// <summary>Rows that were observed.</summary>
    public int Observed { get; }

    /// <summary>The leading singular values, at least as many as the rank, in the data's unit.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>Each s_k^2 over the sum of all of them.</summary>
    public IReadOnlyList<double> Shares => Array.ConvertAll(_spectrum.Values, s => _spectrum.Total > 0 ? s * s / _spectrum.Total : 0);

    /// <summary>Coefficients of the linear recurrence on the L - 1 values before, oldest first.</summary>
    public IReadOnlyList<double> Recurrence => Space.Recurrence;

    /// <summary>nu^2: sum of the squared last entries of the signal's singular vectors.</summary>
    public double Verticality => Space.Verticality;

    /// <summary>Whether the filling of gaps came to rest.</summary>
    public bool Converged { get; private init; } = true;

    internal SignalSpace Space { get; }

    /// <summary>Decomposes a series.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing; gaps inside are filled with the signal, repeatedly.</param>
    /// <param name="window">L, 2 .. n - 1.</param>
    /// <param name="rank">r, 1 .. min(L - 1, K).</param>
    /// <param name="triples">Singular triples to keep for <see cref="Component"/> and the rest; at least the rank are.</param>
    /// <param name="period">Season by which gaps are bridged at first.</param>
    /// <exception cref="ForecastException">Too short, all missing, infinite; a signal space that contains the last unit vector.</exception>
    public static SsaFit Of(string series, ReadOnlySpan<double> values, int window, int rank, int triples = 0, int period = 1)
    {
        var sample = SsaSample.Of(series, values, period);
        Check(series, sample, window, rank);
        var converged = sample.Fill(y => Decompose(y, window, rank).Space.Project(y));
        var (spectrum, space) = Decompose(sample.Values, window, rank, triples);
        if (space.Verticality > 1 - 1e-10)
            throw new ForecastException("ssa-vertical", $"series '{series}': the signal space of window {window} and rank {rank} contains the last unit vector, so that nothing can be continued; ask for a longer window or a lower rank", "model", series);
        return new SsaFit(sample, spectrum, space) { Converged = converged };
    }

    /// <summary>The signal: the first r components together.</summary>
    public double[] Reconstruction() => Unscaled(Space.Project(_values));

    /// <summary>One elementary series: the anti-diagonal means of s_k u_k v_k'.</summary>
    /// <param name="k">From 0.</param>
    public double[] Component(int k)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(k, _spectrum.Values.Length);
        var sum = new double[_values.Length];
        SignalSpace.AddComponent(sum, _spectrum.Left[k], _spectrum.Factors[k]);
        SignalSpace.Average(sum, Window);
        return Unscaled(sum);
    }

    /// <summary>
    /// Absolute w-correlations of the first components: correlations of the elementary series without centring, each row weighted by
    /// the length of its anti-diagonal.
    /// </summary>
    public double[][] WeightedCorrelations(int count)
    {
        var components = Enumerable.Range(0, count).Select(Component).ToArray();
        var weighted = Array.ConvertAll(components, c => (double[])c.Clone());
        var n = _values.Length;
        var shorter = Math.Min(Window, n - Window + 1);
        foreach (var c in weighted)
        {
            for (var t = 0; t < n; t++) c[t] *= Math.Min(shorter, Math.Min(t + 1, n - t));
        }

        var correlations = new double[count][];
        for (var i = 0; i < count; i++)
        {
            correlations[i] = new double[count];
            for (var j = 0; j < count; j++)
                correlations[i][j] = Math.Abs(VectorMath.Dot(weighted[i], components[j])) / Math.Sqrt(VectorMath.Dot(weighted[i], components[i]) * VectorMath.Dot(weighted[j], components[j]));
        }

        return correlations;
    }

    /// <summary>Point forecasts of the steps after the last observation.</summary>
    public double[] Forecast(int horizon, SsaForecastMethod method) => Unscaled(Continue(Space, _values, horizon, method));

    /// <summary>Variances of the forecasts' errors; see <see cref="SsaErrors"/>.</summary>
    public double[] Variances(int horizon) => Array.ConvertAll(SsaErrors.Variances(Space, _values, horizon), v => v * _scale * _scale);

    internal static double[] Continue(SignalSpace space, double[] values, int horizon, SsaForecastMethod method) => method == SsaForecastMethod.Vector
        ? space.ContinueVectors(values, horizon)
        : space.ContinueRecurrently(space.Project(values), horizon);

    internal static void Check(string series, SsaSample sample, int window, int rank)
    {
        var n = sample.Values.Length;
        if (n < Math.Max(3, window + 1) || rank > n - window + 1)
            throw new ForecastException("series-too-short", $"series '{series}' has {n} rows between its first and last observation; ssa({window},{rank}) needs at least {Math.Max(Math.Max(3, window + 1), window + rank - 1)}", "data", series);
        if (sample.Observed < 3)
            throw new ForecastException("series-too-short", $"series '{series}' has {sample.Observed} observations; ssa needs at least 3", "data", series);
    }

    private static (TrajectorySpectrum Spectrum, SignalSpace Space) Decompose(double[] y, int window, int rank, int triples = 0)
    {
        var spectrum = TrajectorySpectrum.Of(y, window, Math.Max(rank, triples));
        return (spectrum, new SignalSpace(spectrum.Left[..Math.Min(rank, spectrum.NumericalRank)], window));
    }

    private double[] Unscaled(double[] values) => Array.ConvertAll(values, v => v * _scale);
}
