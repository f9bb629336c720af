using Forecast.Core.Forecasting;
using NodaTime;

namespace Forecast.Backtest.Results;

/// <summary>One forecast of one row, and what came true.</summary>
public sealed record PredictionRow
{
    public required string Model { get; init; }

    public required string Series { get; init; }

    /// <summary>Number of the fold within its series, from 0 in time.</summary>
    public required int Fold { get; init; }

    /// <summary>The last instant that the model could read.</summary>
    public required Instant Cutoff { get; init; }

    /// <summary>Step ahead of the last visible row, from 1; an embargo of g rows makes the first one g + 1.</summary>
    public required int H { get; init; }

    /// <summary>Date of the step by frequency and calendar, as it was known at the cutoff.</summary>
    public required Instant Timestamp { get; init; }

    /// <summary>Event time of the row that was then observed.</summary>
    public required Instant ObservedAt { get; init; }

    /// <summary>What came true; NaN if it is missing.</summary>
    public required double Actual { get; init; }

    public required double Mean { get; init; }

    /// <summary>Quantiles in the order of the run's levels; NaN where the model has no such level.</summary>
    public required double[] Quantiles { get; init; }

    /// <summary>Continuous ranked probability score of the whole distribution; NaN where the model has none.</summary>
    public double Crps { get; init; } = double.NaN;

    /// <summary>Probability integral transform F(actual); NaN where the model has none.</summary>
    public double Pit { get; init; } = double.NaN;

    /// <summary>Expected shortfall at each of the run's risk tails, a positive loss; NaN where the model gives none. Empty when the run has no tails.</summary>
    public double[] Shortfalls { get; init; } = [];
}

/// <summary>What one fold could read: a line of the leakage certificate.</summary>
/// <param name="Series">Series of the fold (the first of its shard for a global model).</param>
/// <param name="Fold">Number of the fold.</param>
/// <param name="Cutoff">The last instant that could be read.</param>
/// <param name="FitCutoff">The cutoff at which the parameters in use were fitted; never after <paramref name="Cutoff"/>.</param>
/// <param name="FitFrom">First row that the fit, and every transform inside it, was estimated on.</param>
/// <param name="LatestAvailableAt">The latest publication among all values visible at the cutoff; never after it.</param>
/// <param name="FirstTarget">Event time of the first row that was forecast; always after <paramref name="Cutoff"/>.</param>
public sealed record FoldRecord(string Series, int Fold, Instant Cutoff, Instant FitCutoff, Instant FitFrom, Instant LatestAvailableAt, Instant FirstTarget);

/// <summary>What one fit cost and how it ended.</summary>
public sealed record FitRecord(string Series, Instant FitCutoff, ulong Seed, bool Converged, IReadOnlyDictionary<string, double> Parameters, IReadOnlyList<string> Notes);

/// <summary>A series of a block that could not be fitted or forecast: kept beside the others' results.</summary>
public sealed record SeriesFailure(string Model, string Series, Instant Cutoff, string Code, string Message);

/// <summary>A forecast whose quantiles crossed and were re-ordered before they were shown.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series id.</param>
/// <param name="Fold">Number of the fold.</param>
/// <param name="Steps">How many of its steps were re-ordered.</param>
public sealed record QuantileRepair(string Model, string Series, int Fold, int Steps);

/// <summary>The smallest unit of work: one model, one shard of series, the folds between two refits; none where no fold fits the shard.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Shard">Number of the shard: the series that are worked on together.</param>
/// <param name="Series">Their ids.</param>
/// <param name="Block">Number of the block within the shard, in time.</param>
/// <param name="FitCutoff">Where the block's parameters are fitted; the last row of a shard without folds.</param>
/// <param name="Folds">The folds of the block.</param>
public sealed record WorkItem(string Model, int Shard, IReadOnlyList<string> Series, int Block, Instant FitCutoff, IReadOnlyList<WorkFold> Folds)
{
    /// <summary>Unique within a run: the key under which the result is committed once.</summary>
    public string Key => $"{Model}|{Shard}|{Block}";

    /// <summary>Series of the shard that no fold of the plan fits: told once, by the first item of the shard.</summary>
    public IReadOnlyList<RefusedSeries> Refused { get; init; } = [];
}

/// <summary>A series that no fold fits.</summary>
/// <param name="Series">Series id.</param>
/// <param name="Code">Stable kind, as <c>series-too-short</c>.</param>
/// <param name="Message">Why, and what would fit.</param>
public sealed record RefusedSeries(string Series, string Code, string Message);

/// <summary>A fold of a work item.</summary>
/// <param name="Index">Number within its shard, from 0 in time.</param>
/// <param name="Cutoff">The last instant that may be read.</param>
/// <param name="Series">Series that have a new row at this cutoff and are forecast from it.</param>
public sealed record WorkFold(int Index, Instant Cutoff, IReadOnlyList<string> Series);

/// <summary>Something that a reader of the numbers should know though nothing failed: a level that the model does not have.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series id.</param>
/// <param name="Text">What is to be known.</param>
/// <param name="Count">Forecasts that it holds for.</param>
public sealed record ModelNote(string Model, string Series, string Text, int Count);

/// <summary>Everything that working on an item gave.</summary>
public sealed record BlockResult
{
    public required WorkItem Item { get; init; }

    public required IReadOnlyList<PredictionRow> Predictions { get; init; }

    public required IReadOnlyList<FoldRecord> Folds { get; init; }

    public required IReadOnlyList<FitRecord> Fits { get; init; }

    public required IReadOnlyList<SeriesFailure> Failures { get; init; }

    /// <summary>Forecasts with re-ordered quantiles; null = nobody counted.</summary>
    public IReadOnlyList<QuantileRepair>? Repairs { get; init; }

    public IReadOnlyList<ModelNote> Notes { get; init; } = [];

    /// <summary>Seconds spent fitting.</summary>
    public double FitSeconds { get; init; }

    /// <summary>Seconds spent conditioning and predicting.</summary>
    public double PredictSeconds { get; init; }

    /// <summary>Who did it.</summary>
    public string Worker { get; init; } = "";

    public string Device { get; init; } = "cpu";

    public PretrainingExposure Exposure { get; init; }
}

/// <summary>A score of one model on one series (or over all, <see cref="Series"/> = "all").</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series id, or <c>all</c>.</param>
/// <param name="Name">Name as printed: <c>MAE RMSE MASE RMSSE sMAPE WQL CRPS pinball@0.05 coverage@0.9 winkler@0.9 ...</c></param>
/// <param name="Value">NaN when it has no value, with the reason in <paramref name="Note"/>.</param>
/// <param name="Count">Forecasts that it averages.</param>
/// <param name="Note">Why there is no value, or what the value leaves out; else empty.</param>
public sealed record MetricValue(string Model, string Series, string Name, double Value, int Count, string Note = "");
