using System.Runtime.ExceptionServices;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Engine;

/// <summary>
/// Works on a panel in shards, several at once: each series by itself for a local model, all together for a global one. A local
/// model's series know nothing of each other and draw from seeds of their own, so that neither the degree nor the order in which
/// shards are finished can move a number.
/// </summary>
public static class PanelBatch
{
    /// <summary>Works on every shard; a series that fails has its error, and the others go on.</summary>
    /// <typeparam name="T">What is kept of a series; the fit itself is not, so that memory grows with the answers only.</typeparam>
    /// <param name="panel">The series.</param>
    /// <param name="forecaster">The model; its scope makes the shards.</param>
    /// <param name="options">Degree, progress, cancellation.</param>
    /// <param name="work">
    /// Works on one shard and gives, for each of its series, a value or an error. Called on several threads at once. A
    /// <see cref="ForecastException"/> becomes the error of every series of the shard; anything else is a defect.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is kept.</exception>
    public static BatchOutcome<T> Run<T>(Panel panel, IForecaster forecaster, BatchOptions options, Func<Panel, IEnumerable<SeriesOutcome<T>>> work)
    {
        ArgumentNullException.ThrowIfNull(panel);
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(work);
        var shards = forecaster.Scope == FitScope.Local ? panel.Series.Count : 1;
        var outcomes = new SeriesOutcome<T>[shards][];
        new Crew(shards, options, i =>
        {
            var shard = forecaster.Scope == FitScope.Local ? new Panel([panel.Series[i]]) : panel;
            outcomes[i] = Work(shard, work);
            return shard.Series.Count;
        }).Run();
        return new BatchOutcome<T>([.. outcomes.SelectMany(o => o)]);
    }

    private static SeriesOutcome<T>[] Work<T>(Panel shard, Func<Panel, IEnumerable<SeriesOutcome<T>>> work)
    {
        try
        {
            return [.. work(shard)];
        }
        catch (ForecastException e)
        {
            return [.. shard.Series.Select(s => SeriesOutcome<T>.Failed(s.Id, e))];
        }
    }

    /// <summary>Hands out shard numbers until none is left, one thread a member.</summary>
    /// <param name="shards">How many there are.</param>
    /// <param name="options">Degree, progress, cancellation.</param>
    /// <param name="work">Does one, and says how many series that were.</param>
    private sealed class Crew(int shards, BatchOptions options, Func<int, int> work)
    {
        private readonly Lock _gate = new();
        private int _next = -1;
        private int _done;
        private int _defectShard = int.MaxValue;
        private volatile ExceptionDispatchInfo? _defect;

        public void Run()
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var members = Math.Min(options.Degree, shards);
            if (members == 1) Member();
            else Parallel.For(0, members, new ParallelOptions { MaxDegreeOfParallelism = members }, _ => Member());

            // Of several defects the first in the panel's order is shown, whoever was quicker.
            _defect?.Throw();
            options.Cancellation.ThrowIfCancellationRequested();
        }

        private void Member()
        {
            while (_defect is null && !options.Cancellation.IsCancellationRequested)
            {
                var shard = Interlocked.Increment(ref _next);
                if (shard >= shards) return;
                try
                {
                    Report(work(shard));
                }
                catch (OperationCanceledException) when (options.Cancellation.IsCancellationRequested)
                {
                    // Thrown once for all members, at the end of the run.
                    return;
                }
                catch (Exception e)
                {
                    lock (_gate)
                    {
                        if (shard < _defectShard) (_defectShard, _defect) = (shard, ExceptionDispatchInfo.Capture(e));
                    }
                }
            }
        }

        private void Report(int series)
        {
            lock (_gate) options.SeriesDone?.Report(_done += series);
        }
    }
}

/// <summary>How a batch is carried out: nothing here changes a number.</summary>
public sealed record BatchOptions
{
    private readonly int _degree = Environment.ProcessorCount;

    /// <summary>Series worked on at once, at least 1; default the processors.</summary>
    /// <exception cref="ForecastException">Below 1.</exception>
    public int Degree
    {
        get => _degree;
        init => _degree = value >= 1 ? value : throw new ForecastException("workers-invalid", $"workers is {value}; it must be at least 1", "workers");
    }

    /// <summary>Told after each shard how many series are done; never by two threads at once.</summary>
    public IProgress<int>? SeriesDone { get; init; }

    /// <summary>Asked before each shard; <see cref="PanelBatch"/> hands it to nobody, so the work must ask within a shard.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>What became of one series: a value, or the error that it has instead.</summary>
/// <param name="Series">Series id.</param>
/// <param name="Value">What is kept of it; default when it failed.</param>
/// <param name="Failure">Why there is none; null when it worked.</param>
public sealed record SeriesOutcome<T>(string Series, T? Value, ForecastException? Failure)
{
    public static SeriesOutcome<T> Of(string series, T value) => new(series, value, null);

    public static SeriesOutcome<T> Failed(string series, ForecastException failure) => new(series, default, failure);
}

/// <summary>The outcomes of a batch, in the panel's order.</summary>
/// <param name="Series">One a series.</param>
public sealed record BatchOutcome<T>(IReadOnlyList<SeriesOutcome<T>> Series)
{
    /// <summary>What worked.</summary>
    public IEnumerable<(string Series, T Value)> Values => Series.Where(s => s.Failure is null).Select(s => (s.Series, s.Value!));

    /// <summary>What did not.</summary>
    public IEnumerable<(string Series, ForecastException Failure)> Failures => Series.Where(s => s.Failure is not null).Select(s => (s.Series, s.Failure!));

    /// <exception cref="ForecastException">No series worked: the error of the first.</exception>
    public BatchOutcome<T> Require()
    {
        if (!Series.Any(s => s.Failure is null) && Series.Count > 0) ExceptionDispatchInfo.Throw(Series[0].Failure!);
        return this;
    }
}
