using System.Text.Json.Serialization;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Strategies;
using NodaTime;

namespace Forecast.Backtest.Results;

/// <summary>What a run is: everything that its numbers depend on.</summary>
public sealed record RunSpec
{
    /// <summary>How the data were named by the user, for people.</summary>
    public required string Data { get; init; }

    /// <summary>Model strings; the first is the baseline that others are compared with.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    public required WalkForwardPlan Plan { get; init; }

    /// <summary>Quantile levels, ascending.</summary>
    public required IReadOnlyList<double> Levels { get; init; }

    /// <summary>
    /// Tails at which VaR (minus the quantile) and expected shortfall are recorded and tested, ascending, each one of the levels; null = none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Risk { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>cpu, cuda:0, ...: the class of device that the run is pinned to.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How to trade on the forecasts; null = not at all.</summary>
    public StrategyOptions? Strategy { get; init; }
}

/// <summary>One series of the run's data, for people and charts.</summary>
/// <param name="Id">Series id.</param>
/// <param name="Unit">Unit, if stated.</param>
/// <param name="Frequency">Frequency code.</param>
/// <param name="Calendar">Calendar name.</param>
/// <param name="Times">Event times of all rows.</param>
/// <param name="Values">Target values of all rows, NaN = missing.</param>
/// <param name="MaseScale">Mean |y_t - y_(t-m)| over the rows up to the first cutoff.</param>
/// <param name="RmsseScale">Mean (y_t - y_(t-m))^2 over the rows up to the first cutoff.</param>
/// <param name="SeasonalPeriod">m.</param>
public sealed record SeriesInfo(string Id, string? Unit, string Frequency, string Calendar, IReadOnlyList<Instant> Times, IReadOnlyList<double> Values, double MaseScale, double RmsseScale, int SeasonalPeriod);

/// <summary>
/// The statement that nothing leaked: what the data were, what each fold could read, what the transforms were fitted on, and
/// whether pre-trained weights may know the series.
/// </summary>
public sealed record LeakageCertificate
{
    public required string DataHash { get; init; }

    /// <summary><c>clean</c>, <c>contaminated</c>, <c>unknown</c>: worst over models.</summary>
    public required string Verdict { get; init; }

    /// <summary>For each model its exposure and why.</summary>
    public required IReadOnlyDictionary<string, string> Exposure { get; init; }

    /// <summary>A line a fold and model.</summary>
    public required IReadOnlyList<CertifiedFold> Folds { get; init; }

    /// <summary>Lines that break a rule (a fit or a publication after its cutoff, a target not after it); empty when clean.</summary>
    public required IReadOnlyList<string> Violations { get; init; }
}

/// <summary>A fold of the certificate.</summary>
public sealed record CertifiedFold(string Model, FoldRecord Fold);

/// <summary>Where numbers came from and what they cost.</summary>
public sealed record Lineage
{
    public required string RunId { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>Version of the engine with its build.</summary>
    public required string Engine { get; init; }

    public required string Device { get; init; }

    public required int Threads { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The command line that makes this run again.</summary>
    public string Command { get; init; } = "";
}

/// <summary>Time spent on a model.</summary>
public sealed record ModelTiming(string Model, int Fits, int Predictions, double FitSeconds, double PredictSeconds);

/// <summary>A finished back-test, ready to be shown.</summary>
public sealed record BacktestResult
{
    public required RunSpec Spec { get; init; }

    public required IReadOnlyList<SeriesInfo> Series { get; init; }

    /// <summary>Sorted by model (in the order of the spec), series, cutoff, h.</summary>
    public required IReadOnlyList<PredictionRow> Predictions { get; init; }

    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    public required IReadOnlyList<SeriesFailure> Failures { get; init; }

    /// <summary>Forecasts with re-ordered quantiles, sorted as the predictions; null = nobody counted.</summary>
    public IReadOnlyList<QuantileRepair>? Repairs { get; init; }

    /// <summary>What to know about the forecasts that did not fail, summed over the run.</summary>
    public IReadOnlyList<ModelNote> Notes { get; init; } = [];

    public required LeakageCertificate Certificate { get; init; }

    public required Lineage Lineage { get; init; }

    public required IReadOnlyList<ModelTiming> Timings { get; init; }

    /// <summary>SHA-256 over every prediction, bit for bit: equal hashes, equal runs.</summary>
    public required string PredictionsHash { get; init; }
}
