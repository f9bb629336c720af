using System.Text.Json;

namespace Forecast.Api.Contracts;

/// <summary>Asks for a registered model to be trained anew, judged against its champion on the newest folds, and promoted by rule.</summary>
public sealed record RetrainingBody
{
    /// <summary>Name of the registered model; its first champion may come from here.</summary>
    public required string Name { get; init; }

    /// <summary>Dataset, as a back-test names it; with <c>ingest</c> a plain name, under which what is taken in is kept.</summary>
    public required string Data { get; init; }

    /// <summary>Where new data come from before anything else; without it they are those that were uploaded.</summary>
    public IngestBody? Ingest { get; init; }

    /// <summary>Model string of the candidate; default the champion's.</summary>
    public string? Model { get; init; }

    /// <summary>Rows forecast from each cutoff.</summary>
    public required int Horizon { get; init; }

    /// <summary>Quantile levels, ascending; default 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>Seed of everything random; default 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Frequency of the data, where the dataset does not state it.</summary>
    public string? Frequency { get; init; }

    /// <summary>Calendar of the data, where another than the dataset's is wanted.</summary>
    public string? Calendar { get; init; }

    /// <summary><c>none</c> (default), <c>log</c> or <c>simple</c>: turns prices into returns first.</summary>
    public string? Returns { get; init; }

    /// <summary>Newest folds on which candidate and champion are judged; default 20.</summary>
    public int? Folds { get; init; }

    /// <summary><c>always</c> (default): a candidate is made each time; <c>drift</c>: only when a drift monitor raises an alarm.</summary>
    public string? When { get; init; }

    /// <summary>True: a candidate that passes waits for <c>approve</c> or <c>reject</c>; default false.</summary>
    public bool? Approval { get; init; }

    /// <summary>When a candidate passes.</summary>
    public RuleBody? Rule { get; init; }
}

/// <summary>Where new data come from.</summary>
public sealed record IngestBody
{
    /// <summary><c>url</c>, <c>file</c> (of the tenant's inbox) or <c>postgres</c> (a connection that the operator has named).</summary>
    public required string Source { get; init; }

    /// <summary>The address, the file's name, or the connection's name.</summary>
    public required string From { get; init; }

    /// <summary>For <c>postgres</c>: a SELECT whose columns are a CSV's.</summary>
    public string? Query { get; init; }
}

/// <summary>When a candidate passes.</summary>
public sealed record RuleBody
{
    /// <summary><c>MAE</c>, <c>RMSE</c>, <c>MASE</c> (default), <c>RMSSE</c>, <c>sMAPE</c>, <c>WQL</c>, <c>CRPS</c> or <c>pinball</c>, over all series.</summary>
    public string? Metric { get; init; }

    /// <summary>The candidate's metric must be at most (1 - this) times the champion's; default 0.</summary>
    public double? MinImprovement { get; init; }

    /// <summary>How far the share of values below a quantile may lie from its level, where chance does not explain it; default 0.1.</summary>
    public double? Miscalibration { get; init; }

    /// <summary>Tails at which the candidate's VaR must pass Kupiec's and Christoffersen's tests; default none.</summary>
    public IReadOnlyList<double>? Risk { get; init; }

    /// <summary>A test fails under this p-value; default 0.01.</summary>
    public double? PValue { get; init; }
}

/// <summary>Why a candidate is approved or rejected.</summary>
public sealed record DecisionBody
{
    /// <summary>For people.</summary>
    public required string Reason { get; init; }
}

/// <summary>A retraining and what became of it.</summary>
public sealed record RetrainingAnswer
{
    /// <summary>Id of its job.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the registered model.</summary>
    public required string Name { get; init; }

    /// <summary>The schedule that asked for it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>Version of the candidate; absent when none was made.</summary>
    public int? Candidate { get; init; }

    /// <summary><c>promoted</c>, <c>rejected</c>, <c>awaiting</c> (approval) or <c>kept</c> (the champion stays, no candidate was made).</summary>
    public required string State { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    public required string CreatedAt { get; init; }

    /// <summary>Key of whoever decided, where somebody had to.</summary>
    public string? DecidedBy { get; init; }

    public string? DecidedAt { get; init; }

    /// <summary>
    /// All that was looked at: <c>data</c>, <c>dataHash</c>, <c>model</c>, <c>champion</c>, <c>drift</c> (of the data and of the champion's errors), <c>contest</c> (scores,
    /// calibration and VaR tests on the newest folds) and <c>checks</c> (the rule's questions and answers). Told for a single one.
    /// </summary>
    public JsonElement? Findings { get; init; }
}

/// <summary>What the drift monitors said the last time that a schedule's retraining looked.</summary>
/// <param name="RetrainingId">The retraining; absent before the first.</param>
/// <param name="At">When it looked.</param>
/// <param name="Champion">The champion that was watched; absent without one.</param>
/// <param name="Drift">PSI, shifts of mean, variance and missing rate of each series, and the CUSUM of the champion's errors; absent without a champion.</param>
public sealed record DriftBody(string? RetrainingId, string? At, string? Champion, JsonElement? Drift);
