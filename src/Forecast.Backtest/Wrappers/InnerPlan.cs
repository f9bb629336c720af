namespace Forecast.Backtest.Wrappers;

/// <summary>
/// How a wrapper walks forward inside the history that it was given. Folds are counted from the end of that history, since what a model did
/// lately says most about what it will do; the outer walk-forward stays honest, for the history ends at its cutoff.
/// </summary>
/// <param name="Horizon">Steps forecast from each inner cutoff.</param>
/// <param name="Folds">Inner cutoffs at most.</param>
/// <param name="Step">Rows from one to the next.</param>
/// <param name="RefitEvery">Inner folds between two fits; null = one fit at the first, then conditioning.</param>
/// <param name="Partial">Whether cutoffs may stand so late that only the first steps have come true.</param>
internal sealed record InnerPlan(int Horizon, int Folds, int Step, int? RefitEvery, bool Partial)
{
    private const int UsualPoints = 36;
    private const int FewestFolds = 3;

    /// <summary>
    /// Folds of the whole horizon that do not overlap: 36 steps in all, but at least 3 folds. Half of the history stays with the first fit;
    /// where the horizon does not fit into the other half it is cut to it.
    /// </summary>
    public static InnerPlan ToCompare(int rows, int horizon, int? folds, int? refitEvery)
    {
        var steps = Math.Max(1, Math.Min(horizon, rows / 2));
        return new InnerPlan(steps, folds ?? Math.Max(FewestFolds, (UsualPoints + steps - 1) / steps), steps, refitEvery, Partial: false);
    }

    /// <summary>Every row is a cutoff: as many errors as asked for at each step, as far as half of the history goes.</summary>
    public static InnerPlan ToCalibrate(int horizon, int errors, int? refitEvery) => new(horizon, errors + horizon - 1, 1, refitEvery, Partial: true);

    /// <summary>Rows visible at each inner cutoff, ascending; empty when the history is too short for any.</summary>
    public IReadOnlyList<int> Cutoffs(int rows)
    {
        var cutoffs = new List<int>();
        var least = Math.Max(1, (rows + 1) / 2);
        for (var visible = rows - (Partial ? 1 : Horizon); visible >= least && cutoffs.Count < Folds; visible -= Step) cutoffs.Add(visible);
        cutoffs.Reverse();
        return cutoffs;
    }
}
