namespace Forecast.Models.Stl;

/// <summary>
/// Local regression on the positions 1..n (Cleveland 1979; Cleveland, Cleveland, McRae and Terpenning 1990, section 2.2):
/// at x the q nearest values get the tricube weights (1 - (|i - x| / h)^3)^3, h the distance of the farthest of them, and a
/// constant or a line is fitted to them. Not for use by several threads at once.
/// </summary>
/// <param name="window">q.</param>
/// <param name="degree">0 (constant) or 1 (line).</param>
/// <param name="jump">Only every jump-th value is fitted, the others are interpolated linearly.</param>
internal sealed class Loess(int window, int degree, int jump)
{
    private double[] _weights = [];

    /// <summary>Smooths <paramref name="y"/> into <paramref name="smooth"/>.</summary>
    /// <param name="y">Values at 1..n.</param>
    /// <param name="robustness">One more weight a value, or empty.</param>
    /// <param name="smooth">Receives n values.</param>
    public void Smooth(ReadOnlySpan<double> y, ReadOnlySpan<double> robustness, Span<double> smooth)
    {
        var n = y.Length;
        if (n == 1)
        {
            smooth[0] = y[0];
            return;
        }

        var step = Math.Min(jump, n - 1);
        var last = 0;
        for (var i = 0; i < n; i += step)
        {
            Place(y, robustness, i, smooth);
            Interpolate(smooth, last, i);
            last = i;
        }

        if (last < n - 1)
        {
            Place(y, robustness, n - 1, smooth);
            Interpolate(smooth, last, n - 1);
        }
    }

    /// <summary>The local fit at position <paramref name="x"/> (1-based, may lie outside 1..n); NaN when every weight is zero.</summary>
    public double At(ReadOnlySpan<double> y, ReadOnlySpan<double> robustness, int x)
    {
        var n = y.Length;
        var count = Math.Min(window, n);
        var left = Math.Clamp(x - ((window + 1) / 2) + 1, 1, n - count + 1);
        var right = left + count - 1;
        double h = Math.Max(x - left, right - x);
        if (window > n)
            h += (window - n) / 2;
        if (_weights.Length < count)
            _weights = new double[count];
        var w = _weights.AsSpan(0, count);
        var total = 0.0;
        for (var i = 0; i < count; i++)
        {
            var distance = Math.Abs(left + i - x);
            w[i] = Tricube(distance, h);
            if (!robustness.IsEmpty)
                w[i] *= robustness[left + i - 1];
            total += w[i];
        }

        if (!(total > 0))
            return double.NaN;
        foreach (ref var weight in w)
            weight /= total;
        if (h > 0 && degree > 0)
            Tilt(w, left, x, n);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += w[i] * y[left + i - 1];
        return sum;
    }

    private void Place(ReadOnlySpan<double> y, ReadOnlySpan<double> robustness, int i, Span<double> smooth)
    {
        var value = At(y, robustness, i + 1);
        smooth[i] = double.IsNaN(value) ? y[i] : value;
    }

    /// <summary>Turns weights of a local mean into those of a local line at <paramref name="x"/>.</summary>
    private static void Tilt(Span<double> w, int left, int x, int n)
    {
        var mean = 0.0;
        for (var i = 0; i < w.Length; i++)
            mean += w[i] * (left + i);
        var spread = 0.0;
        for (var i = 0; i < w.Length; i++)
            spread += w[i] * (left + i - mean) * (left + i - mean);
        if (!(Math.Sqrt(spread) > 0.001 * (n - 1)))
            return; // the values that count stand at one place: a line would be undetermined
        var slope = (x - mean) / spread;
        for (var i = 0; i < w.Length; i++)
            w[i] *= (slope * (left + i - mean)) + 1;
    }

    private static double Tricube(double distance, double h)
    {
        if (distance > 0.999 * h)
            return 0;
        if (distance <= 0.001 * h)
            return 1;
        var ratio = distance / h;
        var one = 1 - (ratio * ratio * ratio);
        return one * one * one;
    }

    private static void Interpolate(Span<double> smooth, int from, int to)
    {
        if (to - from < 2)
            return;
        var slope = (smooth[to] - smooth[from]) / (to - from);
        for (var j = from + 1; j < to; j++)
            smooth[j] = smooth[from] + (slope * (j - from));
    }
}
