using Forecast.Backtest.Results;

namespace Forecast.Hosting.Jobs;

/// <summary>What a back-test job has to do: everything that was checked when it was accepted.</summary>
/// <param name="DatasetId">The stored panel, so that the job works on the very data that it was checked against.</param>
/// <param name="Run">The run.</param>
/// <param name="Command">The request, for the lineage.</param>
public sealed record BacktestJob(string DatasetId, RunSpec Run, string Command)
{
    /// <summary>Kind of the job in the store.</summary>
    public const string Kind = "backtest";
}

/// <summary>What a back-test job leaves in the store.</summary>
/// <param name="RunId">Its run.</param>
/// <param name="PredictionsHash">Hash over all predictions.</param>
/// <param name="Predictions">How many rows were forecast.</param>
/// <param name="Failures">Series and cutoffs that gave no forecast.</param>
/// <param name="Verdict">Of the leakage certificate.</param>
public sealed record BacktestJobResult(string RunId, string PredictionsHash, int Predictions, int Failures, string Verdict);
