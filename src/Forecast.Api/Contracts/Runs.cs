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

/// <summary>Parts of a finished run's report.</summary>
public sealed record RunPartList(IReadOnlyList<RunPartBody> Items);

/// <summary>A part of a report.</summary>
/// <param name="Id">What to ask for it by.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Absence">Why there is nothing to show.</param>
/// <param name="Html">Its content, when it was asked for: values are escaped; charts stand as JSON in script elements of type <c>application/json</c>.</param>
public sealed record RunPartBody(string Id, string Title, string? Absence, string? Html);

/// <summary>Losses by series and step ahead.</summary>
/// <param name="Score">The loss.</param>
/// <param name="Steps">Steps ahead: the columns.</param>
/// <param name="Series">Series: the rows.</param>
/// <param name="Models">The models in the order of the run; the first is the baseline.</param>
public sealed record HeatBody(string Score, IReadOnlyList<int> Steps, IReadOnlyList<string> Series, IReadOnlyList<ModelHeatBody> Models);

/// <summary>Losses of a model.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Loss">For each series the mean loss of each step.</param>
/// <param name="Ratio">For each series ln(loss / loss of the baseline) of each step, over the folds that both have; below 0 the model is better.</param>
public sealed record ModelHeatBody(string Model, IReadOnlyList<IReadOnlyList<double?>> Loss, IReadOnlyList<IReadOnlyList<double?>> Ratio);

/// <summary>Models of one or several runs on the forecasts that all of them made.</summary>
/// <param name="Score">The loss: <c>CRPS</c> where all have one, else <c>MAE</c>.</param>
/// <param name="Series">Series that all have.</param>
/// <param name="Cutoffs">Cutoffs that all have.</param>
/// <param name="Common">Forecasts that all have.</param>
/// <param name="LeftOut">Forecasts that some have and others not.</param>
/// <param name="Entries">In the order asked; the first is the baseline.</param>
/// <param name="Pairs">Diebold-Mariano tests of every pair, adjusted together (Holm).</param>
public sealed record ComparisonBody(string Score, IReadOnlyList<string> Series, int Cutoffs, int Common, int LeftOut, IReadOnlyList<ComparedBody> Entries, IReadOnlyList<ComparedPairBody> Pairs);

/// <summary>One model of one run.</summary>
/// <param name="Run">Run id.</param>
/// <param name="Model">Model string.</param>
/// <param name="Ratio">Geometric mean over the series of its loss over the baseline's.</param>
/// <param name="Mae">The same of absolute errors.</param>
/// <param name="Rank">Mean rank over the series.</param>
/// <param name="RankHalf">Half of the 95 % interval of the mean rank; absent for one series.</param>
/// <param name="Losses">Mean loss on each series.</param>
public sealed record ComparedBody(string Run, string Model, double? Ratio, double? Mae, double? Rank, double? RankHalf, IReadOnlyList<double?> Losses);

/// <summary>A test of two entries.</summary>
/// <param name="First">Place of the first entry, from 0.</param>
/// <param name="Second">Place of the second.</param>
/// <param name="Difference">Mean difference of their scaled losses; below 0 the first is better.</param>
/// <param name="PValue">Absent where no test can be made.</param>
/// <param name="Note">Why not.</param>
public sealed record ComparedPairBody(int First, int Second, double? Difference, double? PValue, string? Note);

/// <summary>Who did the work of a run, and when.</summary>
public sealed record WorkItemList(IReadOnlyList<WorkItemBody> Items);

/// <summary>The folds between two refits of a model on some series: the smallest unit of work.</summary>
/// <param name="Model">Model string.</param>
/// <param name="Block">Its number among those of the model and the series.</param>
/// <param name="State"><c>pending</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Attempts">How often it was begun.</param>
/// <param name="Worker">Who did it, or began it last.</param>
/// <param name="Device">On what.</param>
/// <param name="StartedAt">Last start.</param>
/// <param name="FinishedAt">When its result was committed.</param>
/// <param name="FitSeconds">Seconds spent fitting.</param>
/// <param name="PredictSeconds">Seconds spent conditioning and predicting.</param>
public sealed record WorkItemBody(string Model, int Block, string State, int Attempts, string? Worker, string? Device, string? StartedAt, string? FinishedAt, double FitSeconds, double PredictSeconds);
