using Forecast.Backtest.Report;
using Forecast.Backtest.Results;

namespace Forecast.Hosting.Backtests;

/// <summary>What pages show of a finished run.</summary>
/// <param name="Parts">The report, part by part.</param>
/// <param name="Heat">Losses by series and step.</param>
public sealed record RunView(IReadOnlyList<ReportPart> Parts, HorizonHeat Heat);

/// <summary>
/// Works out what pages show of a finished run, and keeps the last few: a finished run never changes. Whoever asks has been seen to be
/// allowed to. Safe to share between threads.
/// </summary>
/// <param name="backtests">Puts results together from the store.</param>
public sealed class RunViews(BacktestService backtests)
{
    private const int Kept = 4;

    private readonly Lock _gate = new();
    private readonly List<(string Run, Task<RunView> View)> _recent = [];

    /// <param name="runId">A finished run.</param>
    /// <exception cref="Core.ForecastException">No such run.</exception>
    public Task<RunView> GetAsync(string runId)
    {
        lock (_gate)
        {
            _recent.RemoveAll(r => r.View.IsFaulted || r.View.IsCanceled);
            var known = _recent.FindIndex(r => r.Run.Equals(runId, StringComparison.Ordinal));
            var entry = known < 0 ? (runId, MakeAsync(runId)) : _recent[known];
            if (known >= 0) _recent.RemoveAt(known);
            _recent.Add(entry);
            if (_recent.Count > Kept) _recent.RemoveAt(0);
            return entry.Item2;
        }
    }

    private async Task<RunView> MakeAsync(string runId)
    {
        await Task.Yield();
        // One reader leaves, others may wait for the same: nobody's leaving ends it.
        var result = await backtests.RunAsync(runId, new Progress<RunProgress>(), CancellationToken.None);
        return new RunView([.. ReportWriter.Parts(new RunFindings(result))], HorizonHeat.Of(result));
    }
}
