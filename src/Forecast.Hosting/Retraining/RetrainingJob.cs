using Forecast.Backtest.Metrics;
using Forecast.Core;
using Forecast.Hosting.Data;
using Forecast.Hosting.Ingestion;

namespace Forecast.Hosting.Retraining;

/// <summary>What a retraining has to do: everything that was checked when it was accepted.</summary>
public sealed record RetrainingJob
{
    /// <summary>Kind of the job in the store.</summary>
    public const string Kind = "retraining";

    /// <summary>Name of the registered model.</summary>
    public required string Name { get; init; }

    /// <summary>Data, as a request names them.</summary>
    public required string Data { get; init; }

    /// <summary>How the data are read.</summary>
    public required DataOptions Options { get; init; }

    /// <summary>Where new data come from before anything else; null = they are uploaded.</summary>
    public IngestRequest? Ingest { get; init; }

    /// <summary>Model string of the candidate; null = the champion's.</summary>
    public string? Model { get; init; }

    public required int Horizon { get; init; }

    public required IReadOnlyList<double> Levels { get; init; }

    public ulong Seed { get; init; } = 1;

    public string Device { get; init; } = "cpu";

    /// <summary>Newest folds on which candidate and champion are judged.</summary>
    public int Folds { get; init; } = 20;

    /// <summary>Whether a candidate is made only when a drift monitor raises an alarm; until then the champion is set on the new data as it is.</summary>
    public bool OnDrift { get; init; }

    public PromotionRule Rule { get; init; } = new();

    /// <summary>Whether a candidate that passes waits for somebody's approval.</summary>
    public bool Approval { get; init; }

    /// <summary>The request, for the lineage.</summary>
    public required string Command { get; init; }
}

/// <summary>When a candidate becomes champion.</summary>
public sealed record PromotionRule
{
    /// <summary>Metrics that can judge: the smaller, the better.</summary>
    public static IReadOnlyList<string> Metrics { get; } =
        [MetricNames.Mae, MetricNames.Rmse, MetricNames.Mase, MetricNames.Rmsse, MetricNames.Smape, MetricNames.Wql, MetricNames.Crps, MetricNames.MeanPinball];

    public string Metric { get; init; } = MetricNames.Mase;

    /// <summary>The candidate's metric must be at most (1 - this) times the champion's.</summary>
    public double MinImprovement { get; init; }

    /// <summary>How far the share of values below a quantile may lie from its level, where chance does not explain it; null = not asked.</summary>
    public double? Miscalibration { get; init; } = 0.1;

    /// <summary>Tails at which the candidate's VaR must pass Kupiec's test and Christoffersen's.</summary>
    public IReadOnlyList<double> Risk { get; init; } = [];

    /// <summary>A test fails under this p-value.</summary>
    public double PValue { get; init; } = 0.01;

    /// <exception cref="ForecastException"><c>metric-unknown</c>, <c>rule-invalid</c>.</exception>
    public PromotionRule Validated()
    {
        if (!Metrics.Contains(Metric, StringComparer.Ordinal)) throw new ForecastException("metric-unknown", $"metric is '{Metric}'; it must be one of {string.Join(", ", Metrics)}", "metric");
        if (!(MinImprovement is > -1 and < 1)) throw Invalid("minImprovement", "lies between -1 and 1");
        if (Miscalibration is { } off && !(off is > 0 and < 1)) throw Invalid("miscalibration", "lies between 0 and 1");
        if (!(PValue is > 0 and < 0.5)) throw Invalid("pValue", "lies between 0 and 0.5");
        return Risk.All(a => a is > 0 and <= 0.5) ? this : throw Invalid("risk", "has tails above 0 and at most 0.5");

        static ForecastException Invalid(string field, string what) => new("rule-invalid", $"{field} {what}", field);
    }
}
