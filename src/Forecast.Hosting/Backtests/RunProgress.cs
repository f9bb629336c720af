namespace Forecast.Hosting.Backtests;

/// <summary>How far a back-test is.</summary>
/// <param name="Folds">Folds of the whole run, over models and series.</param>
/// <param name="FoldsDone">Folds committed, and those done in blocks that this process is working on.</param>
/// <param name="Workers">Work items done at once here.</param>
public sealed record RunProgress(int Folds, int FoldsDone, int Workers);
