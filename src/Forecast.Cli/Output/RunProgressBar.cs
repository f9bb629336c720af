using Forecast.Hosting.Backtests;
using Spectre.Console;

namespace Forecast.Cli.Output;

/// <summary>Shows a run's way on standard error: a bar on a terminal, a line each tenth elsewhere.</summary>
internal static class RunProgressBar
{
    public static async Task<T> WatchAsync<T>(string runId, Func<IProgress<RunProgress>, Task<T>> run)
    {
        await Console.Error.WriteLineAsync($"run {runId}");
        if (!Terminal.Watched) return await run(new Lines());
        T? result = default;
        await Terminal.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("planning");
                result = await run(new Bar(bar));
                bar.Value = bar.MaxValue;
            });
        return result!;
    }

    private sealed class Bar(ProgressTask task) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            task.MaxValue = value.Folds;
            task.Value = value.FoldsDone;
            task.Description = Markup.Escape($"{value.FoldsDone:N0} of {value.Folds:N0} folds, {value.Workers} workers");
        }
    }

    private sealed class Lines : IProgress<RunProgress>
    {
        private int _tenth = -1;

        public void Report(RunProgress value)
        {
            var tenth = value.Folds == 0 ? 10 : (int)(10L * value.FoldsDone / value.Folds);
            if (Interlocked.Exchange(ref _tenth, tenth) == tenth) return;
            Console.Error.WriteLine($"{value.FoldsDone} of {value.Folds} folds");
        }
    }
}
