using Forecast.Backtest.Results;
using Forecast.Hosting.Data;

namespace Forecast.Hosting.Jobs;

/// <summary>A back-test that a schedule asks for: its data are read anew each time, so that every firing fits and judges on what is known by then.</summary>
/// <param name="Data">Dataset by name, as a request names it.</param>
/// <param name="Options">How it is read.</param>
/// <param name="Run">The run.</param>
/// <param name="Command">The request, for the lineage.</param>
public sealed record ScheduledBacktest(string Data, DataOptions Options, RunSpec Run, string Command)
{
    /// <summary>Kind of the job in the store.</summary>
    public const string Kind = "scheduled-backtest";
}
