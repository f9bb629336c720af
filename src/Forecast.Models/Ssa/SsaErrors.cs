namespace Forecast.Models.Ssa;

/// <summary>
/// How far forecasts from inside the sample were off. Every window of L rows is projected on the signal space and continued, which is
/// linear in its r coordinates; the mean squared error h steps later, r degrees of freedom taken off, is one answer. Since that space knew
/// the rows, <see cref="SsaTrials"/> give another; the variance of step h is the larger. Each is known from about nu = windows / h stretches
/// that do not overlap, so that an error over its root is Student's t with nu degrees of freedom; the normal law whose 10 % and 90 %
/// points are those has (1 + 2 / nu) times the variance, to 8 % from nu = 2 on.
/// </summary>
/// <remarks>
/// A step that fewer than 8 windows reach grows from the last one that is known as 1 + sum_(j&lt;h) psi_j^2 does, psi the responses of
/// the recurrence to a shock; where no step is known, the residuals of the reconstruction stand in for step 1. Variances never fall
/// with the step.
/// </remarks>
internal static class SsaErrors
{
    private const int Fewest = 8;

    /// <param name="space">The signal space.</param>
    /// <param name="y">Values without gaps.</param>
    /// <param name="horizon">Steps.</param>
    public static double[] Variances(SignalSpace space, double[] y, int horizon)
    {
        var reached = Math.Min(horizon, y.Length - space.Window - Fewest + 1);
        var known = reached > 0 ? MeanSquares(space, y, reached) : [ResidualVariance(space, y)];
        var trial = SsaTrials.Of(y, space.Window, [Math.Max(1, space.Rank)], known.Length)[0];
        for (var h = 0; h < known.Length; h++)
        {
            known[h] *= Doubt(y.Length - space.Window - h, h);
            if (trial.Counts[h] >= Fewest) known[h] = Math.Max(known[h], trial.MeanSquare(h) * Doubt(trial.Counts[h], h));
        }

        for (var h = 1; h < known.Length; h++) known[h] = Math.Max(known[h], known[h - 1]);
        return Extended(space, known, horizon);
    }

    /// <summary>1 + 2 / nu, nu at least 1.</summary>
    private static double Doubt(int windows, int step) => 1 + (2.0 * (step + 1) / Math.Max(step + 1, windows));

    /// <summary>The variances of more steps than are known.</summary>
    public static double[] Extended(SignalSpace space, double[] known, int horizon)
    {
        if (horizon <= known.Length) return known[..horizon];
        var growth = Growth(space, horizon);
        var variances = new double[horizon];
        known.CopyTo(variances, 0);
        for (var h = known.Length; h < horizon; h++) variances[h] = known[^1] * (growth[h] / growth[known.Length - 1]);
        return variances;
    }

    /// <summary>Mean squared errors of steps 1 .. horizon over all windows that have that many rows after them.</summary>
    private static double[] MeanSquares(SignalSpace space, double[] y, int horizon)
    {
        var reach = space.Reach(horizon);
        var coordinates = space.Basis.Select(u => TrajectorySpectrum.Factor(y, u)).ToArray();
        var squares = new double[horizon];
        var error = new double[y.Length];
        for (var h = 0; h < horizon; h++)
        {
            var windows = y.Length - space.Window - h;
            var row = error.AsSpan(0, windows);
            y.AsSpan(space.Window + h, windows).CopyTo(row);
            for (var k = 0; k < coordinates.Length; k++) VectorMath.Add(row, -reach[h][k], coordinates[k]);
            squares[h] = VectorMath.Dot(row, row) / Math.Max(1, windows - space.Rank);
        }

        return squares;
    }

    /// <summary>1 + sum of the squared responses before each step.</summary>
    private static double[] Growth(SignalSpace space, int horizon)
    {
        var order = space.Window - 1;
        var response = new double[order + horizon];
        response[order] = 1;
        var growth = new double[horizon];
        growth[0] = 1;
        for (var h = 1; h < horizon; h++)
        {
            response[order + h] = VectorMath.Dot(space.Recurrence, response.AsSpan(h, order));
            growth[h] = growth[h - 1] + (response[order + h] * response[order + h]);
        }

        return growth;
    }

    private static double ResidualVariance(SignalSpace space, double[] y)
    {
        var signal = space.Project(y);
        var squares = 0.0;
        for (var t = 0; t < y.Length; t++) squares += (y[t] - signal[t]) * (y[t] - signal[t]);
        return squares / Math.Max(1, y.Length - (2 * space.Rank));
    }
}
