using MathNet.Numerics.LinearAlgebra.Double;

namespace Forecast.Models.LinearAr;

/// <summary>
/// Normal equations of the direct multi-horizon regression of H targets on L look-back values and a constant, all in units of the
/// window: z = (y - mean) / sd over the look-back. Window w counts with weight min(1, 5 sd_w / sd)^2, sd
/// the deviation of its series, so that a quiet window followed by a jump, which is huge in that window's unit, does not rule the fit.
/// </summary>
/// <param name="lookback">L.</param>
/// <param name="horizon">H.</param>
internal sealed class WindowRegression(int lookback, int horizon)
{
    private const int Block = 64;

    /// <summary>Windows that move less than this share of their series' deviation count for less.</summary>
    private const double Quiet = 0.2;

    private readonly int _columns = lookback + 1 + horizon;
    private readonly double[] _gram = new double[(lookback + 1) * (lookback + 1 + horizon)];
    private readonly double[] _block = new double[(lookback + 1 + horizon) * Block];
    private double _weights;
    private int _used;

    /// <summary>Windows that were added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one window; the caller leaves out windows with a missing target or without a scale.</summary>
    /// <param name="inputs">L values.</param>
    /// <param name="targets">H values.</param>
    /// <param name="deviation">sd of the series, positive.</param>
    public void Add(ReadOnlySpan<double> inputs, ReadOnlySpan<double> targets, double deviation)
    {
        var (mean, sd) = Moments(inputs);
        var root = Math.Min(1, sd / (Quiet * deviation));
        for (var i = 0; i < lookback; i++) _block[(i * Block) + _used] = root * (inputs[i] - mean) / sd;
        _block[(lookback * Block) + _used] = root;
        for (var h = 0; h < horizon; h++) _block[((lookback + 1 + h) * Block) + _used] = root * (targets[h] - mean) / sd;
        _weights += root * root;
        Count++;
        if (++_used == Block) Flush();
    }

    /// <summary>
    /// Coefficients [L + 1, H], row by row, that minimise sum_w weight_w |y_w - x_w B|^2 + ridge * (sum_w weight_w) * |B|^2, the
    /// constant unpenalised.
    /// </summary>
    public double[] Solve(double ridge)
    {
        if (_used > 0) Flush();
        var normal = DenseMatrix.Create(lookback + 1, lookback + 1, (i, j) => _gram[(Math.Min(i, j) * _columns) + Math.Max(i, j)]);
        for (var i = 0; i < lookback; i++) normal[i, i] += (ridge * _weights) + (1e-12 * normal[i, i]);
        var cross = DenseMatrix.Create(lookback + 1, horizon, (i, h) => _gram[(i * _columns) + lookback + 1 + h]);
        return normal.Cholesky().Solve(cross).ToRowMajorArray();
    }

    /// <summary>Forecasts of steps 1..H in units of the window.</summary>
    public static void Predict(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> inputs, double mean, double sd, Span<double> output)
    {
        var horizon = output.Length;
        coefficients[^horizon..].CopyTo(output);
        for (var i = 0; i < inputs.Length; i++)
        {
            var z = (inputs[i] - mean) / sd;
            var row = coefficients.Slice(i * horizon, horizon);
            for (var h = 0; h < horizon; h++) output[h] += z * row[h];
        }
    }

    /// <summary>Mean and standard deviation (divisor L) of a window; of equal values exactly that value and 0.</summary>
    public static (double Mean, double Sd) Moments(ReadOnlySpan<double> window)
    {
        if (Training.Lookback.IsConstant(window)) return (window[0], 0);
        double mean = 0, squares = 0;
        foreach (var v in window) mean += v / window.Length;
        foreach (var v in window) squares += (v - mean) * (v - mean);
        return (mean, Math.Sqrt(squares / window.Length));
    }

    private void Flush()
    {
        for (var i = 0; i <= lookback; i++)
        {
            var a = _block.AsSpan(i * Block, _used);
            for (var j = i; j < _columns; j++) _gram[(i * _columns) + j] += Dot(a, _block.AsSpan(j * Block, _used));
        }

        _used = 0;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = System.Numerics.Vector<double>.Zero;
        var width = System.Numerics.Vector<double>.Count;
        var t = 0;
        for (; t + width <= a.Length; t += width) sum += new System.Numerics.Vector<double>(a[t..]) * new System.Numerics.Vector<double>(b[t..]);
        var rest = System.Numerics.Vector.Sum(sum);
        for (; t < a.Length; t++) rest += a[t] * b[t];
        return rest;
    }
}
