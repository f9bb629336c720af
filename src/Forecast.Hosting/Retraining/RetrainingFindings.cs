using System.Text.Json;
using System.Text.Json.Serialization;
using Forecast.Backtest.Drift;

namespace Forecast.Hosting.Retraining;

/// <summary>All that a retraining looked at, so that its decision can be understood later.</summary>
public sealed record RetrainingFindings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required string Data { get; init; }

    public required string DataHash { get; init; }

    /// <summary>Model string of the candidate.</summary>
    public required string Model { get; init; }

    /// <summary>The champion that was there, as <c>name@3</c>; null = none.</summary>
    public string? Champion { get; init; }

    /// <summary>What has changed since the champion's fit; null without a champion.</summary>
    public DriftFindings? Drift { get; init; }

    /// <summary>The back-test on the newest folds; null when no candidate was made.</summary>
    public ContestFindings? Contest { get; init; }

    /// <summary>What the rule asked, and the answers.</summary>
    public IReadOnlyList<RuleCheck> Checks { get; init; } = [];

    public string Write() => JsonSerializer.Serialize(this, Json);
}

/// <summary>Drift since a fit.</summary>
/// <param name="Since">Cutoff of the fit.</param>
/// <param name="Data">Of each series.</param>
/// <param name="Performance">Of the champion's errors on each series; empty before there are rows to judge by.</param>
/// <param name="Alarms">What was raised, as <c>series: psi</c>.</param>
/// <param name="Note">Why errors could not be watched; else null.</param>
public sealed record DriftFindings(string Since, IReadOnlyList<DataDrift> Data, IReadOnlyList<PerformanceDrift> Performance, IReadOnlyList<string> Alarms, string? Note);

/// <summary>A champion's errors in use against those of a back-test that ended where it was fitted.</summary>
/// <param name="Series">Series id.</param>
/// <param name="Backtest">Folds of the back-test.</param>
/// <param name="Rolling">Folds since.</param>
/// <param name="Cusum">The monitor; null with too little to compare.</param>
public sealed record PerformanceDrift(string Series, int Backtest, int Rolling, ErrorCusum? Cusum);

/// <summary>Candidate and champion on the newest folds.</summary>
public sealed record ContestFindings
{
    public required int Folds { get; init; }

    /// <summary>The candidate fitted at this cutoff for the contest, and read nothing after it.</summary>
    public required string FitCutoff { get; init; }

    public required string Metric { get; init; }

    public double? Candidate { get; init; }

    public double? Champion { get; init; }

    /// <summary>
    /// <c>stored</c>: the champion's own parameters; <c>refitted</c>: its model, fitted at the same cutoff as the candidate, since its own
    /// parameters have read some of the folds; <c>same</c>: refitting would make the candidate itself; <c>none</c>.
    /// </summary>
    public required string ChampionParameters { get; init; }

    /// <summary>Share of values below each quantile of the candidate, and how many there were.</summary>
    public required IReadOnlyList<LevelShare> Calibration { get; init; }

    public required IReadOnlyList<TailFindings> Risk { get; init; }

    public required string PredictionsHash { get; init; }
}

/// <summary>Share of values at or below a quantile.</summary>
public sealed record LevelShare(double Level, double Share, int Count);

/// <summary>VaR tests of the candidate.</summary>
public sealed record TailFindings(string Series, double Alpha, int Days, int Exceedances, double KupiecPValue, double ChristoffersenPValue);

/// <summary>A question of the rule.</summary>
/// <param name="Name"><c>metric</c>, <c>calibration</c>, <c>risk</c>.</param>
/// <param name="Passed">The answer.</param>
/// <param name="Text">Why, for people.</param>
public sealed record RuleCheck(string Name, bool Passed, string Text);
