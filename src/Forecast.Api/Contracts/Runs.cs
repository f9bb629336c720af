namespace Forecast.Api.Contracts;

/// <summary>A part of a list.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next">Give it as <c>after</c> for the next part; absent on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A back-test run and where its numbers come from.</summary>
public sealed record RunBody
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>finished</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The data as they were named.</summary>
    public required string Data { get; init; }

    public required string DataHash { get; init; }

    /// <summary>The stored data: an id that <c>/v1/datasets</c> knows.</summary>
    public string? DatasetId { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public required IReadOnlyList<double> Levels { get; init; }

    /// <summary>Tails at which VaR and expected shortfall were recorded and tested.</summary>
    public IReadOnlyList<double>? Risk { get; init; }

    public required PlanBody Plan { get; init; }

    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    public required string Engine { get; init; }

    public required int Threads { get; init; }

    /// <summary>What asked for it.</summary>
    public required string Command { get; init; }

    public required string CreatedAt { get; init; }

    public string? StartedAt { get; init; }

    public string? FinishedAt { get; init; }

    /// <summary>Hash over all predictions, once finished: equal hashes, equal runs.</summary>
    public string? PredictionsHash { get; init; }

    /// <summary>Work items by state; told for a single run.</summary>
    public RunItems? Items { get; init; }

    public JobError? Error { get; init; }

    /// <summary>The job that it belongs to; absent when a command line started it.</summary>
    public string? JobId { get; init; }

    /// <summary>The leakage certificate in short, once finished; the report has its lines.</summary>
    public CertificateBody? Certificate { get; init; }

    /// <summary>Series and cutoffs that gave no forecast; told for a single run.</summary>
    public RunFailures? Failures { get; init; }
}

/// <summary>What a leakage certificate says.</summary>
/// <param name="Verdict"><c>clean</c>, <c>contaminated</c> or <c>unknown</c>: the worst over the models.</param>
/// <param name="Exposure">For each model whether pre-trained weights may have seen the data, and why.</param>
/// <param name="Violations">Rules that a fold broke, the first hundred.</param>
/// <param name="ViolationCount">How many there are.</param>
/// <param name="Folds">Folds checked, over models.</param>
/// <param name="LatestAvailableAt">The latest publication that any fold could read.</param>
public sealed record CertificateBody(string Verdict, IReadOnlyDictionary<string, string> Exposure, IReadOnlyList<string> Violations, int ViolationCount, int Folds, string? LatestAvailableAt);

/// <summary>What gave no forecast.</summary>
/// <param name="Count">How many there are so far.</param>
/// <param name="Items">The first hundred.</param>
public sealed record RunFailures(int Count, IReadOnlyList<RunFailure> Items);

/// <summary>A series of a model that gave no forecast at a cutoff.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series id.</param>
/// <param name="Cutoff">The cutoff.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Detail">What was wrong.</param>
public sealed record RunFailure(string Model, string Series, string Cutoff, string Code, string Detail);

/// <summary>How a run walks through time.</summary>
public sealed record PlanBody(int Horizon, int Step, string Window, string Refit, int Gap, string? From, string? To, int? Initial);

/// <summary>Work items of a run by state.</summary>
public sealed record RunItems(int Total, int Pending, int Done, int Failed);

/// <summary>A score of a model on a series, or over all.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Series">Series id, or <c>all</c>.</param>
/// <param name="Name"><c>MAE RMSE MASE RMSSE sMAPE WQL CRPS coverage@0.9 ...</c></param>
/// <param name="Value">Absent when it has no value; the note says why.</param>
/// <param name="Count">Forecasts that it averages.</param>
/// <param name="Note">What to know about it.</param>
public sealed record MetricBody(string Model, string Series, string Name, double? Value, int Count, string? Note);

/// <summary>The scores of a run.</summary>
public sealed record MetricList(IReadOnlyList<MetricBody> Items);

/// <summary>One forecast of a run: a model, a series, a cutoff; arrays over its steps.</summary>
public sealed record PredictionBody
{
    /// <summary>Id of this forecast: <c>GET /v1/forecasts/{id}</c> tells where it came from.</summary>
    public required string ForecastId { get; init; }

    public required string Model { get; init; }

    public required string Series { get; init; }

    /// <summary>Number of the fold within its series.</summary>
    public required int Fold { get; init; }

    /// <summary>The last instant that could be read.</summary>
    public required string Cutoff { get; init; }

    public required IReadOnlyList<int> H { get; init; }

    public required IReadOnlyList<string> Timestamps { get; init; }

    /// <summary>What came true; null = missing.</summary>
    public required IReadOnlyList<double?> Actual { get; init; }

    public required IReadOnlyList<double?> Mean { get; init; }

    /// <summary>For each level, as text, the quantile of each step.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double?>> Quantiles { get; init; }

    /// <summary>For each risk tail, as text, the expected shortfall of each step, a positive loss; VaR is minus the quantile.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double?>>? Shortfalls { get; init; }

    public required IReadOnlyList<double?> Crps { get; init; }

    public required IReadOnlyList<double?> Pit { get; init; }
}
