using System.Text.Json;

namespace Forecast.Api.Contracts;

/// <summary>Asks for a walk-forward back-test.</summary>
public sealed record BacktestBody
{
    /// <summary>Dataset by name or id, as <c>NAME[:SERIES,SERIES][@CALENDAR]</c>, several joined by <c>+</c>.</summary>
    public required string Data { get; init; }

    /// <summary>Model strings; the first is the baseline.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Rows forecast from each cutoff.</summary>
    public required int Horizon { get; init; }

    /// <summary>Rows from one cutoff to the next; default the horizon.</summary>
    public int? Step { get; init; }

    /// <summary><c>expanding</c> (default) or <c>rolling:N</c> rows.</summary>
    public string? Window { get; init; }

    /// <summary><c>every:K</c> folds (default <c>every:1</c>) or <c>never</c>.</summary>
    public string? Refit { get; init; }

    /// <summary>Rows left out between the last visible and the first forecast one.</summary>
    public int? Gap { get; init; }

    /// <summary>The first row forecast stands at or after this date (row number for index data).</summary>
    public string? From { get; init; }

    /// <summary>The last row forecast stands at or before this date.</summary>
    public string? To { get; init; }

    /// <summary>Rows before the first cutoff, when <c>from</c> is not given.</summary>
    public int? Initial { get; init; }

    /// <summary>Quantile levels, ascending; default 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>Tails at which VaR and expected shortfall are recorded and tested; they join the levels. Empty = none; absent = the levels up to 0.05 when the data are returns.</summary>
    public IReadOnlyList<double>? Risk { get; init; }

    /// <summary>Seed of everything random; default 1.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Frequency of the data, where the dataset does not state it.</summary>
    public string? Frequency { get; init; }

    /// <summary>Calendar of the data, where another than the dataset's is wanted.</summary>
    public string? Calendar { get; init; }

    /// <summary><c>none</c> (default), <c>log</c> or <c>simple</c>: turns prices into returns first.</summary>
    public string? Returns { get; init; }

    /// <summary>Trades on the forecasts: the report then shows equity, drawdown and measures beside buy and hold.</summary>
    public StrategyBody? Strategy { get; init; }
}

/// <summary>How forecasts become positions, and what trading costs.</summary>
public sealed record StrategyBody
{
    /// <summary><c>long-only</c> or <c>long-short</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>Cost as a fraction of each traded amount; default 0.0005.</summary>
    public double? Cost { get; init; }

    /// <summary>Expected return under which nothing is held; default 0.</summary>
    public double? Threshold { get; init; }

    /// <summary>0 (default): filled at the close of the decision; 1: at the next close.</summary>
    public int? Delay { get; init; }

    /// <summary>Rows that momentum rules look back; default 20.</summary>
    public IReadOnlyList<int>? Momentum { get; init; }

    /// <summary>Rows that contrarian rules look back; default 5.</summary>
    public IReadOnlyList<int>? Contrarian { get; init; }
}

/// <summary>A job and how far it is.</summary>
public sealed record JobBody
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Share done, 0 to 1, once known.</summary>
    public double? Progress { get; init; }

    /// <summary>What is being done, for people.</summary>
    public string? Message { get; init; }

    /// <summary>The run that it made; its address is <c>/v1/runs/{id}</c>.</summary>
    public string? RunId { get; init; }

    /// <summary>True once somebody asked for it to stop.</summary>
    public required bool CancelRequested { get; init; }

    /// <summary>How often a server began it.</summary>
    public required int Attempts { get; init; }

    public string? IdempotencyKey { get; init; }

    public required string CreatedAt { get; init; }

    public string? StartedAt { get; init; }

    public string? FinishedAt { get; init; }

    /// <summary>What it gave: for a back-test <c>runId</c>, <c>predictionsHash</c>, <c>predictions</c>, <c>failures</c> and <c>verdict</c>; for a pull <c>name</c>, <c>commit</c>, <c>files</c> and <c>bytesFetched</c>; for a retraining <c>name</c>, <c>candidate</c>, <c>state</c> and <c>reason</c>.</summary>
    public JsonElement? Result { get; init; }

    public JobError? Error { get; init; }
}

/// <summary>Why a job or run failed.</summary>
public sealed record JobError(string Type, string Code, string Detail);

/// <summary>An event of a job.</summary>
/// <param name="Seq">1, 2, 3, ... within the job; the id of the server-sent event.</param>
/// <param name="Kind"><c>queued</c>, <c>running</c>, <c>progress</c>, <c>cancelling</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="At">When it was written.</param>
/// <param name="Payload">Its facts; for <c>progress</c> a <c>share</c> (0 to 1) and a <c>message</c>.</param>
public sealed record EventBody(long Seq, string Kind, string At, JsonElement Payload);

/// <summary>Events of a job, in order.</summary>
/// <param name="Items">The events.</param>
/// <param name="Last">Number of the last one here: ask for what is after it.</param>
/// <param name="Ended">True when no more will come after these.</param>
public sealed record EventPage(IReadOnlyList<EventBody> Items, long Last, bool Ended);
