using System.Numerics;
using System.Runtime.InteropServices;
using Forecast.Core;
using Forecast.Core.Numerics;

namespace Forecast.Models.Garch;

/// <summary>
/// Simulated futures of GARCH, many paths an instruction: the recursions of <see cref="GarchProjection.Simulate"/> run over blocks of paths,
/// each operation in the same order, so that both give the same bits for the same seed.
/// </summary>
/// <param name="specification">Orders and distribution.</param>
/// <param name="theta">Parameters.</param>
/// <param name="path">The sample filtered at these parameters.</param>
/// <param name="levels">Last values of the 0th..(d-1)th differences.</param>
/// <param name="law">Where future z come from; null takes the fitted distribution.</param>
internal sealed class GarchPaths(GarchSpecification specification, double[] theta, GarchPath path, double[] levels, FutureLaw? law = null)
{
    /// <summary>Draws of a block: small enough for the first-level caches.</summary>
    private const int BlockDraws = 2048;

    /// <summary>Numbers of one simulation: 400 MB.</summary>
    private const int MostValues = 50_000_000;

    private readonly int _lags = GarchProjection.Lags(specification);

    /// <summary>Step by step, one value a path; path i is the same whatever the number of paths.</summary>
    /// <param name="count">Paths.</param>
    /// <param name="skip">Steps that are simulated but not kept: they lie before the forecast.</param>
    /// <param name="horizon">Steps kept.</param>
    /// <param name="seed">Same seed, same paths.</param>
    /// <exception cref="ForecastException"><c>paths-too-many</c>: paths times steps is beyond what memory should be asked for.</exception>
    public double[][] Simulate(int count, int skip, int horizon, ulong seed)
    {
        if ((long)count * horizon > MostValues)
            throw new ForecastException("paths-too-many", $"{count} paths of {horizon} steps are more than {MostValues} numbers; ask for fewer of either", "paths");
        var steps = new double[horizon][];
        for (var k = 0; k < horizon; k++) steps[k] = new double[count];
        var total = skip + horizon;
        var width = Math.Min(Math.Max(BlockDraws / total, 1), count);
        var block = new Block((width + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count, _lags, total, levels.Length);
        block.Begin(GarchProjection.Tail(path.Deviation, 0, _lags, 0), GarchProjection.Tail(path.Residual, 0, _lags, 0), GarchProjection.Tail(path.SquaredInput, path.Presample, _lags, 0), GarchProjection.Tail(path.Variance, path.Presample, _lags, 0));
        var future = law ?? FutureLaw.Of(specification.CreateInnovation(theta));
        var random = new RandomSource(seed);
        var draws = new double[width * total];
        for (var first = 0; first < count; first += width)
        {
            var paths = Math.Min(width, count - first);
            future.Fill(random, draws.AsSpan(0, paths * total));
            for (var j = 0; j < levels.Length; j++) block.Level(j).Fill(levels[j]);
            for (var k = 0; k < total; k++)
            {
                var z = block.Draws;
                for (var p = 0; p < paths; p++) z[p] = draws[(p * total) + k];
                var values = Step(block, _lags + k);
                if (k >= skip) values[..paths].CopyTo(steps[k - skip].AsSpan(first));
            }
        }

        return steps;
    }

    /// <summary>One step of all paths of a block; gives their values.</summary>
    private Span<double> Step(Block block, int at)
    {
        var z = Wide(block.Draws);
        Span<Vector<double>> h = Wide(block.Variance(at)), e = Wide(block.Residual(at)), s = Wide(block.Squared(at)), y = Wide(block.Deviation(at));
        h.Fill(new Vector<double>(theta[specification.OmegaIndex]));
        for (var i = 1; i <= specification.ArchOrder; i++) Add(h, theta[specification.AlphaIndex + i - 1], Wide(block.Squared(at - i)));
        for (var j = 1; j <= specification.GarchOrder; j++) Add(h, theta[specification.BetaIndex + j - 1], Wide(block.Variance(at - j)));
        y.Clear();
        for (var i = 1; i <= specification.ArOrder; i++) Add(y, theta[specification.ArIndex + i - 1], Wide(block.Deviation(at - i)));
        for (var j = 1; j <= specification.MaOrder; j++) Add(y, theta[specification.MaIndex + j - 1], Wide(block.Residual(at - j)));
        var mu = new Vector<double>(specification.Mean(theta));
        for (var p = 0; p < z.Length; p++)
        {
            e[p] = Vector.SquareRoot(h[p]) * z[p];
            s[p] = e[p] * e[p];
            y[p] += e[p];
            z[p] = mu + y[p];
        }

        for (var j = levels.Length - 1; j >= 0; j--)
        {
            var level = Wide(block.Level(j));
            for (var p = 0; p < z.Length; p++) z[p] = level[p] += z[p];
        }

        return block.Draws;
    }

    private static void Add(Span<Vector<double>> sum, double factor, Span<Vector<double>> terms)
    {
        var f = new Vector<double>(factor);
        for (var p = 0; p < sum.Length; p++) sum[p] += f * terms[p];
    }

    private static Span<Vector<double>> Wide(Span<double> row) => MemoryMarshal.Cast<double, Vector<double>>(row);

    /// <summary>The state of a block of paths: a row a time step, the lags first, and an entry a path.</summary>
    private sealed class Block(int width, int lags, int steps, int differences)
    {
        private readonly double[] _y = new double[width * (lags + steps)];
        private readonly double[] _e = new double[width * (lags + steps)];
        private readonly double[] _s = new double[width * (lags + steps)];
        private readonly double[] _h = new double[width * (lags + steps)];
        private readonly double[] _levels = new double[width * differences];
        private readonly double[] _z = new double[width];

        /// <summary>The draws of the step, which its values then replace.</summary>
        public Span<double> Draws => _z;

        public Span<double> Deviation(int at) => _y.AsSpan(at * width, width);

        public Span<double> Residual(int at) => _e.AsSpan(at * width, width);

        public Span<double> Squared(int at) => _s.AsSpan(at * width, width);

        public Span<double> Variance(int at) => _h.AsSpan(at * width, width);

        public Span<double> Level(int difference) => _levels.AsSpan(difference * width, width);

        /// <summary>The past, which all paths share.</summary>
        public void Begin(double[] y, double[] e, double[] s, double[] h)
        {
            for (var i = 0; i < lags; i++)
            {
                Deviation(i).Fill(y[i]);
                Residual(i).Fill(e[i]);
                Squared(i).Fill(s[i]);
                Variance(i).Fill(h[i]);
            }
        }
    }
}
