namespace Forecast.Hosting.Backtests;

/// <summary>Knows which runs are still wanted.</summary>
internal interface IRunWatch
{
    /// <returns>Cancelled when the run's work is no longer wanted; null when it is not wanted now.</returns>
    ValueTask<CancellationToken?> WantedAsync(string runId, CancellationToken cancellation);
}
